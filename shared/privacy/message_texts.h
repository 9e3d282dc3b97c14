// Message texts: the texts of a conversation's messages, and who says them, as redaction sees them.
#ifndef FLYWHEEL_SHARED_PRIVACY_MESSAGE_TEXTS_H_
#define FLYWHEEL_SHARED_PRIVACY_MESSAGE_TEXTS_H_

#include <google/protobuf/repeated_field.h>

#include <string>

#include "absl/functional/function_ref.h"
#include "flywheel/common/v1/message.pb.h"
#include "redaction/conversation/speaker.h"

namespace flywheel {

redaction::Speaker SpeakerOf(common::v1::Role role);

// What a text of a message is.
enum class TextForm { kPlain, kJson };

// Calls `visit` with every text of the messages, in their order, in which placeholders are
// numbered. Roles, ids, and names of tools are no texts.
void VisitTexts(
    google::protobuf::RepeatedPtrField<common::v1::Message>& messages,
    absl::FunctionRef<void(std::string* text, redaction::Speaker speaker, TextForm form)> visit);

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_PRIVACY_MESSAGE_TEXTS_H_
