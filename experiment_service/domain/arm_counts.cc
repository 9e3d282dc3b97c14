#include "experiment_service/domain/arm_counts.h"

#include <optional>

#include "experiment_service/domain/outcome_columns.h"
namespace flywheel::experiment {
namespace {

// Of no outcome.
constexpr UnitTotal kNoOutcomes;

const UnitTotal& TotalAt(const UnitState& state, size_t column) {
  return column < state.totals.size() ? state.totals[column] : kNoOutcomes;
}

// Nothing where there is no column.
const UnitTotal& TotalAt(const UnitState& state, const std::optional<size_t>& column) {
  return column ? TotalAt(state, *column) : kNoOutcomes;
}

}  // namespace

void ArmCounts::Count(const std::vector<Metric>& plan, const UnitState& before,
                      const UnitState& after) {
  exposed_units += int64_t{after.exposed()} - int64_t{before.exposed()};
  mixed_units += int64_t{after.mixed()} - int64_t{before.mixed()};
  const bool counted_before = before.exposed() && !before.mixed();
  const bool counts_after = after.exposed() && !after.mixed();
  matured_units +=
      int64_t{counts_after && after.matured} - int64_t{counted_before && before.matured};
  const bool moved = counted_before != counts_after || before.matured != after.matured;
  for (size_t i = 0; i < metrics.size(); ++i) {
    const std::optional<size_t> divisor = DenominatorColumn(plan, i);
    const UnitTotal &own_before = TotalAt(before, i), &own_after = TotalAt(after, i);
    const UnitTotal &by_before = TotalAt(before, divisor), &by_after = TotalAt(after, divisor);
    if (!moved && own_before == own_after && by_before == by_after) continue;
    if (counted_before) metrics[i].Remove(plan[i], own_before, before.matured, by_before);
    if (counts_after) metrics[i].Add(plan[i], own_after, after.matured, by_after);
  }
}

OutcomeCounts ArmCounts::Counted(const Metric& metric, size_t position) const {
  std::optional<OutcomeCounts> made;
  return Counted(metric, position, made);
}

const OutcomeCounts& ArmCounts::Counted(const Metric& metric, size_t position,
                                        std::optional<OutcomeCounts>& made) const {
  const OutcomeCounts& outcomes = metrics[position];
  if (metric.is_ratio() && !outcomes.is_ratio()) return made.emplace();
  if (!metric.value_without_outcome) return outcomes;
  return made.emplace(
      outcomes.WithOthers(counted_units() - outcomes.units(), *metric.value_without_outcome));
}

}  // namespace flywheel::experiment
