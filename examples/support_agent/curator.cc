#include "examples/support_agent/curator.h"

#include <cctype>
#include <string_view>

#include "cli/value_name.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::example {
namespace {

using curation::v1::CurationService;

// Without the enum's prefix and in lower case, as reports show it.
std::string SpokenName(const std::string& name, std::string_view prefix) {
  std::string text = cli::ValueName(name, prefix);
  for (char& c : text) c = c == '_' ? ' ' : static_cast<char>(std::tolower(c));
  return text;
}

}  // namespace

absl::Status Curator::BuildDataset(const std::string& dataset_version_id,
                                   const std::string& commit_token, bool skip_review,
                                   RevolutionReport& report) {
  curation::v1::BuildDatasetVersionRequest request;
  request.set_dataset_version_id(dataset_version_id);
  request.set_min_feed_token(commit_token);
  request.mutable_options()->set_agent(agent_);
  request.mutable_options()->set_eval_share(eval_share_);
  request.mutable_options()->set_cohort_attribute("channel");
  request.mutable_options()->set_skip_label_review(skip_review);
  RETURN_IF_ERROR(
      (services_.curation.Call(&CurationService::StubInterface::BuildDatasetVersion, request))
          .status());
  ASSIGN_OR_RETURN(const curation::v1::DatasetVersion version, AwaitDataset(dataset_version_id));
  report.dataset_version = dataset_version_id;
  report.train_rows = version.train_rows();
  report.eval_rows = version.eval_rows();
  for (const auto& count : version.rows_by_tier()) {
    report.rows_by_tier[SpokenName(curation::v1::Tier_Name(count.tier()), "TIER_")] = count.rows();
  }
  for (const auto& count : version.removed_by_reason()) {
    report.removed_by_reason[SpokenName(curation::v1::RemovalReason_Name(count.reason()),
                                        "REMOVAL_REASON_")] = count.rows();
  }
  return absl::OkStatus();
}

absl::StatusOr<curation::v1::DatasetVersion> Curator::AwaitDataset(
    const std::string& dataset_version_id) {
  curation::v1::WatchDatasetVersionRequest request;
  request.set_dataset_version_id(dataset_version_id);
  // A stream that breaks off is opened again: the build goes on without anybody.
  curation::v1::DatasetVersion version;
  RETURN_IF_ERROR((services_.curation.Read<curation::v1::WatchDatasetVersionRequest,
                                           curation::v1::WatchDatasetVersionResponse>(
      &CurationService::Stub::WatchDatasetVersion, request, [] {},
      [&](const curation::v1::WatchDatasetVersionResponse& response) {
        version = response.dataset_version();
      })));
  if (version.state() == curation::v1::DATASET_VERSION_STATE_READY) return version;
  return errors::FailedPrecondition(Reason::kAlreadyEnded, "dataset version", dataset_version_id,
                                    version.failure().message(), "a build that succeeds");
}

absl::StatusOr<std::string> Curator::OpenTrainingRun(const std::string& training_run_id,
                                                     const std::string& dataset_version_id,
                                                     int64_t min_new_interactions) {
  curation::v1::OpenTrainingRunRequest request;
  request.set_training_run_id(training_run_id);
  request.set_dataset_version_id(dataset_version_id);
  // The first models are wrong more often than right: what customers correct teaches all the same.
  request.mutable_policy()->set_min_high_quality_rate(0.1);
  request.mutable_policy()->set_min_new_interactions(min_new_interactions);
  request.mutable_policy()->mutable_min_time_between_training()->set_seconds(0);
  ASSIGN_OR_RETURN(
      const auto response,
      (services_.curation.Call(&CurationService::StubInterface::OpenTrainingRun, request)));
  return response.training_run().trigger().message();
}

}  // namespace flywheel::example
