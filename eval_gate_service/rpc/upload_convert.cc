#include "eval_gate_service/rpc/upload_convert.h"

#include <string>
#include <utility>

#include "eval_gate_service/rpc/evaluator_convert.h"
#include "flywheel/evalgate/v1/verdict.pb.h"

namespace flywheel::evalgate {
namespace {

using common::v1::Message;
using Prompt = google::protobuf::RepeatedPtrField<Message>;

// The texts of a message, a line break between.
std::string TextsOf(const Message& message) {
  std::string texts;
  for (const common::v1::Part& part : message.parts()) {
    if (part.text().empty()) continue;
    if (!texts.empty()) texts += '\n';
    texts += part.text();
  }
  return texts;
}

// What the user said last, as ingest has it of a turn: all texts of theirs after what the agent
// said before. Where no user speaks, the last text of whoever does.
std::string InputOf(const Prompt& prompt) {
  std::string input;
  std::string last;
  bool answered = false;
  for (const Message& message : prompt) {
    const std::string texts = TextsOf(message);
    if (!texts.empty()) last = texts;
    if (message.role() == common::v1::ROLE_ASSISTANT) answered = true;
    if (message.role() != common::v1::ROLE_USER || texts.empty()) continue;
    // A new turn of theirs.
    if (std::exchange(answered, false)) input.clear();
    if (!input.empty()) input += '\n';
    input += texts;
  }
  return input.empty() ? last : input;
}

// Whether the input says all that the prompt does.
bool IsShortForm(const Prompt& prompt) {
  if (prompt.size() != 1) return prompt.empty();
  const Message& asked = prompt[0];
  return asked.role() == common::v1::ROLE_USER && asked.name().empty() &&
         asked.message_id().empty() && asked.parts_size() == 1 && asked.parts(0).has_text() &&
         !asked.parts(0).incomplete();
}

}  // namespace

SuiteUpload FromProto(const v1::SuiteHeader& header) {
  SuiteUpload upload;
  upload.suite_id = header.suite_id();
  upload.agent = header.agent();
  upload.suite_name = header.suite_name().empty() ? header.suite_id() : header.suite_name();
  upload.evaluators = FromProto(header.evaluators());
  upload.labels.insert(header.labels().begin(), header.labels().end());
  return upload;
}

SuiteCase TakeCase(v1::UploadedCase& proto) {
  SuiteCase one;
  one.case_id = std::move(*proto.mutable_case_id());
  one.input = proto.prompt().empty() ? std::move(*proto.mutable_input()) : InputOf(proto.prompt());
  v1::SuiteCase question;
  if (!IsShortForm(proto.prompt())) question.mutable_prompt()->Swap(proto.mutable_prompt());
  question.mutable_tools()->Swap(proto.mutable_tools());
  question.mutable_contexts()->Swap(proto.mutable_contexts());
  one.question = question.SerializeAsString();
  for (std::string& ideal : *proto.mutable_ideal_outputs()) {
    if (one.ideal_output.empty()) {
      one.ideal_output = std::move(ideal);
    } else {
      one.other_ideals.push_back(std::move(ideal));
    }
  }
  if (proto.has_expected_tool_calls()) {
    one.expected_tool_calls.emplace();
    for (v1::ExpectedToolCall& call : *proto.mutable_expected_tool_calls()->mutable_calls()) {
      one.expected_tool_calls->push_back({std::move(*call.mutable_name()),
                                          std::move(*call.mutable_arguments_json()),
                                          call.any_of()});
    }
  }
  one.cohort = std::move(*proto.mutable_cohort());
  one.group = std::move(*proto.mutable_group());
  one.critical = proto.critical();
  one.labels.insert(proto.labels().begin(), proto.labels().end());
  one.checks = FromProto(proto.checks());
  return one;
}

}  // namespace flywheel::evalgate
