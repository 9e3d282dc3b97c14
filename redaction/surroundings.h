// Context of a match: the words, JSON keys and numbers around it that decide whether it counts.
#ifndef FLYWHEEL_REDACTION_SURROUNDINGS_H_
#define FLYWHEEL_REDACTION_SURROUNDINGS_H_

#include <cstddef>
#include <string_view>

#include "redaction/context_words.h"

namespace flywheel::redaction {

inline constexpr size_t kContextBefore = 64;
inline constexpr size_t kContextAfter = 24;

// The size of the placeholder that begins at `place`, such as 9 of "[EMAIL_1]"; 0 for none.
size_t PlaceholderAt(std::string_view text, size_t place);

// Does a placeholder stand in, around or across [begin, end)?
bool TouchesPlaceholder(std::string_view text, size_t begin, size_t end);

// Is [begin, end) a whole token: no letter or digit of ASCII at either side, and no further part
// of a number ("1.2.3.4.5") behind it?
bool IsWholeToken(std::string_view text, size_t begin, size_t end);

// Is one of `words` (in any case) in the kContextBefore bytes before [begin, end) or in the
// kContextAfter after it, as a word and not inside a placeholder?
bool HasContext(std::string_view text, size_t begin, size_t end, const ContextWords& words);

// The JSON key (or one of Python's, in single quotes) whose value is [begin, end), alone or in a
// list of numbers: `phone` of {"phone": ["555 0132"]}. Empty for none in the kContextBefore bytes
// before it, where a text goes on behind it, and for a key that does not say what its value is,
// such as "value" or "number".
std::string_view TellingKey(std::string_view text, size_t begin, size_t end);

// Does `key` end with one of `words`, but for "number", "id" and the like and digits behind it?
// "customerPhone2" and "phone_number" end with "phone"; "Phone Case" does not.
bool EndsWithWord(std::string_view key, const ContextWords& words);

// Does [begin, end) stand in a row of numbers? One space before it, or behind it, is one with as
// many digits as its own first, or last, group.
bool StandsInRow(std::string_view text, size_t begin, size_t end);

// Its first half: is the group of digits at `begin` as long as the one before it, one space away?
bool ContinuesRow(std::string_view text, size_t begin);

// Does one of `words` stand directly before `begin`? "number", "no.", "id", "#", ":" and "is"
// between the two do not separate them.
bool StandsAfter(std::string_view text, size_t begin, const ContextWords& words);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_SURROUNDINGS_H_
