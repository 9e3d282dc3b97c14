// Immutable in-memory form of a stored experiment.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_LIVE_EXPERIMENT_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_LIVE_EXPERIMENT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "experiment_service/domain/assignment.h"
#include "experiment_service/domain/experiment.h"
#include "experiment_service/store/experiment_store.h"

namespace flywheel::experiment {

// Immutable, so shared between threads: an experiment that stops, or whose ramp goes on, is another
// object.
struct LiveExperiment {
  explicit LiveExperiment(StoredExperiment stored)
      : ordinal(stored.ordinal),
        project(std::move(stored.project)),
        experiment(std::move(stored.experiment)),
        assignment(project, experiment, stored.assignment_salt),
        token_key(HashText(static_cast<uint64_t>(ordinal), experiment.experiment_id)) {}

  const int64_t ordinal;
  const std::string project;
  const Experiment experiment;
  const Assignment assignment;
  // Names it in assignment tokens. After a store was restored from a backup another experiment may
  // have its ordinal, and none of its tokens.
  const uint64_t token_key;
};

using LiveExperimentPtr = std::shared_ptr<const LiveExperiment>;

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_LIVE_EXPERIMENT_H_
