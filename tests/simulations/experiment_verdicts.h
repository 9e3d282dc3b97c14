// Error rates of the experiment service's verdicts, on experiments whose truth is known.
#ifndef FLYWHEEL_TESTS_SIMULATIONS_EXPERIMENT_VERDICTS_H_
#define FLYWHEEL_TESTS_SIMULATIONS_EXPERIMENT_VERDICTS_H_

#include <cstdint>
#include <vector>

#include "tests/simulations/property.h"

namespace flywheel::simulations {

// How often a version that is as good is shipped or rolled back, one that lost the margin is called
// no worse, and a SHIP is taken back, when everybody looks all the time: `experiments` of each kind
// are looked at `looks` times, from 20 units to two million.
std::vector<Property> SimulateExperimentVerdicts(int64_t experiments, int looks);

}  // namespace flywheel::simulations

#endif  // FLYWHEEL_TESTS_SIMULATIONS_EXPERIMENT_VERDICTS_H_
