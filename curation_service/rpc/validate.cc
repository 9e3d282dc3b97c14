#include "curation_service/rpc/validate.h"

#include <fmt/format.h>

#include <cmath>

#include "curation_service/rpc/violations.h"

namespace flywheel::curation {
namespace {

// The lengths of interaction.proto.
constexpr size_t kMaxNameBytes = 128;
constexpr absl::Duration kShortestLease = absl::Seconds(1);
constexpr absl::Duration kLongestLease = absl::Hours(24);
// Beyond any plan; keeps arithmetic on times safe.
constexpr absl::Duration kLongestPolicy = absl::Hours(24 * 36'500);

void CheckOptions(const v1::DatasetOptions& options, Violations& violations) {
  violations.CheckText("options.agent", options.agent(), kMaxNameBytes);
  const double share = options.eval_share();
  if (share != 0 && !(share > 0 && share < 1)) {
    violations.Add("options.eval_share", fmt::format("{}", share),
                   "above 0 and below 1, or 0 for the default");
  }
  if (options.cohort_attribute().size() > kMaxNameBytes) {
    violations.CheckText("options.cohort_attribute", options.cohort_attribute(), kMaxNameBytes);
  }
}

void CheckPolicy(const v1::TrainingPolicy& policy, Violations& violations) {
  if (policy.has_min_new_interactions()) {
    violations.CheckAtLeast("policy.min_new_interactions", policy.min_new_interactions(), 0);
  }
  if (policy.has_min_high_quality_rate()) {
    violations.CheckNumber("policy.min_high_quality_rate", policy.min_high_quality_rate(), 0, 1);
  }
  if (policy.has_max_time_since_training()) {
    violations.CheckDuration("policy.max_time_since_training", policy.max_time_since_training(),
                             absl::ZeroDuration(), kLongestPolicy);
  }
  if (policy.has_min_time_between_training()) {
    violations.CheckDuration("policy.min_time_between_training", policy.min_time_between_training(),
                             absl::ZeroDuration(), kLongestPolicy);
  }
  if (policy.has_degradation_threshold()) {
    violations.CheckFinite("policy.degradation_threshold", policy.degradation_threshold());
  }
}

}  // namespace

absl::Status Validate(const v1::GetScoreRequest& request) {
  Violations violations;
  violations.CheckId("interaction_id", request.interaction_id());
  return violations.ToStatus();
}

absl::Status Validate(const v1::BuildDatasetVersionRequest& request) {
  Violations violations;
  violations.CheckId("dataset_version_id", request.dataset_version_id());
  CheckOptions(request.options(), violations);
  violations.CheckAtLeast("min_feed_sequence", request.min_feed_sequence(), 0);
  return violations.ToStatus();
}

absl::Status Validate(const v1::GetDatasetVersionRequest& request) {
  Violations violations;
  violations.CheckId("dataset_version_id", request.dataset_version_id());
  return violations.ToStatus();
}

absl::Status Validate(const v1::ReadDatasetRowsRequest& request) {
  Violations violations;
  violations.CheckId("dataset_version_id", request.dataset_version_id());
  violations.CheckEnum("split", v1::Split_IsValid(request.split()), request.split());
  return violations.ToStatus();
}

absl::Status Validate(const v1::ExportDatasetRequest& request) {
  Violations violations;
  violations.CheckId("dataset_version_id", request.dataset_version_id());
  violations.CheckEnum("split", v1::Split_IsValid(request.split()), request.split());
  return violations.ToStatus();
}

absl::Status Validate(const v1::CheckTrainingTriggerRequest& request) {
  Violations violations;
  CheckPolicy(request.policy(), violations);
  violations.CheckText("agent", request.agent(), kMaxNameBytes);
  violations.CheckFinite("performance_change", request.performance_change());
  return violations.ToStatus();
}

absl::Status Validate(const v1::OpenTrainingRunRequest& request) {
  Violations violations;
  violations.CheckId("training_run_id", request.training_run_id());
  violations.CheckId("dataset_version_id", request.dataset_version_id());
  CheckPolicy(request.policy(), violations);
  violations.CheckFinite("performance_change", request.performance_change());
  return violations.ToStatus();
}

absl::Status Validate(const v1::LeaseTrainingRunRequest& request) {
  Violations violations;
  violations.CheckText("trainer", request.trainer(), kMaxNameBytes);
  if (request.has_lease_duration()) {
    violations.CheckDuration("lease_duration", request.lease_duration(), kShortestLease,
                             kLongestLease);
  }
  return violations.ToStatus();
}

absl::Status Validate(const v1::CompleteTrainingRunRequest& request) {
  Violations violations;
  violations.CheckId("training_run_id", request.training_run_id());
  violations.CheckText("trainer", request.trainer(), kMaxNameBytes);
  switch (request.outcome_case()) {
    case v1::CompleteTrainingRunRequest::kSuccess:
      violations.CheckText("success.model_version", request.success().model_version(),
                           kMaxNameBytes);
      for (const auto& [name, value] : request.success().metrics()) {
        violations.CheckFinite(fmt::format("success.metrics[{}]", name), value);
      }
      break;
    case v1::CompleteTrainingRunRequest::kFailure:
      if (request.failure().message().empty()) {
        violations.Add("failure.message", "''", "what went wrong");
      }
      break;
    case v1::CompleteTrainingRunRequest::OUTCOME_NOT_SET:
      violations.Add("outcome", "none", "success or failure");
      break;
  }
  return violations.ToStatus();
}

absl::Status Validate(const v1::GetTrainingRunRequest& request) {
  Violations violations;
  switch (request.key_case()) {
    case v1::GetTrainingRunRequest::kTrainingRunId:
      violations.CheckId("training_run_id", request.training_run_id());
      break;
    case v1::GetTrainingRunRequest::kModelVersion:
      violations.CheckText("model_version", request.model_version(), kMaxNameBytes);
      break;
    case v1::GetTrainingRunRequest::KEY_NOT_SET:
      violations.Add("key", "none", "training_run_id or model_version");
      break;
  }
  return violations.ToStatus();
}

absl::Status Validate(const v1::ListTrainingRunsRequest& request) {
  Violations violations;
  violations.CheckEnum("state", v1::TrainingRunState_IsValid(request.state()), request.state());
  return violations.ToStatus();
}

}  // namespace flywheel::curation
