#include "shared/text/characters.h"

#include <utf8proc.h>

#include <algorithm>

namespace flywheel {
namespace {

bool IsLetterOrDigit(int32_t code) {
  if (code < 0x80) {
    const int32_t letter = code | 0x20;
    return (letter >= 'a' && letter <= 'z') || (code >= '0' && code <= '9');
  }
  const utf8proc_category_t category = utf8proc_category(code);
  return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
         (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

}  // namespace

Character CharacterAt(std::string_view text, size_t place) {
  const auto first = static_cast<unsigned char>(text[place]);
  if (first < 0x80) return {first, 1};
  Character character;
  // At most four bytes belong to it, and a length of more than an int would not be taken.
  const auto size = static_cast<utf8proc_ssize_t>(std::min<size_t>(text.size() - place, 4));
  const utf8proc_ssize_t read = utf8proc_iterate(
      reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + place, size, &character.code);
  if (read < 1) return {};
  character.size_bytes = static_cast<size_t>(read);
  return character;
}

bool HasLetterOrDigit(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const Character character = CharacterAt(text, i);
    if (character.code >= 0 && IsLetterOrDigit(character.code)) return true;
    i += character.size_bytes;
  }
  return false;
}

bool IsLongerThan(std::string_view text, size_t limit) {
  if (text.size() <= limit) return false;
  size_t characters = 0;
  for (size_t i = 0; i < text.size() && characters <= limit; ++characters) {
    i += CharacterAt(text, i).size_bytes;
  }
  return characters > limit;
}

}  // namespace flywheel
