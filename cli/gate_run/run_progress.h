// What is said of a run while it goes on.
#ifndef FLYWHEEL_CLI_GATE_RUN_RUN_PROGRESS_H_
#define FLYWHEEL_CLI_GATE_RUN_RUN_PROGRESS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace flywheel::cli {

// What was asked so far.
struct RunProgressState {
  int64_t done = 0;
  int64_t total = 0;
  // Of those that are done.
  int64_t errors = 0;
  int64_t infrastructure_errors = 0;
  double cost_usd = 0;
  absl::Duration elapsed;
};

// The question that has waited longest for its answer.
struct WaitingQuestion {
  std::string case_id;
  // From 1.
  int attempt = 1;
  absl::Duration waited;
};

// "12 of 50 asked, 0 errors, 3.1 a second, waiting for case 'c7' for 34s", the last where a
// question waits for five seconds or more.
std::string ProgressText(const RunProgressState& state,
                         const std::optional<WaitingQuestion>& longest);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_RUN_PROGRESS_H_
