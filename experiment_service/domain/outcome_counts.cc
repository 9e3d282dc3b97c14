#include "experiment_service/domain/outcome_counts.h"

namespace flywheel::experiment {
namespace {

// Squared deviations below this part of the sum of squares are what rounding leaves of none at all.
constexpr double kRoundingFloor = 0x1.0p-90;

bool IsBinary(double value) { return value == 0 || value == 1; }

}  // namespace

void OutcomeCounts::Count(const UnitChange& change) {
  if (change.newly_exposed) ++parts_.exposed_units;
  if (change.before.outcomes == change.after.outcomes) return;
  parts_.outcomes += change.after.outcomes - change.before.outcomes;
  if (change.before.outcomes > 0) RemoveUnit(change.before.mean());
  if (change.after.outcomes > 0) AddUnit(change.after.mean());
}

void OutcomeCounts::AddUnit(double mean) {
  ++parts_.units;
  if (!IsBinary(mean)) ++parts_.other_units;
  parts_.sum.Add(mean);
  parts_.sum_of_squares.AddSquare(mean);
}

void OutcomeCounts::RemoveUnit(double mean) {
  --parts_.units;
  if (!IsBinary(mean)) --parts_.other_units;
  parts_.sum.Subtract(mean);
  parts_.sum_of_squares.SubtractSquare(mean);
}

statistics::Moments OutcomeCounts::moments() const {
  if (parts_.units == 0) return statistics::Moments();
  const auto count = static_cast<double>(parts_.units);
  const double deviations = parts_.sum_of_squares.MinusSquareOver(parts_.sum, count);
  const bool varies = deviations > kRoundingFloor * parts_.sum_of_squares.value();
  return statistics::Moments(parts_.units, parts_.sum.value() / count, varies ? deviations : 0);
}

}  // namespace flywheel::experiment
