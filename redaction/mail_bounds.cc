#include "redaction/mail_bounds.h"

#include <algorithm>

namespace flywheel::redaction {
namespace {

constexpr size_t kMaxLocalPart = 64;   // RFC 5321
constexpr size_t kMaxHostBytes = 256;  // RFC 1035

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlnum(char c) { return IsDigit(c) || static_cast<unsigned char>((c | 0x20) - 'a') < 26; }

// What RFC 5321 lets stand before the '@' without quotes, and any letter of UTF-8.
bool IsLocalPart(char c) {
  constexpr std::string_view kMarks = "!#$%&*+-/?^_`{|}~.";
  return IsAlnum(c) || (c & 0x80) != 0 || kMarks.find(c) != std::string_view::npos;
}

}  // namespace

// Can what begins at `place` be the host of an address: labels, and a last one of two letters?
bool BeginsHost(std::string_view text, size_t place) {
  const size_t end = std::min(text.size(), place + kMaxHostBytes);
  size_t dot = std::string_view::npos;
  for (; place < end; ++place) {
    const char c = text[place];
    if (c == '.') {
      dot = place;
    } else if (!IsAlnum(c) && c != '-' && (c & 0x80) == 0) {
      return false;
    } else if (dot != std::string_view::npos && place == dot + 2 && !IsDigit(c) &&
               !IsDigit(text[place - 1])) {
      return true;
    }
  }
  return false;
}

// Where the local part before an '@' begins. It goes back over any letters of UTF-8 where no ASCII
// is in it; else what is written without spaces around it (Chinese) is no part of it.
size_t LocalPartBegin(std::string_view text, size_t at) {
  const size_t first = at - std::min(at, kMaxLocalPart);
  size_t begin = at;
  while (begin > first && IsLocalPart(text[begin - 1]) && (text[begin - 1] & 0x80) == 0) --begin;
  const bool ascii = begin < at;
  while (begin > first && IsLocalPart(text[begin - 1])) {
    if ((text[begin - 1] & 0x80) == 0) {
      --begin;
      continue;
    }
    size_t lead = begin - 1;
    while (lead > first && (text[lead] & 0xC0) == 0x80) --lead;
    const auto byte = static_cast<unsigned char>(text[lead]);
    // Two bytes, and not those of U+0080 to U+00BF, are letters with accents, Greek, Cyrillic.
    // Among those of three bytes, E2 leads signs and EF forms of full width; E3 80 is punctuation.
    const bool sign =
        byte == 0xC2 || byte == 0xE2 || byte == 0xEF || (byte == 0xE3 && text[lead + 1] == '\x80');
    if (sign || (ascii && byte >= 0xE0)) break;
    begin = lead;
  }
  return begin;
}

// Is what stands before an '@', from `begin` on, the password of a URL ("//user:password@host")?
bool IsUserInfo(std::string_view text, size_t begin) {
  if (begin == 0 || text[begin - 1] != ':') return false;
  const size_t first = begin - std::min(begin, kMaxLocalPart);
  const std::string_view before = text.substr(first, begin - first);
  const size_t slashes = before.rfind("//");
  return slashes != std::string_view::npos &&
         before.find_first_of(" \t\n", slashes) == std::string_view::npos;
}

}  // namespace flywheel::redaction
