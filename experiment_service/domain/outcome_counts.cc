#include "experiment_service/domain/outcome_counts.h"

#include <cmath>

namespace flywheel::experiment {
namespace {

// Squared deviations below this part of the sum of squares are what rounding leaves of none at all.
constexpr double kRoundingFloor = 0x1.0p-90;

bool KeepsHistogram(const Metric& metric) { return metric.aggregation != Aggregation::kAny; }

bool IsBinary(double value) { return value == 0 || value == 1; }

// So many times the square of a value.
void AddSquares(double count, double value, ExactSum& sum) {
  const double square = value * value;
  sum.AddProduct(count, square);
  sum.AddProduct(count, std::fma(value, value, -square));
}

}  // namespace

OutcomeCounts OutcomeCounts::OfSuccesses(int64_t units, int64_t successes) {
  OutcomeCounts counts;
  counts.parts_.units = units;
  counts.parts_.outcomes = units;
  counts.parts_.sum.Add(static_cast<double>(successes));
  counts.parts_.sum_of_squares = counts.parts_.sum;
  counts.parts_.histogram.Add(0, units - successes);
  counts.parts_.histogram.Add(1, successes);
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

void OutcomeCounts::Add(const Metric& metric, const UnitTotal& total, bool matured) {
  if (total.outcomes == 0) return;
  const double value = total.Value(metric);
  ++parts_.units;
  parts_.outcomes += total.outcomes;
  if (matured) ++parts_.matured_units;
  if (!IsBinary(value)) ++parts_.other_units;
  parts_.sum.Add(value);
  parts_.sum_of_squares.AddSquare(value);
  if (KeepsHistogram(metric)) parts_.histogram.Add(value);
}

void OutcomeCounts::Remove(const Metric& metric, const UnitTotal& total, bool matured) {
  if (total.outcomes == 0) return;
  const double value = total.Value(metric);
  --parts_.units;
  parts_.outcomes -= total.outcomes;
  if (matured) --parts_.matured_units;
  if (!IsBinary(value)) --parts_.other_units;
  parts_.sum.Subtract(value);
  parts_.sum_of_squares.SubtractSquare(value);
  if (KeepsHistogram(metric)) parts_.histogram.Add(value, -1);
}

statistics::Moments OutcomeCounts::moments() const {
  if (parts_.units == 0) return statistics::Moments();
  const auto count = static_cast<double>(parts_.units);
  const double deviations = parts_.sum_of_squares.MinusSquareOver(parts_.sum, count);
  const bool varies = deviations > kRoundingFloor * parts_.sum_of_squares.value();
  return statistics::Moments(parts_.units, parts_.sum.value() / count, varies ? deviations : 0);
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
