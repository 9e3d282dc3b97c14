// Words around an answer: what leads to it, and what is said instead of it.
#ifndef FLYWHEEL_REDACTION_CONVERSATION_ANSWER_WORDS_H_
#define FLYWHEEL_REDACTION_CONVERSATION_ANSWER_WORDS_H_

#include <cstddef>
#include <string_view>

namespace flywheel::redaction {

// The size of the words at `place` that lead to a value and are none of it: "sure", "my name is",
// "c'est"; 0 for none. `folded` is in lower case.
size_t LeadAt(std::string_view folded, size_t place);

// Where a turn, in lower case, may begin to answer: 0, or behind the "but" of "I don't have one,
// but"; npos where it refuses.
size_t AnswerBegin(std::string_view folded);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_CONVERSATION_ANSWER_WORDS_H_
