// Error rates of the experiment service's verdicts on ratio metrics, such as cost per answer.
#ifndef FLYWHEEL_TESTS_SIMULATIONS_EXPERIMENT_RATIOS_H_
#define FLYWHEEL_TESTS_SIMULATIONS_EXPERIMENT_RATIOS_H_

#include <cstdint>
#include <vector>

#include "tests/simulations/property.h"

namespace flywheel::simulations {

// How often a version whose ratio is the control's is shipped or rolled back, and how soon half of
// a cost is found out. Users have several events each, and those who have many have dearer ones;
// where a version only has them ask more often, the ratio is the same. `experiments` of each kind
// are looked at `looks` times.
std::vector<Property> SimulateExperimentRatios(int64_t experiments, int looks);

}  // namespace flywheel::simulations

#endif  // FLYWHEEL_TESTS_SIMULATIONS_EXPERIMENT_RATIOS_H_
