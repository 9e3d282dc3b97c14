// Words of a conversation: case folding, and the lists that tell names from other words.
#ifndef FLYWHEEL_REDACTION_CONVERSATION_WORDS_H_
#define FLYWHEEL_REDACTION_CONVERSATION_WORDS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace flywheel::redaction {

// A letter or digit of ASCII, '_', or a byte of any other letter.
bool IsWordByte(char c);
bool IsAsciiDigit(char c);

// `c` in lower case: letters of ASCII, and where `before` is 0xC3 those of Latin-1 ("É").
char FoldByte(char before, char c);
std::string Folded(std::string_view text);

// Does `word` begin with a capital?
bool IsCapitalised(std::string_view word);

// Is `word`, folded, a word of a sentence in one of the languages that are asked in, so that it is
// no name by itself: "why", "nein", "opción"?
bool IsSentenceWord(std::string_view word);
// Is it, folded, a name that is a common word, too: "will", "rose", "brown"?
bool IsWordAndName(std::string_view word);
// Is it, folded, a placeholder that a program writes for nothing: "null", "n/a", "string"?
bool SaysNothing(std::string_view text);

// Could `value` be the name of somebody: one to `max_words` words of letters, none a sentence's?
bool LooksLikeName(std::string_view value, size_t max_words);

// The words of a list of this house, which has `by` between.
std::vector<std::string_view> SplitList(std::string_view list, char by);

size_t CountDigits(std::string_view text);
size_t CountLetters(std::string_view text);
std::string_view Trimmed(std::string_view text);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_CONVERSATION_WORDS_H_
