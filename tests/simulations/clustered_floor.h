// Chance of reaching a floor wrongly, by bounds for cases in groups.
#ifndef FLYWHEEL_TESTS_SIMULATIONS_CLUSTERED_FLOOR_H_
#define FLYWHEEL_TESTS_SIMULATIONS_CLUSTERED_FLOOR_H_

#include <cstdint>
#include <vector>

#include "tests/simulations/property.h"

namespace flywheel::simulations {

// How often a rate that lies exactly at its floor is found to be there, at an alpha of 0.05, in the
// worst of 240 kinds of suites: 20 to 400 groups of 2 to 8 cases, correlations of 0.05 to 0.8,
// floors of 0.8 to 0.99. By our bound, and by that of Korn and Graubard without a further group,
// which is what the further group is for. The worst kind is found by `releases` suites of each, and
// what is said of it is of as many others.
std::vector<Property> SimulateClusteredFloors(int64_t releases);

}  // namespace flywheel::simulations

#endif  // FLYWHEEL_TESTS_SIMULATIONS_CLUSTERED_FLOOR_H_
