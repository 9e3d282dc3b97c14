#include "experiment_service/domain/arm_counts.h"

namespace flywheel::experiment {
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
    const UnitTotal total_before = i < before.totals.size() ? before.totals[i] : UnitTotal();
    const UnitTotal total_after = i < after.totals.size() ? after.totals[i] : UnitTotal();
    if (!moved && total_before == total_after) continue;
    if (counted_before) metrics[i].Remove(plan[i], total_before, before.matured);
    if (counts_after) metrics[i].Add(plan[i], total_after, after.matured);
  }
}

}  // namespace flywheel::experiment
