// Who says a text of a conversation.
#ifndef FLYWHEEL_REDACTION_CONVERSATION_SPEAKER_H_
#define FLYWHEEL_REDACTION_CONVERSATION_SPEAKER_H_

namespace flywheel::redaction {

// The agent asks, and the user answers.
enum class Speaker { kAgent, kUser, kOther };

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_CONVERSATION_SPEAKER_H_
