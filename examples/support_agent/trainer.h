// A trainer: leases training runs, learns from what curation exports, reports a model version.
#ifndef FLYWHEEL_EXAMPLES_SUPPORT_AGENT_TRAINER_H_
#define FLYWHEEL_EXAMPLES_SUPPORT_AGENT_TRAINER_H_

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "examples/support_agent/intent_model.h"
#include "examples/support_agent/services.h"

namespace flywheel::example {

// A model that came of a training run.
struct TrainedModel {
  std::string version;
  std::shared_ptr<const IntentModel> model;
  double seconds = 0;
};

// The intent of a dialogue of one question: the answer to it.
absl::StatusOr<std::optional<TrainingExample>> ReadIntent(const nlohmann::json& line);

// Not thread-safe. Knows of the product only the three calls that any trainer makes.
class Trainer {
 public:
  // What is to be learnt from a line of chat JSONL; nothing where it teaches nothing.
  using LineReader =
      std::function<absl::StatusOr<std::optional<TrainingExample>>(const nlohmann::json& line)>;

  // Trains for `agent`. Models are written below `directory`.
  Trainer(const Services* services, std::string agent, std::string directory, LineReader read_line)
      : services_(*services),
        agent_(std::move(agent)),
        directory_(std::move(directory)),
        read_line_(std::move(read_line)) {}

  // The train side of a dataset version as examples, read from its export.
  absl::StatusOr<std::vector<TrainingExample>> Download(const std::string& dataset_version_id);

  // Leases the open run, trains, and reports `version`. NOT_FOUND where no run is open.
  absl::StatusOr<TrainedModel> TrainOpenRun(const std::string& version);

  // Trains outside of any run: for comparisons and for planted candidates.
  absl::StatusOr<TrainedModel> TrainOn(const std::vector<TrainingExample>& examples,
                                       const std::string& version);

  // Deletes the files of the models that it trained, but for these versions: a model takes some 50
  // MB. What is in memory is not affected.
  void RemoveFilesBut(const std::set<std::string>& versions);

 private:
  std::string PathOf(const std::string& version) const {
    return directory_ + "/" + version + ".bin";
  }

  const Services& services_;
  const std::string agent_;
  const std::string directory_;
  const LineReader read_line_;
  // Versions whose files are there.
  std::set<std::string> files_;
};

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_SUPPORT_AGENT_TRAINER_H_
