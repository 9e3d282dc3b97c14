// Error rates of the eval gate's verdicts, on releases whose truth is known.
#ifndef FLYWHEEL_TESTS_SIMULATIONS_VERDICTS_H_
#define FLYWHEEL_TESTS_SIMULATIONS_VERDICTS_H_

#include <cstdint>
#include <vector>

#include "tests/simulations/property.h"

namespace flywheel::simulations {

// How often the gate blocks a version that is as good, passes one that is worse in one of twelve
// cohorts, and passes a rate that lies exactly at its floor; `releases` of each kind are drawn. The
// last is enumerated for every number of cases up to 3,000, or every `floor_step`-th.
std::vector<Property> SimulateVerdicts(int64_t releases, int64_t floor_step);

}  // namespace flywheel::simulations

#endif  // FLYWHEEL_TESTS_SIMULATIONS_VERDICTS_H_
