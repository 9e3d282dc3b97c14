// Which texts of the gate's requests are redacted before anything is stored or judged.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_TEXT_REDACTION_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_TEXT_REDACTION_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "flywheel/evalgate/v1/eval_gate_service.pb.h"
#include "flywheel/evalgate/v1/release_policy_service.pb.h"
#include "flywheel/evalgate/v1/run_service.pb.h"
#include "flywheel/evalgate/v1/suite_upload.pb.h"
#include "shared/privacy/text_filter.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {

// Of requests that passed validation. Ids, versions, agents, names of suites, evaluators, tools and
// judges, and the owner of a waiver are names, and keep their bytes. So do tests: uploaded cases
// and parameters of evaluators, which somebody wrote to hold outputs against. Values of labels are
// redacted each by itself, everywhere alike, so that what was equal before is equal afterwards.
// INVALID_ARGUMENT where the texts do not settle.
absl::Status RedactTexts(const TextFilter& texts, v1::CreateSuiteRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::SuiteHeader& header);
absl::Status RedactTexts(const TextFilter& texts, v1::JudgeVersionRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::StartRunRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::AbortRunRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::SetReleasePolicyRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::ApproveBaselineRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::WaiveVerdictsRequest& request);

// What lists are filtered by: values of labels.
absl::Status RedactTexts(const TextFilter& texts, v1::ListSuitesRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::ListVerdictsRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::ListRunsRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::ListReleasePoliciesRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::ListBaselineApprovalsRequest& request);
absl::Status RedactTexts(const TextFilter& texts, v1::ListVerdictWaiversRequest& request);

// The same of an output; true where it changed.
absl::StatusOr<bool> RedactTexts(const TextFilter& texts, v1::CaseOutput& output);

// A copy with its texts redacted.
template <typename Request>
absl::StatusOr<Request> Redacted(const TextFilter& texts, const Request& request) {
  Request redacted = request;
  RETURN_IF_ERROR(RedactTexts(texts, redacted));
  return redacted;
}

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_TEXT_REDACTION_H_
