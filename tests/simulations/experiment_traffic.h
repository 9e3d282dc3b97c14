// Simulated traffic of an experiment, looked at over and over.
#ifndef FLYWHEEL_TESTS_SIMULATIONS_EXPERIMENT_TRAFFIC_H_
#define FLYWHEEL_TESTS_SIMULATIONS_EXPERIMENT_TRAFFIC_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "experiment_service/domain/analysis.h"
#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/experiment.h"

namespace flywheel::simulations {

using Random = std::mt19937_64;

// Units of one arm that come between two looks.
struct Batch {
  size_t arm = 0;
  int64_t units = 0;
  int64_t before = 0;  // Units that had come to all arms together.
};

// What a batch becomes in the counts of its arm.
using Arrival = std::function<void(const Batch&, Random&, experiment::ArmCounts&)>;

// All of them have an outcome, which is 1 with the probability of their arm.
Arrival Proportions(const std::vector<double>& rates);
// The same where the values are drawn, one a unit, and a value above the metric's cap is the cap.
Arrival Values(const experiment::Metric& metric,
               const std::function<double(size_t arm, Random&)>& draw);
// `outcomes` units of a batch have an outcome, of which `ones` are 1; all of them have come of age.
void Report(int64_t units, int64_t outcomes, int64_t ones, experiment::ArmCounts& counts);
int64_t DrawBinomial(int64_t trials, double probability, Random& random);

// A plan that hides nothing: one metric, no smallest number of units, no smallest duration, and
// every lift is worth shipping.
experiment::AnalysisPlan BarePlan(int64_t planned_units);

// An experiment whose truth is known.
struct Subject {
  experiment::AnalysisPlan plan;
  std::vector<double> weights;  // That of the control comes first.
  Arrival arrive;
  // Looks at so many units of all arms, in equal ratios.
  int64_t first_look = 20;
  int64_t last_look = 2'000'000;
  int looks = 300;
  uint64_t seed = 20240814;
};

// Looks at one course of the experiment until `look` answers false, or at all of its units. The
// last look is at exactly `last_look` units.
void Watch(const Subject& subject, Random& random,
           const std::function<bool(int64_t units, const experiment::Analysis&)>& look);

// Of a look at all treatments.
bool Says(const experiment::Analysis& analysis, experiment::Recommendation recommendation);

// In how many of `experiments` courses some look is as `wanted`.
int64_t CountEver(const Subject& subject, int64_t experiments,
                  const std::function<bool(const experiment::Analysis&)>& wanted);

// The units of all arms at the first look that is as `wanted`, one a course; infinite for none.
std::vector<double> UnitsUntil(const Subject& subject, int64_t experiments,
                               const std::function<bool(const experiment::Analysis&)>& wanted);

}  // namespace flywheel::simulations

#endif  // FLYWHEEL_TESTS_SIMULATIONS_EXPERIMENT_TRAFFIC_H_
