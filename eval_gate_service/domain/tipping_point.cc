#include "eval_gate_service/domain/tipping_point.h"

#include <algorithm>
#include <vector>

#include "absl/functional/function_ref.h"
#include "eval_gate_service/domain/baseline_rule.h"
#include "eval_gate_service/domain/floor_rule.h"
#include "eval_gate_service/domain/verdict_decision.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

using Holds = absl::FunctionRef<absl::StatusOr<bool>(int64_t cases)>;

// The smallest number from 1 to `most` from which on it holds.
absl::StatusOr<std::optional<int64_t>> Smallest(int64_t most, Holds holds) {
  if (most < 1) return std::nullopt;
  ASSIGN_OR_RETURN(const bool ever, holds(most));
  if (!ever) return std::nullopt;
  int64_t low = 0;  // It does not hold there.
  int64_t high = most;
  while (high - low > 1) {
    const int64_t middle = low + (high - low) / 2;
    ASSIGN_OR_RETURN(const bool does, holds(middle));
    (does ? high : low) = middle;
  }
  return high;
}

const CohortTally* TallyOf(const std::vector<CohortTally>& tallies, const std::string& cohort) {
  for (const CohortTally& one : tallies) {
    if (one.cohort == cohort) return &one;
  }
  return nullptr;
}

// Whether a PASS stays one. Only what holds the failed cases is looked at: the whole suite and the
// cohort. As nothing blocks yet, something blocks after Holm's correction over m tests exactly
// where one of these has a p-value of block_alpha / m at most, which is asked with tests for it
// alone.
class StillPasses {
 public:
  static absl::StatusOr<StillPasses> Make(const VerdictFigures& figures) {
    ASSIGN_OR_RETURN(std::vector<Finding> floors,
                     FloorFindings(figures.bar, figures.block_alpha(), figures.tallies));
    std::erase_if(floors, [](const Finding& one) { return one.cases == 0; });
    return StillPasses(figures, std::move(floors));
  }

  absl::StatusOr<bool> After(const std::string& cohort, int64_t failures) const {
    const VerdictFigures failed = WithFailed(figures_, cohort, failures);
    for (const Finding& floor : floors_) {
      if (!floor.cohort.empty() && floor.cohort != cohort) continue;
      ASSIGN_OR_RETURN(const bool holds, FloorHolds(floor, failed));
      if (!holds) return false;
    }
    for (const Comparison& one : failed.comparisons) {
      ASSIGN_OR_RETURN(const bool holds, ComparisonHolds(one, cohort));
      if (!holds) return false;
    }
    return true;
  }

 private:
  StillPasses(const VerdictFigures& figures, std::vector<Finding> floors)
      : figures_(figures), floors_(std::move(floors)) {
    // A suite of one cohort asks one question: see floor_rule.h.
    const bool one_cohort = floors_.size() == 2 && floors_[0].cases == floors_[1].cases &&
                            floors_[0].bar == floors_[1].bar;
    floor_tests_ = one_cohort ? 1 : std::max<size_t>(floors_.size(), 1);
  }

  absl::StatusOr<bool> FloorHolds(const Finding& floor, const VerdictFigures& failed) const {
    Bar bar = figures_.bar;
    bar.pass_rate_floor = floor.bar;
    bar.cohort_floors.clear();
    CohortTally alone = *TallyOf(failed.tallies, floor.cohort);
    alone.cohort.clear();
    ASSIGN_OR_RETURN(
        const std::vector<Finding> found,
        FloorFindings(bar, figures_.block_alpha() / static_cast<double>(floor_tests_), {alone}));
    const bool was_shown = floor.kind == FindingKind::kCohortAtFloor;
    return was_shown ? found.front().kind == FindingKind::kCohortAtFloor
                     : found.front().kind != FindingKind::kCohortBelowFloor;
  }

  absl::StatusOr<bool> ComparisonHolds(const Comparison& failed, const std::string& cohort) const {
    Comparison some{failed.model_version, {failed.tallies.front()}};
    const CohortTally* const of_cohort = cohort.empty() ? nullptr : TallyOf(failed.tallies, cohort);
    if (of_cohort != nullptr) some.tallies.push_back(*of_cohort);
    const double share =
        static_cast<double>(some.tallies.size()) / static_cast<double>(failed.tallies.size());
    ASSIGN_OR_RETURN(const std::vector<Finding> found,
                     BaselineFindings(figures_.bar, figures_.block_alpha() * share, some));
    return std::all_of(found.begin(), found.end(),
                       [](const Finding& one) { return SeverityOf(one.kind) == Severity::kFine; });
  }

  const VerdictFigures& figures_;
  std::vector<Finding> floors_;
  size_t floor_tests_ = 1;
};

}  // namespace

absl::StatusOr<std::optional<int64_t>> FewestToUnblock(const VerdictFigures& figures,
                                                       const Finding& finding) {
  const int64_t most =
      IsComparison(finding.kind) ? finding.regressed : finding.cases - finding.passed;
  return Smallest(most, [&](int64_t cases) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const std::optional<Finding> found,
                     FindAgain(WithPassed(figures, finding.cohort, cases), finding));
    return found && SeverityOf(found->kind) != Severity::kBlocks;
  });
}

absl::StatusOr<std::optional<int64_t>> FewestToShow(const VerdictFigures& figures,
                                                    const Finding& finding) {
  return Smallest(finding.cases - finding.passed, [&](int64_t cases) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const std::optional<Finding> found,
                     FindAgain(WithPassed(figures, finding.cohort, cases), finding));
    return found && (found->kind == FindingKind::kCohortAtFloor ||
                     found->kind == FindingKind::kNotWorseThanBaseline);
  });
}

absl::StatusOr<std::optional<TippingPoint>> FewestToTip(const VerdictFigures& figures) {
  ASSIGN_OR_RETURN(const StillPasses passes, StillPasses::Make(figures));
  const auto tips = [&](const std::string& cohort) {
    return [&passes, &cohort](int64_t failures) -> absl::StatusOr<bool> {
      ASSIGN_OR_RETURN(const bool still, passes.After(cohort, failures));
      return !still;
    };
  };
  // Step 1: by failures of whatever cohort, then by fewer of one.
  std::optional<TippingPoint> fewest;
  std::vector<CohortTally> tallies = figures.tallies;
  for (const Comparison& one : figures.comparisons) {
    for (const CohortTally& tally : one.tallies) {
      if (TallyOf(tallies, tally.cohort) == nullptr) tallies.push_back(tally);
    }
  }
  for (const CohortTally& tally : tallies) {
    const int64_t most = std::min(tally.passed, fewest ? fewest->failures - 1 : tally.passed);
    ASSIGN_OR_RETURN(const std::optional<int64_t> failures, Smallest(most, tips(tally.cohort)));
    if (failures) fewest = TippingPoint{tally.cohort, *failures};
  }
  if (!fewest) return std::nullopt;
  // Step 2: what all rules together say of it.
  const auto decide = [&](int64_t failures) {
    return DecideFigures(WithFailed(figures, fewest->cohort, failures));
  };
  ASSIGN_OR_RETURN(fewest->becomes, decide(fewest->failures));
  ASSIGN_OR_RETURN(const Decision before, decide(fewest->failures - 1));
  if (fewest->becomes == Decision::kPass || before != Decision::kPass) return std::nullopt;
  return fewest;
}

}  // namespace flywheel::evalgate
