#include "experiment_service/domain/small_groups.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace flywheel::experiment {
namespace {

// How many units everything counts that is shown of a value: by arm those exposed, then those that
// count for each metric.
using Sizes = std::vector<int64_t>;

Sizes SizesOf(const AnalysisPlan& plan, const std::vector<ArmCounts>& arms) {
  Sizes sizes;
  for (const ArmCounts& arm : arms) {
    sizes.push_back(arm.exposed_units);
    for (size_t metric = 0; metric < plan.metrics.size(); ++metric) {
      std::optional<OutcomeCounts> made;
      sizes.push_back(arm.Counted(plan.metrics[metric], metric, made).units());
    }
  }
  return sizes;
}

bool HasSmall(const Sizes& sizes, int64_t least) {
  return std::any_of(sizes.begin(), sizes.end(),
                     [&](int64_t size) { return size > 0 && size < least; });
}

int64_t ExposedIn(const std::vector<ArmCounts>& arms) {
  int64_t units = 0;
  for (const ArmCounts& arm : arms) units += arm.exposed_units;
  return units;
}

// The smallest value with units that is not suppressed.
std::optional<size_t> SmallestLeft(const std::vector<std::vector<ArmCounts>>& values,
                                   const std::vector<bool>& suppressed) {
  std::optional<size_t> smallest;
  for (size_t value = 0; value < values.size(); ++value) {
    const int64_t units = ExposedIn(values[value]);
    if (suppressed[value] || units == 0) continue;
    if (!smallest || units < ExposedIn(values[*smallest])) smallest = value;
  }
  return smallest;
}

// Which values of one segment are not to be shown.
std::vector<bool> FindSuppressed(const AnalysisPlan& plan, int64_t least,
                                 const std::vector<std::vector<ArmCounts>>& values) {
  std::vector<bool> suppressed(values.size(), false);
  Sizes gone;
  const auto suppress = [&](size_t value) {
    const Sizes sizes = SizesOf(plan, values[value]);
    gone.resize(sizes.size());
    for (size_t i = 0; i < sizes.size(); ++i) gone[i] += sizes[i];
    suppressed[value] = true;
  };
  for (size_t value = 0; value < values.size(); ++value) {
    if (HasSmall(SizesOf(plan, values[value]), least)) suppress(value);
  }
  while (HasSmall(gone, least)) {
    const std::optional<size_t> next = SmallestLeft(values, suppressed);
    if (!next) break;
    suppress(*next);
  }
  return suppressed;
}

}  // namespace

VisibleCounts SuppressSmallGroups(const AnalysisPlan& plan, int64_t least, SegmentCounts cells) {
  VisibleCounts visible;
  for (std::vector<std::vector<ArmCounts>>& values : cells) {
    std::vector<bool> suppressed = FindSuppressed(plan, least, values);
    for (size_t value = 0; value < values.size(); ++value) {
      if (!suppressed[value]) continue;
      for (ArmCounts& arm : values[value]) arm = ArmCounts(plan.metrics.size());
    }
    visible.suppressed.push_back(std::move(suppressed));
  }
  visible.cells = std::move(cells);
  return visible;
}

void LeaveOutSuppressed(const VisibleCounts& visible, SegmentAnalysis& analysis) {
  for (SegmentResult& result : analysis.segments) {
    const std::vector<bool>& suppressed = visible.suppressed[result.segment];
    if (std::find(suppressed.begin(), suppressed.end(), true) == suppressed.end()) continue;
    for (SegmentLifts& lifts : result.lifts) {
      lifts.post_stratified_lift.reset();
      lifts.simpson = false;
      lifts.message =
          "values with few units are not shown, and whether the lifts differ was asked of the "
          "others alone: an operator's key sees all";
    }
  }
}

}  // namespace flywheel::experiment
