#include "experiment_service/domain/outcome_counts.h"

#include <algorithm>
#include <cmath>

namespace flywheel::experiment {
namespace {

// Squared deviations below this part of the sum of squares are what rounding leaves of none at all.
constexpr double kRoundingFloor = 0x1.0p-90;
// A ratio's below this part of what they are a difference of.
constexpr double kResidualFloor = 0x1.0p-48;

// A ratio's largest unit is none of its own sum alone.
bool KeepsHistogram(const Metric& metric) {
  return metric.aggregation != Aggregation::kAny && !metric.is_ratio();
}

bool IsBinary(double value) { return value == 0 || value == 1; }

// So many times the product of two values.
void AddProducts(double count, double x, double y, ExactSum& sum) {
  const double product = x * y;
  sum.AddProduct(count, product);
  sum.AddProduct(count, std::fma(x, y, -product));
}

void AddSquares(double count, double value, ExactSum& sum) {
  AddProducts(count, value, value, sum);
}

}  // namespace

OutcomeCounts OutcomeCounts::OfSuccesses(int64_t units, int64_t successes) {
  OutcomeCounts counts;
  counts.parts_.units = units;
  counts.parts_.outcomes = units;
  counts.parts_.sum.Add(static_cast<double>(successes));
  counts.parts_.sum_of_squares = counts.parts_.sum;
  return counts;
}

OutcomeCounts OutcomeCounts::OfMoments(int64_t units, double mean, double standard_deviation) {
  OutcomeCounts counts;
  if (units == 0) return counts;
  counts.parts_.units = units;
  counts.parts_.outcomes = units;
  counts.parts_.other_units = units;
  const auto count = static_cast<double>(units);
  counts.parts_.sum.AddProduct(count, mean);
  AddSquares(count, mean, counts.parts_.sum_of_squares);
  AddSquares(count - 1, standard_deviation, counts.parts_.sum_of_squares);
  return counts;
}

OutcomeCounts OutcomeCounts::OfRatio(int64_t units, const RatioMoments& moments) {
  OutcomeCounts counts = OfMoments(units, moments.numerator_mean, moments.numerator_deviation);
  const OutcomeCounts denominators =
      OfMoments(units, moments.denominator_mean, moments.denominator_deviation);
  counts.parts_.denominator_sum = denominators.parts_.sum;
  counts.parts_.denominator_sum_of_squares = denominators.parts_.sum_of_squares;
  if (units == 0) return counts;
  const auto count = static_cast<double>(units);
  AddProducts(count, moments.numerator_mean, moments.denominator_mean, counts.parts_.product_sum);
  counts.parts_.product_sum.AddProduct(count - 1, moments.covariance);
  return counts;
}

void OutcomeCounts::Add(const Metric& metric, const UnitTotal& total, bool matured,
                        const UnitTotal& denominator) {
  Count(metric, total, denominator, matured, 1);
}

void OutcomeCounts::Remove(const Metric& metric, const UnitTotal& total, bool matured,
                           const UnitTotal& denominator) {
  Count(metric, total, denominator, matured, -1);
}

void OutcomeCounts::Count(const Metric& metric, const UnitTotal& total,
                          const UnitTotal& denominator, bool matured, int sign) {
  const int64_t outcomes = total.outcomes + denominator.outcomes;
  if (outcomes == 0) return;
  const double value = total.outcomes == 0 ? 0 : total.Value(metric);
  parts_.units += sign;
  parts_.outcomes += sign * outcomes;
  if (matured) parts_.matured_units += sign;
  if (metric.is_ratio() || !IsBinary(value)) parts_.other_units += sign;
  parts_.sum.Add(sign * value);
  parts_.sum_of_squares.AddProduct(sign * value, value);
  if (KeepsHistogram(metric)) parts_.histogram.Add(value, sign);
  if (!metric.is_ratio()) return;
  const double divided_by = std::clamp(denominator.sum.value(), -kLargestValue, kLargestValue);
  parts_.denominator_sum.Add(sign * divided_by);
  parts_.denominator_sum_of_squares.AddProduct(sign * divided_by, divided_by);
  parts_.product_sum.AddProduct(sign * value, divided_by);
}

statistics::Moments OutcomeCounts::moments() const {
  if (parts_.units == 0) return statistics::Moments();
  if (is_ratio()) return RatioMomentsOfUnits();
  const auto count = static_cast<double>(parts_.units);
  const double deviations = parts_.sum_of_squares.MinusSquareOver(parts_.sum, count);
  const bool varies = deviations > kRoundingFloor * parts_.sum_of_squares.value();
  return statistics::Moments(parts_.units, parts_.sum.value() / count, varies ? deviations : 0);
}

// By the sum of (x - R y)^2, from those of the deviations from both means, which are exact.
statistics::Moments OutcomeCounts::RatioMomentsOfUnits() const {
  const auto count = static_cast<double>(parts_.units);
  const double ratio = parts_.sum.value() / parts_.denominator_sum.value();
  const double mean = parts_.denominator_sum.value() / count;
  const double own = parts_.sum_of_squares.MinusSquareOver(parts_.sum, count);
  const double products =
      parts_.product_sum.MinusProductOver(parts_.sum, parts_.denominator_sum, count);
  const double others =
      parts_.denominator_sum_of_squares.MinusSquareOver(parts_.denominator_sum, count);
  const double expected = ratio * ratio * others;  // Of x where it is R y.
  const double residuals = own - 2 * ratio * products + expected;
  const bool varies = residuals > kResidualFloor * (own + expected) &&
                      residuals > kRoundingFloor * parts_.sum_of_squares.value();
  return statistics::Moments(parts_.units, ratio, varies ? residuals / mean / mean : 0);
}

double OutcomeCounts::DenominatorZ() const {
  if (parts_.units < 2) return 0;
  const auto count = static_cast<double>(parts_.units);
  const double deviations =
      parts_.denominator_sum_of_squares.MinusSquareOver(parts_.denominator_sum, count);
  // The mean over sqrt(deviations / (n - 1) / n).
  return parts_.denominator_sum.value() / std::sqrt(deviations * count / (count - 1));
}

OutcomeCounts OutcomeCounts::WithOthers(int64_t units, double value) const {
  OutcomeCounts all = *this;
  all.parts_.units += units;
  if (!IsBinary(value)) all.parts_.other_units += units;
  const auto count = static_cast<double>(units);
  all.parts_.sum.AddProduct(count, value);
  AddSquares(count, value, all.parts_.sum_of_squares);
  all.parts_.histogram.Add(value, units);
  return all;
}

}  // namespace flywheel::experiment
