#include "shared/privacy/message_texts.h"

namespace flywheel {
namespace {

using common::v1::Part;
using redaction::Speaker;
using Visit = absl::FunctionRef<void(std::string*, Speaker, TextForm)>;

void VisitPart(Part& part, Speaker speaker, Visit visit) {
  switch (part.kind_case()) {
    case Part::kText:
      return visit(part.mutable_text(), speaker, TextForm::kPlain);
    case Part::kReasoning:
      return visit(part.mutable_reasoning(), Speaker::kOther, TextForm::kPlain);
    case Part::kToolCall:
      return visit(part.mutable_tool_call()->mutable_arguments_json(), Speaker::kOther,
                   TextForm::kJson);
    case Part::kToolResult:
      return visit(part.mutable_tool_result()->mutable_content(), Speaker::kOther, TextForm::kJson);
    case Part::kMedia:
      visit(part.mutable_media()->mutable_uri(), Speaker::kOther, TextForm::kPlain);
      return visit(part.mutable_media()->mutable_description(), Speaker::kOther, TextForm::kPlain);
    case Part::KIND_NOT_SET:
      return;
  }
}

}  // namespace

Speaker SpeakerOf(common::v1::Role role) {
  switch (role) {
    case common::v1::ROLE_USER:
      return Speaker::kUser;
    case common::v1::ROLE_ASSISTANT:
      return Speaker::kAgent;
    default:
      return Speaker::kOther;
  }
}

void VisitTexts(google::protobuf::RepeatedPtrField<common::v1::Message>& messages, Visit visit) {
  for (common::v1::Message& message : messages) {
    visit(message.mutable_name(), Speaker::kOther, TextForm::kPlain);
    const Speaker speaker = SpeakerOf(message.role());
    for (Part& part : *message.mutable_parts()) VisitPart(part, speaker, visit);
  }
}

}  // namespace flywheel
