// Whether the experiment service's figures hold: checks of its data, intervals and reported lifts.
#ifndef FLYWHEEL_TESTS_SIMULATIONS_EXPERIMENT_FIGURES_H_
#define FLYWHEEL_TESTS_SIMULATIONS_EXPERIMENT_FIGURES_H_

#include <cstdint>
#include <vector>

#include "tests/simulations/property.h"

namespace flywheel::simulations {

// How often the checks of the arms' sizes and of missing outcomes raise a false alarm, how soon
// they find a loss, how often no look's interval misses the truth, and how far from it a reported
// lift is at the moment of SHIP; `experiments` of each kind are looked at `looks` times.
std::vector<Property> SimulateExperimentFigures(int64_t experiments, int looks);

}  // namespace flywheel::simulations

#endif  // FLYWHEEL_TESTS_SIMULATIONS_EXPERIMENT_FIGURES_H_
