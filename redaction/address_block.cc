#include "redaction/address_block.h"

#include <re2/re2.h>

#include <algorithm>
#include <string>

#include "redaction/address_patterns.h"

namespace flywheel::redaction {
namespace {

constexpr size_t kReach = 96;  // The longest part that is added at once.
constexpr int kMaxParts = 8;

bool IsWordByte(char c) {
  return static_cast<unsigned char>((c | 0x20) - 'a') < 26 || (c >= '0' && c <= '9') ||
         (c & 0x80) != 0;
}

// Commas, blanks and one or two ends of lines.
constexpr char kGap[] =
    R"((?:[ \t]*,?[ \t]*(?:\r?\n|\\n){1,2}[ \t]*|[ \t]*[,;|/][ \t]*|[ \t]{1,3}|[ \t]+[-–][ \t]+))";
// The same, but no blank alone: what is only a word or a number has to be set apart.
constexpr char kBreak[] = R"((?:[ \t]*,?[ \t]*(?:\r?\n|\\n){1,2}[ \t]*|[ \t]*[,|][ \t]*))";

const RE2& Behind() {
  static const RE2& pattern =
      *new RE2(std::string("((?:") + kGap + "(?:" + kUnit + "|" + kRegionAndPostcode + ")|" +
               kBreak + "(?:" + kPostcodeAndTown + "|" + kTownAndPostcode + "|" + kRegion + "|" +
               kCountry + "|" + kBox + R"())(?:[^\pL\pN_]|$))");
  return pattern;
}

// A town by itself goes only where a region, a postcode or a country follows, or it has a line of
// its own.
const RE2& TownBehind() {
  static const RE2& pattern =
      *new RE2(std::string("(") + kBreak + kTown + ")(?:" + kBreak + "(?:" + kCountry + "|" +
               kRegion + "|" + kAnyPostcode + R"()(?:[^\pL\pN]|$)))");
  return pattern;
}

// A bare postcode behind a town or street.
const RE2& PostcodeBehind() {
  static const RE2& pattern =
      *new RE2(std::string("(") + kGap + kAnyPostcode + R"()(?:[^\pL\pN_-]|$))");
  return pattern;
}

const RE2& Before() {
  static const RE2& pattern = *new RE2(
      std::string(R"((?:^|[^\pL\pN_.#/-]))") + "((?:" + kUnit + kGap + "|" + kBox + kBreak + "|" +
      kCareOf + kBreak + "|" + kHouse + R"([ ]|)" + kWeakStreet + kBreak + "|" + kWeakStreet +
      kBreak + kUnit + kBreak + "|" + kWeakStreet + "[ ]" + kUnit + kBreak + R"())\z)");
  return pattern;
}

size_t Add(const RE2& pattern, std::string_view text, size_t end) {
  const size_t last = std::min(text.size(), end + kReach);
  re2::StringPiece groups[2];
  const re2::StringPiece window(text.data(), last);
  if (!pattern.Match(window, end, last, RE2::ANCHOR_START, groups, 2)) return 0;
  return groups[1].size();
}

}  // namespace

TextSpan AddressBlock(std::string_view text, TextSpan known, size_t first) {
  TextSpan block = known;
  for (int i = 0; i < kMaxParts; ++i) {
    size_t more = Add(Behind(), text, block.end);
    if (more == 0) more = Add(TownBehind(), text, block.end);
    if (more == 0 && block.end > 0 && IsWordByte(text[block.end - 1])) {
      more = Add(PostcodeBehind(), text, block.end);
    }
    if (more == 0) break;
    block.end += more;
  }
  for (int i = 0; i < kMaxParts && block.begin > first; ++i) {
    const size_t from = std::max(first, block.begin - std::min(block.begin, kReach));
    // A window that begins inside of a character or word would begin a part there.
    const re2::StringPiece window(text.data() + from, block.begin - from);
    re2::StringPiece groups[2];
    if (!Before().Match(window, 0, window.size(), RE2::UNANCHORED, groups, 2)) break;
    const size_t begin = from + static_cast<size_t>(groups[1].data() - window.data());
    if (begin == from && from > 0 && IsWordByte(text[from - 1])) break;
    block.begin = begin;
  }
  return block;
}

}  // namespace flywheel::redaction
