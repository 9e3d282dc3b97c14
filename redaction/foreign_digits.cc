#include "redaction/foreign_digits.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace flywheel::redaction {
namespace {

struct Ascii {
  char c = 0;
  size_t bytes = 0;  // Of the original; 0 where it is none of these.
};

// The ASCII of the character of UTF-8 at `place`, where it is a digit, or of full width.
Ascii AsciiAt(std::string_view text, size_t place) {
  const auto byte = [&](size_t i) -> unsigned {
    return place + i < text.size() ? static_cast<unsigned char>(text[place + i]) : 0;
  };
  const auto digit = [](unsigned value, size_t bytes) -> Ascii {
    return value < 10 ? Ascii{static_cast<char>('0' + value), bytes} : Ascii{};
  };
  switch (byte(0)) {
    case 0xD9:  // U+0660, Arabic-Indic.
      return digit(byte(1) - 0xA0, 2);
    case 0xDB:  // U+06F0, Persian and Urdu.
      return digit(byte(1) - 0xB0, 2);
    case 0xE0:  // U+0966, Devanagari; U+09E6, Bengali.
      if (byte(1) == 0xA5 || byte(1) == 0xA7) return digit(byte(2) - 0xA6, 3);
      return {};
    case 0xEF: {  // U+FF01 to U+FF5E: ASCII from '!' to '~', of full width.
      const unsigned offset = byte(1) == 0xBC   ? byte(2) - 0x81
                              : byte(1) == 0xBD ? byte(2) - 0x80 + 0x3F
                                                : 0xFF;
      const bool known = byte(2) >= 0x80 && byte(2) < 0xC0 && offset < 0x5E;
      return known ? Ascii{static_cast<char>('!' + offset), 3} : Ascii{};
    }
    default:
      return {};
  }
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool HasForeignDigits(std::string_view text) {
  constexpr uint64_t kHighBits = 0x8080808080808080u;
  size_t place = 0;
  while (place < text.size()) {
    // Eight bytes of ASCII at a time.
    uint64_t bytes = 0;
    while (place + 8 <= text.size()) {
      std::memcpy(&bytes, text.data() + place, 8);
      if ((bytes & kHighBits) != 0) break;
      place += 8;
    }
    const size_t end = std::min(text.size(), place + 8);
    for (; place < end; ++place) {
      if (static_cast<unsigned char>(text[place]) < 0xD9) continue;
      const Ascii ascii = AsciiAt(text, place);
      if (ascii.bytes > 0 && (IsDigit(ascii.c) || ascii.c == '@')) return true;
    }
  }
  return false;
}

AsciiDigits::AsciiDigits(std::string_view original) {
  text_.reserve(original.size());
  for (size_t place = 0; place < original.size();) {
    const Ascii ascii = AsciiAt(original, place);
    if (ascii.bytes == 0) {
      text_ += original[place++];
      continue;
    }
    text_ += ascii.c;
    place += ascii.bytes;
    ends_.emplace_back(text_.size(), place);
  }
}

size_t AsciiDigits::PlaceInOriginal(size_t place) const {
  // Behind the last replacement that ends at or before it, both go on in step.
  const auto after = std::upper_bound(
      ends_.begin(), ends_.end(), place,
      [](size_t wanted, const std::pair<size_t, size_t>& end) { return wanted < end.first; });
  if (after == ends_.begin()) return place;
  const auto& [end, end_in_original] = *std::prev(after);
  return end_in_original + (place - end);
}

}  // namespace flywheel::redaction
