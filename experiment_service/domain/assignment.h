// The assignment of an experiment's units to its arms.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_ASSIGNMENT_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_ASSIGNMENT_H_

#include <string_view>

#include "assign/core/assignment.h"
#include "experiment_service/domain/experiment.h"

namespace flywheel::experiment {

using assign::HashText;

// An experiment's Assignment, made of the experiment. Immutable, so thread-safe.
//
//   const Assignment assignment(project, experiment, salt);
//   const assign::Place place = assignment.PlaceOf(unit_id);
//   if (!place.covered) return active_version;
//   const Arm& arm = experiment.arms[place.arm];
class Assignment : public assign::Assignment {
 public:
  // `salt` is the experiment's; empty for one from before there were salts, and where nothing is
  // dealt and only the shares are asked for.
  Assignment(std::string_view project, const Experiment& experiment, std::string_view salt = {});
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_ASSIGNMENT_H_
