// Labelled turns: a dialogue that stands in one text, "Agent: ..." and "User: ..." line by line.
#ifndef FLYWHEEL_REDACTION_CONVERSATION_LABELLED_TURNS_H_
#define FLYWHEEL_REDACTION_CONVERSATION_LABELLED_TURNS_H_

#include <string_view>
#include <vector>

#include "redaction/conversation/personal_span.h"

namespace flywheel::redaction {

// Appends what the users of a dialogue in `text` answer to its agents. Nothing where the text has
// no lines of both.
void FindAnswersInDialogue(std::string_view text, std::vector<PersonalSpan>& spans);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_CONVERSATION_LABELLED_TURNS_H_
