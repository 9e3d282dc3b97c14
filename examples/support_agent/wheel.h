// The main loop: use, record, curate, train, gate, experiment, promote, and again.
#ifndef FLYWHEEL_EXAMPLES_SUPPORT_AGENT_WHEEL_H_
#define FLYWHEEL_EXAMPLES_SUPPORT_AGENT_WHEEL_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "examples/support_agent/agent.h"
#include "examples/support_agent/curator.h"
#include "examples/support_agent/customers.h"
#include "examples/support_agent/queries.h"
#include "examples/support_agent/release.h"
#include "examples/support_agent/report.h"
#include "examples/support_agent/services.h"
#include "examples/support_agent/trainer.h"

namespace flywheel::example {

struct WheelOptions {
  AgentNames names;
  ReleaseOptions release;
  // Share of the sessions that are kept for judging and never trained on.
  double eval_share = 0.08;
  // While an experiment runs, the next queries come so long after those before them: a ramp takes
  // its time.
  absl::Duration batch_interval = absl::Milliseconds(250);
  // Take reactions at their word, to see what that costs.
  bool unfiltered = false;
  // Told now and then what is being done.
  std::function<void(const std::string&)> progress = [](const std::string&) {};
  // Told of every batch that ingest acknowledged; may be empty.
  std::function<void(const BatchRecords&)> on_stored = nullptr;
};

// One run over a traffic. Every step is an RPC that any customer of Flywheel would make. Not
// thread-safe.
class Wheel {
 public:
  // `test` is only ever used to measure accuracy. All pointers outlive this object.
  Wheel(const Services* services, const Traffic* traffic, const Customers* customers,
        const std::vector<Query>* test, std::string model_directory, WheelOptions options);

  // Sets the release policy, records the seeds, trains the first version on them and promotes it.
  absl::Status Begin();

  // Revolution `number`, from 1: serves the slice, then makes and judges the next candidate.
  absl::StatusOr<RevolutionReport> Turn(int number);

  // Trains on the whole record without the label review, and measures. For the comparison only.
  absl::StatusOr<double> MeasureUnfiltered();

  double first_accuracy() const { return first_accuracy_; }
  const std::vector<PlantedReport>& planted() const { return planted_; }

 private:
  // A version that may have an experiment, because the gate passed it.
  struct Candidate {
    std::string version;
    std::string experiment_id;
  };

  std::string Name(const std::string& name) const { return options_.names.prefix + name; }
  // On the test queries, of which the model sees this share of the text.
  double Accuracy(const IntentModel& model, double text_share = 1) const;
  bool SkewHarms(const IntentModel& model) const;
  PlantedReport* FindPlanted(const std::string& version);
  // Deletes the files of the models that neither serve nor may come to serve.
  void RemoveRetiredModels();

  absl::Status ServeSlice(int number, RevolutionReport& report);
  absl::Status StartNextExperiment();
  // Has the gate judge a version that was deployed, on the newest suite.
  absl::StatusOr<GateReport> Judge(const std::string& version);
  // Whether the candidate passes the gate against what candidates are compared with now.
  absl::StatusOr<bool> StillPasses(const Candidate& candidate);
  // Notes how the experiment ended that runs, where it did.
  void Conclude(ExperimentReport experiment, RevolutionReport& report);
  void NoteShares(const std::map<std::string, int64_t>& answers, int64_t queries,
                  RevolutionReport& report);

  absl::Status Curate(const std::string& dataset, bool skip_review, RevolutionReport& report);
  absl::StatusOr<TrainedModel> Train(const std::string& dataset, const std::string& version,
                                     RevolutionReport& report);
  absl::Status JudgeCandidate(const TrainedModel& trained, RevolutionReport& report);
  absl::Status PlantMislabelled(int number, RevolutionReport& report);
  absl::Status PlantSkewed(const TrainedModel& genuine, RevolutionReport& report);
  // Deploys a planted candidate that sees this share of live texts, and lets it wait for its
  // experiment where the gate passes it.
  absl::Status JudgePlanted(PlantedReport& planted, const TrainedModel& trained, double text_share,
                            const std::string& outcome_of_pass, RevolutionReport& report);

  const Traffic& traffic_;
  const std::vector<Query>& test_;
  const WheelOptions options_;
  Agent agent_;
  Curator curator_;
  Trainer trainer_;
  Release release_;

  std::map<std::string, double> accuracy_;  // By version.
  std::string active_;
  std::string suite_;  // The newest version of the policy's suite.
  double first_accuracy_ = 0;
  std::string commit_token_;  // Of the last write.
  int64_t served_ = 0;        // Queries of all slices so far.
  std::vector<Candidate> waiting_;
  std::optional<Candidate> running_;
  std::vector<PlantedReport> planted_;
};

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_SUPPORT_AGENT_WHEEL_H_
