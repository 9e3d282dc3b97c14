// How soon the experiment service's verdicts come, on experiments whose truth is known.
#ifndef FLYWHEEL_TESTS_SIMULATIONS_EXPERIMENT_POWER_H_
#define FLYWHEEL_TESTS_SIMULATIONS_EXPERIMENT_POWER_H_

#include <cstdint>
#include <vector>

#include "tests/simulations/property.h"

namespace flywheel::simulations {

// How often a gain is found by the units that one look with a power of 80 % needs, what a dead or a
// harmful version costs, and how soon a perfect one is shipped; `experiments` of each kind are
// looked at `looks` times.
std::vector<Property> SimulateExperimentPower(int64_t experiments, int looks);

}  // namespace flywheel::simulations

#endif  // FLYWHEEL_TESTS_SIMULATIONS_EXPERIMENT_POWER_H_
