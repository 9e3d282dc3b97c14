// NOT_FOUND errors of the experiment service, each with its next step.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_NOT_FOUND_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_NOT_FOUND_H_

#include <string>

#include "absl/status/status.h"
#include "shared/status/errors.h"

namespace flywheel::experiment {

inline absl::Status NoSuchExperiment(const std::string& experiment_id) {
  return errors::NotFound("experiment", experiment_id, "List the experiments to see which exist.");
}

// For an agent that has no active version.
inline absl::Status NoSuchAgent(const std::string& agent) {
  return errors::NotFound("agent", agent, "Promote a first version of it, with a waiver.");
}

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_NOT_FOUND_H_
