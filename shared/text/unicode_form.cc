#include "shared/text/unicode_form.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "shared/text/characters.h"

namespace flywheel {
namespace {

// No character becomes more: the longest has 18.
constexpr size_t kMostOfCharacter = 64;
// Of a code point; the class of a mark stands above them while marks are put in order.
constexpr int kCodeBits = 21;
constexpr int32_t kCodeMask = (1 << kCodeBits) - 1;

// 0 for what is no mark, or does not move.
int32_t ClassOf(int32_t code) {
  return code < 0x300 ? 0 : utf8proc_get_property(code)->combining_class;
}

// Canonical order: each run of marks by class, and those of a class as they came.
void OrderMarks(std::vector<utf8proc_int32_t>& codes) {
  const auto by_class = [](int32_t a, int32_t b) { return a >> kCodeBits < b >> kCodeBits; };
  for (auto begin = codes.begin(); begin != codes.end(); ++begin) {
    auto end = begin;
    for (; end != codes.end(); ++end) {
      const int32_t mark_class = ClassOf(*end);
      if (mark_class == 0) break;
      *end |= mark_class << kCodeBits;
    }
    if (end == begin) continue;
    // Nearly always it is, and sorting takes memory.
    if (!std::is_sorted(begin, end, by_class)) std::stable_sort(begin, end, by_class);
    for (auto mark = begin; mark != end; ++mark) *mark &= kCodeMask;
    begin = end - 1;
  }
}

}  // namespace

std::optional<std::string> UnicodeForm(std::string_view text, int options) {
  const auto wanted = static_cast<utf8proc_option_t>(options);
  std::vector<utf8proc_int32_t> codes(text.size() + kMostOfCharacter);
  size_t used = 0;
  int boundary = 0;
  for (size_t i = 0; i < text.size();) {
    const Character character = CharacterAt(text, i);
    if (character.code < 0) return std::nullopt;
    i += character.size_bytes;
    if (codes.size() - used < kMostOfCharacter) codes.resize(2 * codes.size());
    const utf8proc_ssize_t size =
        utf8proc_decompose_char(character.code, codes.data() + used,
                                static_cast<utf8proc_ssize_t>(kMostOfCharacter), wanted, &boundary);
    if (size < 0 || size > static_cast<utf8proc_ssize_t>(kMostOfCharacter)) return std::nullopt;
    used += static_cast<size_t>(size);
  }
  codes.resize(used);
  OrderMarks(codes);
  // In place, with a NUL behind it.
  codes.resize(used + 1);
  const utf8proc_ssize_t bytes =
      utf8proc_reencode(codes.data(), static_cast<utf8proc_ssize_t>(used), wanted);
  if (bytes < 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(codes.data()), static_cast<size_t>(bytes));
}

}  // namespace flywheel
