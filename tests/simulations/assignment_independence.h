// How independent of each other experiments deal their units.
#ifndef FLYWHEEL_TESTS_SIMULATIONS_ASSIGNMENT_INDEPENDENCE_H_
#define FLYWHEEL_TESTS_SIMULATIONS_ASSIGNMENT_INDEPENDENCE_H_

#include <vector>

#include "tests/simulations/property.h"

namespace flywheel::simulations {

// The largest correlation of the arms of any two of 100 experiments over the same units, times the
// square root of their number: with salts, without, and of experiments whose names resemble each
// other. The largest of 4,950 pairs is about 3.9 where arms are drawn; at most 5.
std::vector<Property> MeasureAssignmentIndependence();

}  // namespace flywheel::simulations

#endif  // FLYWHEEL_TESTS_SIMULATIONS_ASSIGNMENT_INDEPENDENCE_H_
