// The release pipeline of the agent: asks the gate, runs experiments, promotes.
#ifndef FLYWHEEL_EXAMPLES_SUPPORT_AGENT_RELEASE_H_
#define FLYWHEEL_EXAMPLES_SUPPORT_AGENT_RELEASE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "examples/support_agent/report.h"
#include "examples/support_agent/services.h"

namespace flywheel::example {

// How careful the pipeline is.
struct ReleasePolicy {
  // What makes an output right.
  evalgate::v1::Evaluator evaluator = evalgate::v1::EVALUATOR_EXACT_MATCH;
  // What the experiment counts: 1 for a session that went well, 0 for another.
  std::string metric = "accepted";
  // The share of the sessions that a candidate gets until it is promoted.
  double canary_share = 0.3;
  // The relative loss of accepted answers that an experiment must exclude before it recommends
  // SHIP. Wide, because the gate has compared the versions case by case: the experiment is there to
  // see harm.
  double canary_margin = 0.2;
  // The pass rate that every channel of a suite must reach; the first models are far from the
  // gate's default of 0.92.
  double pass_rate_floor = 0.4;
  // Sessions after which the experiment's interval is narrowest.
  int64_t planned_sessions = 1000;
};

// Not thread-safe.
class Release {
 public:
  Release(const Services* services, std::string agent, ReleasePolicy policy)
      : services_(*services), agent_(std::move(agent)), policy_(std::move(policy)) {}

  // Makes a suite of the dataset version's eval side.
  absl::Status CreateSuite(const std::string& suite_id, const std::string& dataset_version_id);

  // Answers a case: everything of the output but its id.
  using Answerer = std::function<evalgate::v1::CaseOutput(const evalgate::v1::SuiteCase&)>;

  // Answers every case of the suite as `version` and hands the answers in.
  absl::Status SubmitOutputs(const std::string& suite_id, const std::string& version,
                             const Answerer& answer);

  // The gate's verdict on a version whose outputs were handed in, against the one that serves.
  absl::StatusOr<GateReport> Judge(const std::string& suite_id, const std::string& version,
                                   const std::string& baseline);

  // Gives the candidate the canary's share of the sessions.
  absl::Status StartExperiment(const std::string& experiment_id, const std::string& active,
                               const std::string& candidate);

  // What the experiment says now.
  absl::StatusOr<ExperimentReport> Analyze(const std::string& experiment_id,
                                           const std::string& candidate);

  absl::Status StopExperiment(const std::string& experiment_id, const std::string& reason);

  // Makes a version the active one: on an experiment's word, or (empty) on the release manager's.
  absl::Status Promote(const std::string& version, const std::string& experiment_id);

 private:
  const Services& services_;
  const std::string agent_;
  const ReleasePolicy policy_;
};

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_SUPPORT_AGENT_RELEASE_H_
