// The unit of an arm that is furthest from its mean, and what to do where it alone is the variance.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_LARGEST_UNIT_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_LARGEST_UNIT_H_

#include <optional>
#include <string>

#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/outcome_counts.h"
#include "statistics/moments.h"

namespace flywheel::experiment {

// A unit that has more than this of the squared deviations of both arms together is their variance:
// no other unit can be seen beside it.
inline constexpr double kOneUnitIsTheVariance = 0.5;
// The share of the units that a proposed cap leaves as they are.
inline constexpr double kProposedCapQuantile = 0.99;

// One unit of an arm.
struct LargestUnit {
  // To the histogram's accuracy, as what follows.
  double value = 0;
  double squared_deviation = 0;  // From the arm's mean.
  double share = 0;              // Of the arm's sum of squared deviations; at most 1.
};

// The one that is furthest from the arm's mean, by the moments of its counts. Nothing where the
// units' values are not known, are all 0 or 1, or do not differ.
std::optional<LargestUnit> LargestUnitOf(const OutcomeCounts& counts,
                                         const statistics::Moments& moments);

// A cap for the next plan: the value that 99 % of the units of both arms do not exceed, to two
// digits. Nothing where that would leave nothing to compare: where it is the least value of all or
// the greatest.
std::optional<double> ProposedCap(const OutcomeCounts& control, const OutcomeCounts& treatment);

// What to tell where one unit is the variance of both arms: whose, how much, and what to do; empty
// where none is.
std::string OneUnitNote(const Metric& metric, const OutcomeCounts& control,
                        const OutcomeCounts& treatment);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_LARGEST_UNIT_H_
