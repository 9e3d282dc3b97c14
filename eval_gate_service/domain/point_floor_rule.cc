#include "eval_gate_service/domain/point_floor_rule.h"

#include <fmt/format.h>

#include <cstddef>
#include <utility>

#include "eval_gate_service/domain/tally_text.h"

namespace flywheel::evalgate {
namespace {

// Rates that are equal but for the rounding of their quotients.
constexpr double kRounding = 1e-12;

Finding FindingOf(FindingKind kind, const Bar& bar, const CohortTally& tally) {
  Finding finding;
  finding.kind = kind;
  finding.cohort = tally.cohort;
  finding.cases = tally.cases;
  finding.passed = tally.passed;
  finding.estimate = tally.rate();
  finding.bar = bar.point_floor;
  return finding;
}

}  // namespace

std::vector<Finding> PointFloorFindings(const Bar& bar, const std::vector<CohortTally>& tallies) {
  if (bar.point_floor <= 0) return {};
  std::vector<Finding> below;
  int64_t looked_at = 0;
  for (size_t i = 0; i < tallies.size(); ++i) {
    const CohortTally& tally = tallies[i];
    if (i > 0 && tally.cases < bar.min_cohort_cases) continue;
    ++looked_at;
    if (tally.rate() >= bar.point_floor - kRounding) continue;
    Finding finding = FindingOf(FindingKind::kBelowPointFloor, bar, tally);
    finding.message =
        fmt::format("{}: {}, rate {:.3f} as it was seen, below the point floor {}",
                    tally.cohort.empty() ? "whole suite" : fmt::format("cohort '{}'", tally.cohort),
                    PassedText(bar, tally), finding.estimate, bar.point_floor);
    below.push_back(std::move(finding));
  }
  if (!below.empty()) return below;
  Finding finding = FindingOf(FindingKind::kAtPointFloor, bar, tallies.front());
  finding.message = fmt::format(
      "whole suite: {}, rate {:.3f} as it was seen; it and {} cohorts are at the point floor {} or "
      "above, by chance or not",
      PassedText(bar, tallies.front()), finding.estimate, looked_at - 1, bar.point_floor);
  return {std::move(finding)};
}

}  // namespace flywheel::evalgate
