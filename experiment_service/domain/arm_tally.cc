#include "experiment_service/domain/arm_tally.h"

namespace flywheel::experiment {
namespace {

// Squared deviations below this part of the sum of squares are what rounding leaves of none at all.
constexpr double kRoundingFloor = 0x1.0p-90;

bool IsBinary(double value) { return value == 0 || value == 1; }

}  // namespace

void ArmTally::Apply(const UnitChange& change) {
  if (change.newly_exposed) ++exposed_units_;
  if (change.before.outcomes == change.after.outcomes) return;
  outcomes_ += change.after.outcomes - change.before.outcomes;
  if (change.before.outcomes > 0) RemoveUnit(change.before.mean());
  if (change.after.outcomes > 0) AddUnit(change.after.mean());
}

void ArmTally::AddUnit(double mean) {
  ++units_;
  if (!IsBinary(mean)) ++other_units_;
  sum_.Add(mean);
  sum_of_squares_.AddSquare(mean);
}

void ArmTally::RemoveUnit(double mean) {
  --units_;
  if (!IsBinary(mean)) --other_units_;
  sum_.Subtract(mean);
  sum_of_squares_.SubtractSquare(mean);
}

statistics::Moments ArmTally::moments() const {
  if (units_ == 0) return statistics::Moments();
  const auto count = static_cast<double>(units_);
  const double deviations = sum_of_squares_.MinusSquareOver(sum_, count);
  const bool varies = deviations > kRoundingFloor * sum_of_squares_.value();
  return statistics::Moments(units_, sum_.value() / count, varies ? deviations : 0);
}

}  // namespace flywheel::experiment
