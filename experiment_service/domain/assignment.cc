#include "experiment_service/domain/assignment.h"

#include <cstddef>
#include <vector>

namespace flywheel::experiment {
namespace {

std::vector<double> Weights(const Experiment& experiment) {
  std::vector<double> weights;
  weights.reserve(experiment.arms.size());
  for (const Arm& arm : experiment.arms) weights.push_back(arm.weight);
  return weights;
}

// The last one that is marked; the first where none is.
size_t ControlOf(const Experiment& experiment) {
  size_t control = 0;
  for (size_t i = 0; i < experiment.arms.size(); ++i) {
    if (experiment.arms[i].control) control = i;
  }
  return control;
}

}  // namespace

Assignment::Assignment(std::string_view project, const Experiment& experiment,
                       std::string_view salt)
    : assign::Assignment(assign::SeedOf(project, experiment.experiment_id, salt),
                         Weights(experiment), ControlOf(experiment), experiment.coverage()) {}

}  // namespace flywheel::experiment
