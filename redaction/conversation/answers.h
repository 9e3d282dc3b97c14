// Answers: the personal values of a turn that follows a question.
#ifndef FLYWHEEL_REDACTION_CONVERSATION_ANSWERS_H_
#define FLYWHEEL_REDACTION_CONVERSATION_ANSWERS_H_

#include <string_view>
#include <vector>

#include "redaction/conversation/personal_span.h"
#include "redaction/conversation/questions.h"

namespace flywheel::redaction {

// Appends what of `text`, a turn of the user, answers a question for `kinds`: "3 April 1987",
// "sure, Zebulon Pike.", "Ann Lee, 92125". The whole of a turn of at most 200 bytes, and else its
// first sentence. Nothing where it does not answer ("why do you need that?", "the second option"),
// and nothing that was replaced before. An order's number stays.
void FindAnswers(std::string_view text, const std::vector<AskedFor>& kinds,
                 std::vector<PersonalSpan>& spans);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_CONVERSATION_ANSWERS_H_
