#include "eval_gate_service/rpc/run_convert.h"

#include <algorithm>
#include <string>
#include <utility>

#include "eval_gate_service/rpc/text_redaction.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Where a cast leads from one to the other, the numbers are the same.
static_assert(static_cast<int>(OutputState::kStored) == common::v1::ITEM_STATUS_STORED);
static_assert(static_cast<int>(OutputState::kReplayed) == common::v1::ITEM_STATUS_REPLAYED);
static_assert(static_cast<int>(OutputState::kConflict) == common::v1::ITEM_STATUS_CONFLICT);
static_assert(static_cast<int>(OutputState::kRejected) == common::v1::ITEM_STATUS_REJECTED);
static_assert(static_cast<int>(RunState::kRunning) == v1::RUN_STATE_RUNNING);
static_assert(static_cast<int>(RunState::kFinished) == v1::RUN_STATE_FINISHED);
static_assert(static_cast<int>(RunState::kAborted) == v1::RUN_STATE_ABORTED);

// Of the work of a candidate the calls, and the texts of the last message where it is the agent's.
void TakeMessages(const google::protobuf::RepeatedPtrField<common::v1::Message>& messages,
                  CaseOutput& output) {
  for (const common::v1::Message& message : messages) {
    output.output.clear();
    for (const common::v1::Part& part : message.parts()) {
      if (part.has_tool_call()) {
        output.tool_calls.push_back({part.tool_call().name(), part.tool_call().arguments_json()});
      }
      if (message.role() != common::v1::ROLE_ASSISTANT || part.text().empty()) continue;
      if (!output.output.empty()) output.output += '\n';
      output.output += part.text();
    }
  }
}

// What is kept of an output beside its answer, as the contract encodes it.
std::string DetailsOf(const v1::CaseOutput& proto) {
  v1::CaseOutput details;
  *details.mutable_contexts() = proto.contexts();
  if (proto.has_latency()) *details.mutable_latency() = proto.latency();
  if (proto.has_input_tokens()) details.set_input_tokens(proto.input_tokens());
  if (proto.has_output_tokens()) details.set_output_tokens(proto.output_tokens());
  if (proto.has_cost_usd()) details.set_cost_usd(proto.cost_usd());
  *details.mutable_external_grades() = proto.external_grades();
  return details.SerializeAsString();
}

CaseOutput TakeOutput(v1::CaseOutput proto) {
  CaseOutput output;
  output.case_id = std::move(*proto.mutable_case_id());
  output.output = std::move(*proto.mutable_output());
  output.error = std::move(*proto.mutable_error());
  output.infrastructure_error = std::move(*proto.mutable_infrastructure_error());
  for (v1::OutputToolCall& call : *proto.mutable_tool_calls()) {
    output.tool_calls.push_back(
        {std::move(*call.mutable_name()), std::move(*call.mutable_arguments_json())});
  }
  TakeMessages(proto.messages(), output);
  output.attempt = std::max(proto.attempt(), 1);
  output.details = DetailsOf(proto);
  return output;
}

}  // namespace

RunRequest FromProto(const v1::StartRunRequest& request) {
  RunRequest wanted{request.run_id(), request.suite_id(), request.model_version(),
                    std::max(request.attempts_per_case(), 1)};
  wanted.labels.insert(request.labels().begin(), request.labels().end());
  return wanted;
}

absl::StatusOr<std::vector<SentOutput>> TakeOutputs(const v1::SubmitOutputsRequest& request,
                                                    const TextFilter& texts) {
  std::vector<SentOutput> outputs;
  outputs.reserve(static_cast<size_t>(request.outputs_size()));
  for (const v1::CaseOutput& sent : request.outputs()) {
    v1::CaseOutput redacted = sent;
    ASSIGN_OR_RETURN(const bool changed, RedactTexts(texts, redacted));
    SentOutput& output = outputs.emplace_back(SentOutput{TakeOutput(std::move(redacted))});
    if (changed) output.sent = TakeOutput(v1::CaseOutput(sent));
  }
  return outputs;
}

RunFilter FromProto(const v1::ListRunsRequest& request) {
  RunFilter filter{rpc::CommonFilter(request), request.suite_id(), request.model_version(),
                   std::nullopt};
  if (request.state() != v1::RUN_STATE_UNSPECIFIED) {
    filter.state = static_cast<RunState>(request.state());
  }
  return filter;
}

void ToProto(const Run& run, v1::Run* proto) {
  proto->set_run_id(run.run_id);
  proto->set_suite_id(run.suite_id);
  proto->set_agent(run.agent);
  proto->set_model_version(run.model_version);
  proto->set_state(static_cast<v1::RunState>(run.state));
  proto->set_attempts_per_case(run.attempts_per_case);
  proto->set_attempts(run.attempts);
  proto->set_answered(run.progress.answered);
  proto->set_unavailable(run.progress.unavailable);
  proto->set_infrastructure_errors(run.infrastructure_errors);
  *proto->mutable_create_time() = rpc::ToProto(run.create_time);
  if (run.end_time) *proto->mutable_end_time() = rpc::ToProto(*run.end_time);
  proto->set_created_by(run.created_by);
  proto->mutable_labels()->insert(run.labels.begin(), run.labels.end());
  proto->set_abort_reason(run.abort_reason);
  proto->set_contaminated_cases(run.contamination.cases);
  proto->mutable_contaminated_case_ids()->Add(run.contamination.case_ids.begin(),
                                              run.contamination.case_ids.end());
}

void ToProto(const OutputResult& result, common::v1::ItemResult* proto) {
  proto->set_status(static_cast<common::v1::ItemStatus>(result.state));
  if (result.error.ok()) return;
  proto->set_reason(static_cast<common::v1::ErrorReason>(errors::ReasonOf(result.error)));
  proto->set_message(errors::MessageOf(result.error));
}

void ToProto(const ToolCall& call, v1::OutputToolCall* proto) {
  proto->set_name(call.name);
  proto->set_arguments_json(call.arguments_json);
}

void ToProto(const CaseOutput& output, v1::CaseOutput* proto) {
  // Kept by this service: what cannot be parsed was not.
  if (!output.details.empty() && !proto->ParseFromString(output.details)) proto->Clear();
  proto->set_output(output.output);
  for (const ToolCall& call : output.tool_calls) ToProto(call, proto->add_tool_calls());
  proto->set_error(output.error);
  proto->set_infrastructure_error(output.infrastructure_error);
}

}  // namespace flywheel::evalgate
