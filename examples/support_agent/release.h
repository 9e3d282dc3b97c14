// The release pipeline of the agent: asks the gate, runs experiments, promotes.
#ifndef FLYWHEEL_EXAMPLES_SUPPORT_AGENT_RELEASE_H_
#define FLYWHEEL_EXAMPLES_SUPPORT_AGENT_RELEASE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "examples/support_agent/report.h"
#include "examples/support_agent/services.h"

namespace flywheel::example {

// How careful the pipeline is.
struct ReleaseOptions {
  // What makes an output right: a kind of the gate's evaluators.
  std::string evaluator = "normalised";
  // What people do about an answer that helped. An experiment counts the share of such answers.
  std::vector<experiment::v1::SignalKind> praise = {experiment::v1::SIGNAL_KIND_ACCEPTED};
  // The relative loss of that share that an experiment must exclude before it recommends SHIP. The
  // gate has shown the gain case by case: the experiment is there to see harm in live traffic.
  double margin = 0.05;
  // And the share of the sessions that may become escalations on top of the control's: each takes a
  // person's time, whatever else a version does better.
  double escalation_margin = 0.03;
  // And the time that an answer may take longer: nobody notices less.
  absl::Duration latency_margin = absl::Milliseconds(50);
  // The shares of the sessions that an experiment takes, half of them the candidate's, one after
  // the other. Days are seconds here.
  std::vector<double> coverage = {0.2, 0.5, 1};
  absl::Duration step_duration = absl::Seconds(1);
  // No SHIP before an experiment has so many sessions.
  int64_t min_sessions = 200;
  // The pass rate that the suite and every channel of it must reach; the first models are far from
  // the gate's default of 0.92.
  double pass_rate_floor = 0.4;
  // Sessions that an experiment is planned for.
  int64_t planned_sessions = 1000;
};

// Not thread-safe. It starts experiments, and looks: what they find promotes a version or takes it
// back by itself.
class Release {
 public:
  Release(const Services* services, std::string agent, ReleaseOptions options)
      : services_(*services), agent_(std::move(agent)), options_(std::move(options)) {}

  // Sets the agent's release policy: one suite counts, and this is its bar. The owner of an agent
  // does that, once, before anything is judged.
  absl::Status SetPolicy();

  // What candidates are compared with now, as the policy says: the version that serves, and the
  // best that was approved where that is another one. Candidates run beside these.
  absl::StatusOr<std::vector<std::string>> ComparedVersions();

  // Makes the next version of the policy's suite, of the dataset version's eval side.
  absl::Status CreateSuite(const std::string& suite_id, const std::string& dataset_version_id);

  // Answers a case: everything of the output but its id.
  using Answerer = std::function<evalgate::v1::CaseOutput(const evalgate::v1::SuiteCase&)>;

  // Answers every case of the suite as `version`, in one run.
  absl::Status RunSuite(const std::string& suite_id, const std::string& version,
                        const Answerer& answer);

  // The gate's verdict by the policy. The version, and those that it is compared with, ran the
  // suite.
  absl::StatusOr<GateReport> Judge(const std::string& suite_id, const std::string& version);

  // The gate's answer to "may it ship now?", whatever was judged when.
  absl::StatusOr<GateReport> Ask(const std::string& version);

  // Begins the ramp of a candidate.
  absl::Status StartExperiment(const std::string& experiment_id, const std::string& active,
                               const std::string& candidate);

  // Watches the experiment until its ramp has ended it, but no longer than `time`, and returns what
  // it says then. Where the candidate was promoted, the gate compares others with it from then on.
  absl::StatusOr<ExperimentReport> Watch(const std::string& experiment_id,
                                         const std::string& candidate, absl::Duration time);

  // The same while the ramp still has to act on what the experiment says.
  absl::StatusOr<ExperimentReport> Settle(const std::string& experiment_id,
                                          const std::string& candidate);

  // Makes the first version the active one, on the release manager's word.
  absl::Status PromoteFirst(const std::string& version);

 private:
  absl::StatusOr<ExperimentReport> Look(const std::string& experiment_id,
                                        const std::string& candidate);
  // What the ramp did, and the decision it ended by; 0 where it did not, or somebody else ended it.
  absl::StatusOr<int64_t> AddRamp(const std::string& experiment_id, ExperimentReport& report);
  absl::Status AddAnalysis(const std::string& experiment_id, ExperimentReport& report);
  absl::Status AddDecision(const std::string& experiment_id, int64_t sequence,
                           ExperimentReport& report);
  absl::Status AwaitApproval(const std::string& version);

  const Services& services_;
  const std::string agent_;
  const ReleaseOptions options_;
};

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_SUPPORT_AGENT_RELEASE_H_
