// Client of curation: asks for dataset versions and training runs.
#ifndef FLYWHEEL_EXAMPLES_SUPPORT_AGENT_CURATOR_H_
#define FLYWHEEL_EXAMPLES_SUPPORT_AGENT_CURATOR_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "examples/support_agent/report.h"
#include "examples/support_agent/services.h"

namespace flywheel::example {

// Not thread-safe.
class Curator {
 public:
  // `eval_share` of the sessions are kept for judging and never trained on.
  Curator(const Services* services, std::string agent, double eval_share)
      : services_(*services), agent_(std::move(agent)), eval_share_(eval_share) {}

  // Builds a version of the record up to `commit_token`, and says in `report` what is in it.
  absl::Status BuildDataset(const std::string& dataset_version_id, const std::string& commit_token,
                            bool skip_review, RevolutionReport& report);

  // Opens a training run and returns why. NOT_TRIGGERED, with the trigger's words, where it is not
  // time to train: fewer than `min_new_interactions` came since the last run.
  absl::StatusOr<std::string> OpenTrainingRun(const std::string& training_run_id,
                                              const std::string& dataset_version_id,
                                              int64_t min_new_interactions);

 private:
  // The version when it is ready; ALREADY_ENDED where its build failed.
  absl::StatusOr<curation::v1::DatasetVersion> AwaitDataset(const std::string& dataset_version_id);

  const Services& services_;
  const std::string agent_;
  const double eval_share_;
};

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_SUPPORT_AGENT_CURATOR_H_
