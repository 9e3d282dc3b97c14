#include "eval_gate_service/domain/tipping_point.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "eval_gate_service/domain/baseline_rule.h"
#include "eval_gate_service/domain/floor_rule.h"
#include "eval_gate_service/domain/tally_evidence.h"
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
// cohort, each by itself, because what is tested and at which level depends on numbers of cases
// alone as long as nothing blocks.
class StillPasses {
 public:
  static absl::StatusOr<StillPasses> Make(const VerdictFigures& figures) {
    StillPasses made(figures);
    ASSIGN_OR_RETURN(made.floors_,
                     FloorFindings(figures.bar, figures.block_alpha(), figures.tallies));
    std::erase_if(made.floors_, [](const Finding& one) { return one.cases == 0; });
    ASSIGN_OR_RETURN(made.floor_levels_,
                     FloorLevels(figures.bar, figures.block_alpha(), figures.tallies));
    for (const Comparison& one : figures.comparisons) {
      ASSIGN_OR_RETURN(Levels levels,
                       BaselineLevels(figures.bar, figures.block_alpha(), one.tallies));
      made.baseline_levels_.push_back(std::move(levels));
    }
    return made;
  }

  absl::StatusOr<bool> After(const std::string& cohort, int64_t failures) const {
    const VerdictFigures failed = WithFailed(figures_, cohort, failures);
    for (const Finding& floor : floors_) {
      if (!floor.cohort.empty() && floor.cohort != cohort) continue;
      ASSIGN_OR_RETURN(const bool holds, FloorHolds(floor, *TallyOf(failed.tallies, floor.cohort)));
      if (!holds) return false;
    }
    for (size_t i = 0; i < failed.comparisons.size(); ++i) {
      for (const CohortTally& tally : failed.comparisons[i].tallies) {
        if (!tally.cohort.empty() && tally.cohort != cohort) continue;
        ASSIGN_OR_RETURN(const bool holds, ComparisonHolds(baseline_levels_[i], tally));
        if (!holds) return false;
      }
    }
    return true;
  }

 private:
  using Levels = std::map<std::string, double>;

  explicit StillPasses(const VerdictFigures& figures) : figures_(figures) {}

  absl::StatusOr<bool> FloorHolds(const Finding& floor, const CohortTally& failed) const {
    ASSIGN_OR_RETURN(const RateEvidence evidence,
                     EvidenceOfRate(failed, floor.bar, figures_.bar.alpha));
    if (floor.kind == FindingKind::kCohortAtFloor) {
      return evidence.p_value_above <= figures_.bar.alpha;
    }
    return evidence.p_value_below > floor_levels_.at(floor.cohort);
  }

  absl::StatusOr<bool> ComparisonHolds(const Levels& levels, const CohortTally& failed) const {
    const auto level = levels.find(failed.cohort);
    if (level == levels.end()) return true;
    ASSIGN_OR_RETURN(const FindingKind kind, CompareAlone(figures_.bar, level->second, failed));
    return SeverityOf(kind) == Severity::kFine;
  }

  const VerdictFigures& figures_;
  std::vector<Finding> floors_;
  Levels floor_levels_;
  // By comparison.
  std::vector<Levels> baseline_levels_;
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
