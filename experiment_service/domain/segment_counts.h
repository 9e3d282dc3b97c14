// Counts by segment: what the units with one value of a segment add up to, in each arm.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_SEGMENT_COUNTS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_SEGMENT_COUNTS_H_

#include <compare>
#include <cstddef>
#include <tuple>
#include <vector>

#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/unit_state.h"

namespace flywheel::experiment {

// The units of one arm with one value of one segment.
struct SegmentCell {
  size_t segment = 0;  // Its place in the plan.
  size_t value = 0;    // Its number (Segment).
  size_t arm = 0;

  friend bool operator<(const SegmentCell& a, const SegmentCell& b) {
    return std::tie(a.segment, a.value, a.arm) < std::tie(b.segment, b.value, b.arm);
  }
  friend bool operator==(const SegmentCell&, const SegmentCell&) = default;
};

// The counts of all cells, by segment, value and arm. Those of a segment add up to the arms' own,
// but for fallback_outcomes, which are of units whose segments nobody knows.
using SegmentCounts = std::vector<std::vector<std::vector<ArmCounts>>>;

// All of them empty.
SegmentCounts EmptySegmentCounts(const AnalysisPlan& plan, size_t arms);

// What a change of a unit changes in one cell: ArmCounts::Count is to be called with both states.
struct CellChange {
  size_t segment = 0;
  size_t value = 0;
  const UnitState* before = nullptr;
  const UnitState* after = nullptr;
};

// One a segment; two where the unit's value has changed, because an exposure came to be known that
// was before the one that was known. None where it was exposed neither before nor after. The
// pointers are good as long as both states are.
std::vector<CellChange> CellChanges(size_t segments, const UnitState& before,
                                    const UnitState& after);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_SEGMENT_COUNTS_H_
