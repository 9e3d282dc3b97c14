// Suppression of small groups: segments without the values of which few units are.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_SMALL_GROUPS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_SMALL_GROUPS_H_

#include <cstdint>
#include <vector>

#include "experiment_service/domain/segment_analysis.h"
#include "experiment_service/domain/segment_counts.h"

namespace flywheel::experiment {

// Counts of which small groups were taken out.
struct VisibleCounts {
  // Empty where a value is suppressed.
  SegmentCounts cells;
  // By segment and value.
  std::vector<std::vector<bool>> suppressed;
};

// Empties every value of which an arm has fewer than `least` units, but not none: exposed ones, or
// ones that count for a metric. What is taken out of a segment could be got back as the difference
// of the arms' totals, which everybody may read, and what is left; so further values go with it,
// the smallest first, until all that are gone have together in every arm `least` units or none, or
// there is no further one. A value without any unit stays.
//
// So whatever is computed from what is left tells of no smaller group at this moment. Two moments
// between which one unit came tell of it; noise hides that too (noisy_segments.h).
VisibleCounts SuppressSmallGroups(const AnalysisPlan& plan, int64_t least, SegmentCounts cells);

// Takes out of the analysis of `visible.cells` what is of no use where a value is missing: sums
// over all values of a segment, and what is said of them.
void LeaveOutSuppressed(const VisibleCounts& visible, SegmentAnalysis& analysis);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_SMALL_GROUPS_H_
