// The main loop: serve, record, curate, train, gate, experiment, promote, and again.
#ifndef FLYWHEEL_EXAMPLES_TOOL_AGENT_TOOL_WHEEL_H_
#define FLYWHEEL_EXAMPLES_TOOL_AGENT_TOOL_WHEEL_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "examples/support_agent/curator.h"
#include "examples/support_agent/queries.h"
#include "examples/support_agent/release.h"
#include "examples/support_agent/report.h"
#include "examples/support_agent/services.h"
#include "examples/support_agent/trainer.h"
#include "examples/tool_agent/tool_agent.h"

namespace flywheel::example {

struct ToolWheelOptions {
  ReleaseOptions release;
  // Share of the sessions that are kept for judging and never trained on.
  double eval_share = 0.15;
  // While an experiment runs, the next sessions come so long after those before them: a ramp takes
  // its time.
  absl::Duration batch_interval = absl::Milliseconds(250);
  // Told now and then what is being done.
  std::function<void(const std::string&)> progress = [](const std::string&) {};
};

// One run over a traffic. Every step is an RPC that any customer of Flywheel would make. Not
// thread-safe.
class ToolWheel {
 public:
  // `test` is only ever used to measure. All pointers outlive this object.
  ToolWheel(const Services* services, const Traffic* traffic, const std::vector<Query>* test,
            std::string model_directory, ToolWheelOptions options);

  // Sets the release policy, records the seeds, trains the first version on them and promotes it.
  absl::Status Begin();

  // Revolution `number`, from 1: serves the slice, then makes and judges the next candidate.
  absl::StatusOr<RevolutionReport> Turn(int number);

  // Of the version that serves: the share of the turns of the test in which it makes the right
  // call, tool and arguments, after the conversation that it should have been.
  double accuracy() const { return accuracy_.at(active_); }

 private:
  struct Candidate {
    std::string version;
    std::string experiment_id;
  };

  absl::StatusOr<double> Measure(const ToolPolicy& policy) const;
  absl::Status ServeSlice(int number, RevolutionReport& report);
  absl::Status StartWaiting();
  // Notes how the experiment ended that runs, where it did.
  void Conclude(ExperimentReport experiment, RevolutionReport& report);
  absl::StatusOr<std::string> Train(int number, RevolutionReport& report);
  absl::Status JudgeCandidate(int number, const std::string& version, RevolutionReport& report);

  const Services* const services_;
  const Traffic& traffic_;
  const std::vector<Query>& test_;
  const ToolWheelOptions options_;
  ToolAgent agent_;
  Curator curator_;
  Trainer trainer_;
  Release release_;

  std::map<std::string, double> accuracy_;  // By version.
  std::string active_;
  std::string commit_token_;  // Of the last write.
  int64_t served_ = 0;        // Sessions of all slices so far.
  std::optional<Candidate> waiting_;
  std::optional<Candidate> running_;
};

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_TOOL_AGENT_TOOL_WHEEL_H_
