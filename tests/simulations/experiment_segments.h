// Error rates of the analysis by segments, on experiments whose truth is known.
#ifndef FLYWHEEL_TESTS_SIMULATIONS_EXPERIMENT_SEGMENTS_H_
#define FLYWHEEL_TESTS_SIMULATIONS_EXPERIMENT_SEGMENTS_H_

#include <cstdint>
#include <vector>

#include "tests/simulations/property.h"

namespace flywheel::simulations {

// How often an experiment with segments but without any effect ever shows a lift of some value, a
// lift that depends on the segment, or arms of some value that are not sound, when everybody looks
// all the time; and how soon a value is found whose treatment loses units: a quarter of
// `experiments` of each kind, for an analysis of twenty values costs as much as twenty, are looked
// at `looks` times, from 200 units to 200,000.
std::vector<Property> SimulateExperimentSegments(int64_t experiments, int looks);

}  // namespace flywheel::simulations

#endif  // FLYWHEEL_TESTS_SIMULATIONS_EXPERIMENT_SEGMENTS_H_
