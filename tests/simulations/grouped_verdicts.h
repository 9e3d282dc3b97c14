// Error rates of the eval gate's verdicts where cases are not independent of one another.
#ifndef FLYWHEEL_TESTS_SIMULATIONS_GROUPED_VERDICTS_H_
#define FLYWHEEL_TESTS_SIMULATIONS_GROUPED_VERDICTS_H_

#include <cstdint>
#include <vector>

#include "tests/simulations/property.h"

namespace flywheel::simulations {

// How often the gate passes a rate that lies exactly at its floor, blocks a version that is as
// good, and passes one that is worse by the margin, where the cases of a group, or the attempts at
// a case, resemble each other; `releases` of each kind are drawn.
std::vector<Property> SimulateGroupedVerdicts(int64_t releases);

}  // namespace flywheel::simulations

#endif  // FLYWHEEL_TESTS_SIMULATIONS_GROUPED_VERDICTS_H_
