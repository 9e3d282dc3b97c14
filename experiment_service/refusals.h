// Refusals that several parts of the experiment service answer with, each with its next step.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_REFUSALS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_REFUSALS_H_

#include <fmt/format.h>

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "shared/status/errors.h"
#include "shared/time/time_text.h"

namespace flywheel::experiment {

inline absl::Status NoSuchExperiment(const std::string& experiment_id) {
  return errors::NotFound("experiment", experiment_id, "List the experiments to see which exist.");
}

// For an agent that has no active version.
inline absl::Status NoSuchAgent(const std::string& agent) {
  return errors::NotFound(
      "agent", agent,
      "List the agents (flywheel experiment agents) to see which have an active "
      "version; of a new one promote a first version, with a waiver.");
}

// For an outcome or an exposure that comes too late.
inline absl::Status AfterStop(const std::string& experiment_id, absl::Time stop_time) {
  return errors::FailedPrecondition(
      Reason::kAlreadyEnded, "experiment", experiment_id,
      fmt::format("stopped at {}", SecondsText(stop_time)),
      "an experiment that runs: what it found until its stop stays what was found");
}

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_REFUSALS_H_
