#include "curation_service/rpc/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>

#include "curation_service/rpc/validate_selection.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"

namespace flywheel::curation {
namespace {

// The lengths of interaction.proto.
constexpr size_t kMaxNameBytes = 128;
constexpr size_t kMaxUriBytes = 2'048;
constexpr size_t kMaxReasonBytes = 16'384;
constexpr int64_t kMaxMetrics = 1'000;
constexpr int kMaxLeaseAgents = 100;
constexpr int64_t kMaxGroupAttributes = 16;
// Of a BatchGet.
constexpr int64_t kMaxBatchIds = 100;
constexpr int64_t kMaxQuestions = 1'000;
constexpr int64_t kMaxCandidates = 1'000'000;
// No field of curation's requests is a time.
constexpr absl::Time kNoTimes;
constexpr absl::Duration kShortestLease = absl::Seconds(1);
constexpr absl::Duration kLongestLease = absl::Hours(24);
// Beyond any plan; keeps arithmetic on times safe.
constexpr absl::Duration kLongestPolicy = absl::Hours(24 * 36'500);

void CheckOptions(const v1::DatasetOptions& options, rpc::FieldChecks& checks) {
  checks.Name("options.agent", options.agent(), kMaxNameBytes);
  const double share = options.eval_share();
  checks.Require(share == 0 || (share > 0 && share < 1), "options.eval_share",
                 fmt::format("{}", share), "above 0 and below 1, or 0 for the default");
  checks.OptionalName("options.cohort_attribute", options.cohort_attribute(), kMaxNameBytes);
  checks.Range("options.group_attributes", int64_t{options.group_attributes_size()}, 0,
               kMaxGroupAttributes);
  const auto share_of_all = [&](std::string_view field, double value) {
    checks.Require(value == 0 || (value > 0 && value <= 1), field, fmt::format("{}", value),
                   "above 0 and up to 1, or 0 for the default");
  };
  share_of_all("options.block_similarity", options.block_similarity());
  share_of_all("options.review_similarity", options.review_similarity());
  share_of_all("options.max_person_share", options.max_person_share());
  std::set<std::string_view> names;
  for (const std::string& name : options.group_attributes()) {
    checks.Name("options.group_attributes", name, kMaxNameBytes);
    checks.Require(names.insert(name).second, "options.group_attributes", name,
                   "each name at most once");
  }
  if (options.has_selection()) CheckSelection(options, checks);
}

void CheckPolicy(const v1::TrainingPolicy& policy, rpc::FieldChecks& checks) {
  if (policy.has_min_new_interactions()) {
    checks.AtLeast("policy.min_new_interactions", policy.min_new_interactions(), 0);
  }
  if (policy.has_min_high_quality_rate()) {
    checks.Range("policy.min_high_quality_rate", policy.min_high_quality_rate(), 0.0, 1.0);
  }
  if (policy.has_max_time_since_training()) {
    checks.Duration("policy.max_time_since_training", policy.max_time_since_training(),
                    absl::ZeroDuration(), kLongestPolicy);
  }
  if (policy.has_min_time_between_training()) {
    checks.Duration("policy.min_time_between_training", policy.min_time_between_training(),
                    absl::ZeroDuration(), kLongestPolicy);
  }
  if (policy.has_degradation_threshold()) {
    checks.Finite("policy.degradation_threshold", policy.degradation_threshold());
  }
}

// What a registration and a successful training say alike; `prefix` comes before a field's name.
template <typename Proto>
void CheckVersion(const std::string& prefix, const Proto& proto, rpc::FieldChecks& checks) {
  checks.Name(prefix + "model_version", proto.model_version(), kMaxNameBytes);
  checks.OptionalName(prefix + "base_model_version", proto.base_model_version(), kMaxNameBytes);
  checks.OptionalName(prefix + "artifact_uri", proto.artifact_uri(), kMaxUriBytes);
  checks.OptionalName(prefix + "prompt_version", proto.prompt_version(), kMaxNameBytes);
  checks.OptionalName(prefix + "retrieval_version", proto.retrieval_version(), kMaxNameBytes);
  checks.Text(prefix + "description", proto.description(), kMaxReasonBytes);
  checks.Labels(prefix + "labels", proto.labels());
}

}  // namespace

absl::Status Validate(const v1::GetScoreRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  checks.Id("interaction_id", request.interaction_id());
  checks.FeedToken("min_feed_token", request.min_feed_token());
  return checks.status();
}

absl::Status Validate(const v1::BatchGetScoresRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  checks.Range("interaction_ids", int64_t{request.interaction_ids_size()}, 1, kMaxBatchIds);
  std::unordered_set<std::string_view> ids;
  for (const std::string& id : request.interaction_ids()) {
    checks.Id("interaction_ids", id);
    checks.Require(ids.insert(id).second, "interaction_ids", "an id twice", "each once");
  }
  checks.FeedToken("min_feed_token", request.min_feed_token());
  return checks.status();
}

absl::Status Validate(const v1::BuildDatasetVersionRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  checks.Id("dataset_version_id", request.dataset_version_id());
  CheckOptions(request.options(), checks);
  checks.FeedToken("min_feed_token", request.min_feed_token());
  checks.Labels("labels", request.labels());
  return checks.status();
}

absl::Status Validate(const v1::CancelDatasetBuildRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  checks.Id("dataset_version_id", request.dataset_version_id());
  checks.RequiredText("reason", request.reason(), kMaxReasonBytes);
  return checks.status();
}

absl::Status Validate(const v1::GetDatasetVersionRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  checks.Id("dataset_version_id", request.dataset_version_id());
  return checks.status();
}

absl::Status Validate(const v1::WatchDatasetVersionRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  checks.Id("dataset_version_id", request.dataset_version_id());
  return checks.status();
}

absl::Status Validate(const v1::ListDatasetVersionsRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  rpc::CheckListFilter(request, checks);
  checks.Enum("state", v1::DatasetVersionState_IsValid(request.state()), request.state());
  return checks.status();
}

absl::Status Validate(const v1::ListTrainingCandidatesRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  CheckOptions(request.options(), checks);
  checks.Enum("min_tier", v1::Tier_IsValid(request.min_tier()), request.min_tier());
  checks.Range("limit", request.limit(), 0, kMaxCandidates);
  return checks.status();
}

absl::Status Validate(const v1::ReadDatasetRowsRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  checks.Id("dataset_version_id", request.dataset_version_id());
  checks.Enum("split", v1::Split_IsValid(request.split()), request.split());
  return checks.status();
}

absl::Status Validate(const v1::ListRemovedRowsRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  checks.Id("dataset_version_id", request.dataset_version_id());
  checks.Enum("reason", v1::RemovalReason_IsValid(request.reason()), request.reason());
  return checks.status();
}

absl::Status Validate(const v1::ExportDatasetRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  checks.Id("dataset_version_id", request.dataset_version_id());
  checks.Enum("split", v1::Split_IsValid(request.split()), request.split());
  checks.Enum("format", v1::ExportFormat_IsValid(request.format()), request.format());
  checks.Require(
      !request.include_contexts() || request.format() == v1::EXPORT_FORMAT_PROMPT_COMPLETION,
      "include_contexts", "true", "false, or EXPORT_FORMAT_PROMPT_COMPLETION, which has a place");
  const bool chat = request.format() == v1::EXPORT_FORMAT_OPENAI_CHAT ||
                    request.format() == v1::EXPORT_FORMAT_UNSPECIFIED;
  checks.Require(!request.include_metadata() || chat, "include_metadata", "true",
                 "false, or EXPORT_FORMAT_OPENAI_CHAT: the other formats have it");
  return checks.status();
}

absl::Status Validate(const v1::FindTaughtQuestionsRequest& request) {
  if (request.questions().empty()) return errors::EmptyBatch("questions");
  if (request.questions_size() > kMaxQuestions) {
    return errors::TooLarge("questions", request.questions_size(), kMaxQuestions, "questions");
  }
  rpc::FieldChecks checks(kNoTimes);
  if (!request.agent().empty() || !request.model_version().empty()) {
    checks.Name("agent", request.agent(), kMaxNameBytes);
    checks.Name("model_version", request.model_version(), kMaxNameBytes);
  }
  return checks.status();
}

absl::Status Validate(const v1::ListErasuresRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  checks.FeedToken("cursor", request.cursor());
  return checks.status();
}

absl::Status Validate(const v1::ReportErasureRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  checks.Id("erasure_id", request.erasure_id());
  checks.Id("store", request.store());
  checks.Require(request.store() != "ingest" && request.store() != "curation", "store",
                 fmt::format("'{}'", request.store()), "the own name of who keeps copies");
  checks.AtLeast("rows", request.rows(), 0);
  return checks.status();
}

absl::Status Validate(const v1::CheckTrainingTriggerRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  CheckPolicy(request.policy(), checks);
  checks.RequiredText("agent", request.agent(), kMaxNameBytes);
  checks.Finite("performance_change", request.performance_change());
  return checks.status();
}

absl::Status Validate(const v1::OpenTrainingRunRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  checks.Id("training_run_id", request.training_run_id());
  checks.Id("dataset_version_id", request.dataset_version_id());
  CheckPolicy(request.policy(), checks);
  checks.Finite("performance_change", request.performance_change());
  checks.Text("force_reason", request.force_reason(), kMaxReasonBytes);
  checks.Labels("labels", request.labels());
  return checks.status();
}

absl::Status Validate(const v1::LeaseTrainingRunRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  checks.Name("trainer", request.trainer(), kMaxNameBytes);
  checks.Require(!request.agents().empty() && request.agents_size() <= kMaxLeaseAgents, "agents",
                 fmt::format("{} agents", request.agents_size()),
                 fmt::format("the 1 to {} that the trainer can train", kMaxLeaseAgents));
  for (int i = 0; i < std::min(request.agents_size(), kMaxLeaseAgents); ++i) {
    checks.Name(fmt::format("agents[{}]", i), request.agents(i), kMaxNameBytes);
  }
  if (request.has_lease_duration()) {
    checks.Duration("lease_duration", request.lease_duration(), kShortestLease, kLongestLease);
  }
  return checks.status();
}

absl::Status Validate(const v1::CompleteTrainingRunRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  checks.Id("training_run_id", request.training_run_id());
  checks.Name("trainer", request.trainer(), kMaxNameBytes);
  switch (request.outcome_case()) {
    case v1::CompleteTrainingRunRequest::kSuccess:
      CheckVersion("success.", request.success(), checks);
      checks.Range("success.metrics", int64_t{request.success().metrics_size()}, 0, kMaxMetrics);
      for (const auto& [name, value] : request.success().metrics()) {
        checks.Name("success.metrics", name, kMaxNameBytes);
        checks.Finite(fmt::format("success.metrics[{}]", name), value);
      }
      break;
    case v1::CompleteTrainingRunRequest::kFailure:
      checks.RequiredText("failure.message", request.failure().message(), kMaxReasonBytes);
      break;
    case v1::CompleteTrainingRunRequest::OUTCOME_NOT_SET:
      checks.Require(false, "outcome", "none", "success or failure");
      break;
  }
  return checks.status();
}

absl::Status Validate(const v1::CancelTrainingRunRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  checks.Id("training_run_id", request.training_run_id());
  checks.RequiredText("reason", request.reason(), kMaxReasonBytes);
  return checks.status();
}

absl::Status Validate(const v1::GetTrainingRunRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  checks.Id("training_run_id", request.training_run_id());
  return checks.status();
}

absl::Status Validate(const v1::ListTrainingRunsRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  rpc::CheckListFilter(request, checks);
  checks.Enum("state", v1::TrainingRunState_IsValid(request.state()), request.state());
  checks.Text("model_version", request.model_version(), kMaxNameBytes);
  return checks.status();
}

absl::Status Validate(const v1::RegisterVersionRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  checks.Name("agent", request.agent(), kMaxNameBytes);
  CheckVersion("", request, checks);
  checks.OptionalId("training_run_id", request.training_run_id());
  return checks.status();
}

absl::Status Validate(const v1::GetVersionRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  checks.RequiredText("agent", request.agent(), kMaxNameBytes);
  checks.RequiredText("model_version", request.model_version(), kMaxNameBytes);
  return checks.status();
}

absl::Status Validate(const v1::ListVersionsRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  rpc::CheckListFilter(request, checks);
  return checks.status();
}

absl::Status Validate(const v1::GetLineageRequest& request) {
  rpc::FieldChecks checks(kNoTimes);
  const common::v1::LineageNode& start = request.start();
  const bool is_version = start.kind() == common::v1::LINEAGE_KIND_MODEL_VERSION;
  checks.Require(start.kind() != common::v1::LINEAGE_KIND_UNSPECIFIED &&
                     common::v1::LineageKind_IsValid(start.kind()),
                 "start.kind", fmt::format("{}", static_cast<int>(start.kind())),
                 "a kind of the enumeration");
  if (is_version) {
    checks.RequiredText("start.id", start.id(), kMaxNameBytes);
    checks.RequiredText("start.agent", start.agent(), kMaxNameBytes);
  } else {
    checks.Id("start.id", start.id());
  }
  checks.Require(request.direction() == common::v1::LINEAGE_DIRECTION_SOURCES ||
                     request.direction() == common::v1::LINEAGE_DIRECTION_RESULTS,
                 "direction", fmt::format("{}", static_cast<int>(request.direction())),
                 "LINEAGE_DIRECTION_SOURCES or LINEAGE_DIRECTION_RESULTS");
  return checks.status();
}

}  // namespace flywheel::curation
