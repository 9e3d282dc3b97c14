#include "experiment_service/domain/largest_unit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace flywheel::experiment {
namespace {

double Square(double x) { return x * x; }

double TwoDigits(double value) {
  const double unit = std::pow(10, std::floor(std::log10(value)) - 1);
  return std::ceil(value / unit) * unit;
}

// What one can do about a unit that is the variance.
std::string NextStep(const Metric& metric, const LargestUnit& largest, double mean,
                     const OutcomeCounts& control, const OutcomeCounts& treatment) {
  if (largest.value < mean) return "look at that unit first: a cap holds from above only";
  const std::optional<double> cap = ProposedCap(control, treatment);
  if (!cap || (metric.cap && *cap >= *metric.cap)) {
    return "hardly any other unit differs: wait for more, or ask who has any (AGGREGATION_ANY)";
  }
  return fmt::format(
      "plan the next experiment with a cap such as {:g}, which {:g} % of the units do "
      "not exceed, or with a quantile in place of the mean",
      *cap, 100 * kProposedCapQuantile);
}

}  // namespace

std::optional<LargestUnit> LargestUnitOf(const OutcomeCounts& counts,
                                         const statistics::Moments& moments) {
  if (counts.units() < 2 || counts.binary() || !counts.has_histogram()) return std::nullopt;
  if (!(moments.m2() > 0)) return std::nullopt;
  const double least = counts.histogram().Lowest().middle();
  const double greatest = counts.histogram().Highest().middle();
  const bool above = greatest - moments.mean() >= moments.mean() - least;
  LargestUnit largest;
  largest.value = above ? greatest : least;
  largest.squared_deviation = std::min(Square(largest.value - moments.mean()), moments.m2());
  largest.share = largest.squared_deviation / moments.m2();
  return largest;
}

std::optional<double> ProposedCap(const OutcomeCounts& control, const OutcomeCounts& treatment) {
  ValueHistogram both = control.histogram();
  both.Merge(treatment.histogram());
  const int64_t units = both.units();
  if (units < 2) return std::nullopt;
  const auto rank = static_cast<int64_t>(kProposedCapQuantile * static_cast<double>(units));
  const double value = both.AtRank(std::min(rank, units - 2));
  const bool between = value > both.AtRank(0) && value < both.AtRank(units - 1);
  if (!between || !(value > 0)) return std::nullopt;
  return TwoDigits(value);
}

std::string OneUnitNote(const Metric& metric, const OutcomeCounts& control,
                        const OutcomeCounts& treatment) {
  if (control.binary() && treatment.binary()) return "";
  const statistics::Moments control_moments = control.moments();
  const statistics::Moments treatment_moments = treatment.moments();
  const std::optional<LargestUnit> of_control = LargestUnitOf(control, control_moments);
  const std::optional<LargestUnit> of_treatment = LargestUnitOf(treatment, treatment_moments);
  const double control_square = of_control ? of_control->squared_deviation : 0;
  const double treatment_square = of_treatment ? of_treatment->squared_deviation : 0;
  const bool by_control = control_square >= treatment_square;
  const std::optional<LargestUnit>& largest = by_control ? of_control : of_treatment;
  const double all = control_moments.m2() + treatment_moments.m2();
  if (!largest || !(largest->squared_deviation > kOneUnitIsTheVariance * all)) return "";
  return fmt::format(
      "; one unit of the {}, at about {:.3g}, has {:.3g} % of the squared deviations of both arms, "
      "and "
      "hides what all others show: {}",
      by_control ? "control" : "treatment", largest->value, 100 * largest->squared_deviation / all,
      NextStep(metric, *largest, (by_control ? control_moments : treatment_moments).mean(), control,
               treatment));
}

}  // namespace flywheel::experiment
