// Conversions between the messages of flywheel.evalgate.v1.RunService and the gate's values.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_RUN_CONVERT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_RUN_CONVERT_H_

#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/case_output.h"
#include "eval_gate_service/domain/run.h"
#include "eval_gate_service/output_intake.h"
#include "eval_gate_service/runs.h"
#include "flywheel/evalgate/v1/run_service.pb.h"
#include "shared/privacy/text_filter.h"

namespace flywheel::evalgate {

// Requests, which must have passed validation.
RunRequest FromProto(const v1::StartRunRequest& request);
// With the texts of each output redacted. The error of RedactTexts.
absl::StatusOr<std::vector<SentOutput>> TakeOutputs(const v1::SubmitOutputsRequest& request,
                                                    const TextFilter& texts);
RunFilter FromProto(const v1::ListRunsRequest& request);

// Answers.
void ToProto(const Run& run, v1::Run* proto);
void ToProto(const OutputResult& result, common::v1::ItemResult* proto);
void ToProto(const ToolCall& call, v1::OutputToolCall* proto);
// Without its case and attempt, which the result names.
void ToProto(const CaseOutput& output, v1::CaseOutput* proto);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_RUN_CONVERT_H_
