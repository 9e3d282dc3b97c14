// Values of a run: what a version answers to the cases of a suite, in one go.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_RUN_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_RUN_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "eval_gate_service/domain/version_key.h"
#include "shared/lists/list_filter.h"

namespace flywheel::evalgate {

inline constexpr int kMostAttemptsPerCase = 32;
// Of a version on a suite, those that did not finish: who needs more asks until answers please.
inline constexpr int64_t kMostUnfinishedRuns = 100;

// The numbers are stored, and those of the wire.
enum class RunState { kRunning = 1, kFinished = 2, kAborted = 3 };

// How far a run is, in attempts at cases that were not erased.
struct RunProgress {
  int64_t answered = 0;
  // The last output ended in an error of the infrastructure.
  int64_t unavailable = 0;
  friend bool operator==(const RunProgress&, const RunProgress&) = default;
};

// The cases that a version may have been trained on, as curation knew it when its run finished.
struct Contamination {
  static constexpr size_t kNamedCases = 10;

  int64_t cases = 0;
  // The first of them.
  std::vector<std::string> case_ids = {};

  friend bool operator==(const Contamination&, const Contamination&) = default;
};

// The first run of a version on a suite that finishes is what is known of the version there, and
// stays: whoever could choose between runs would not be measured.
struct Run {
  std::string run_id;
  std::string suite_id;
  // The suite's.
  std::string agent;
  std::string model_version;
  RunState state = RunState::kRunning;
  int attempts_per_case = 1;
  RunProgress progress;
  // Errors of the infrastructure that came, those that were replaced and erased included.
  int64_t infrastructure_errors = 0;
  // What the suite asks for now.
  int64_t attempts = 0;
  absl::Time create_time;
  // Once it has one.
  std::optional<absl::Time> end_time = {};
  // The id of a key; empty where the server had none.
  std::string created_by = {};
  // Words of whoever started it.
  Labels labels = {};
  // Empty where it was not aborted.
  std::string abort_reason = {};
  Contamination contamination = {};

  // While people are erased, cases leave before their outputs.
  int64_t missing() const {
    return std::max<int64_t>(0, attempts - progress.answered - progress.unavailable);
  }
};

// How many runs of a version on a suite did not finish.
struct UnfinishedRuns {
  int64_t runs = 0;
  // Of these, those that took any output, if only an error.
  int64_t with_outputs = 0;
  // Errors of the infrastructure that came in all runs of the version on the suite, the finished
  // one included.
  int64_t infrastructure_errors = 0;
};

// Which runs to list.
struct RunFilter {
  ListFilter list;
  // Empty: on whatever suite, of whatever version.
  std::string suite_id;
  std::string model_version;
  // Empty: whatever it is.
  std::optional<RunState> state;

  bool Matches(const Run& run) const {
    return list.Matches(run.create_time, run.labels) &&
           (list.agent.empty() || run.agent == list.agent) &&
           (suite_id.empty() || run.suite_id == suite_id) &&
           (model_version.empty() || IsSameVersion(run.model_version, model_version)) &&
           (!state || run.state == *state);
  }
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_RUN_H_
