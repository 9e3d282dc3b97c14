// The characters of a UTF-8 text, one by one. What is no UTF-8 counts as one character a byte.
#ifndef FLYWHEEL_SHARED_TEXT_CHARACTERS_H_
#define FLYWHEEL_SHARED_TEXT_CHARACTERS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flywheel {

struct Character {
  // The code point; -1 for a byte that is no UTF-8.
  int32_t code = -1;
  size_t size_bytes = 1;
};

// The character that begins at `text[place]`, which exists.
Character CharacterAt(std::string_view text, size_t place);

// Whether any character is a letter or a number, of any script.
bool HasLetterOrDigit(std::string_view text);

// Whether `text` has more than `limit` characters.
bool IsLongerThan(std::string_view text, size_t limit);

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_TEXT_CHARACTERS_H_
