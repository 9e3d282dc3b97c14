#include "experiment_service/domain/segment_counts.h"

namespace flywheel::experiment {
namespace {

// Who is not, or not any more, in a cell.
const UnitState& Nobody() {
  static const UnitState kNobody;
  return kNobody;
}

}  // namespace

SegmentCounts EmptySegmentCounts(const AnalysisPlan& plan, size_t arms) {
  SegmentCounts counts;
  for (const Segment& segment : plan.segments) {
    counts.emplace_back(segment.value_count(),
                        std::vector<ArmCounts>(arms, ArmCounts(plan.metrics.size())));
  }
  return counts;
}

std::vector<CellChange> CellChanges(size_t segments, const UnitState& before,
                                    const UnitState& after) {
  std::vector<CellChange> changes;
  for (size_t i = 0; i < segments; ++i) {
    const size_t was = ValueIn(before.segments, i);
    const size_t is = ValueIn(after.segments, i);
    const bool stays = before.exposed() && after.exposed() && was == is;
    if (before.exposed() && !stays) changes.push_back({i, was, &before, &Nobody()});
    if (after.exposed()) changes.push_back({i, is, stays ? &before : &Nobody(), &after});
  }
  return changes;
}

}  // namespace flywheel::experiment
