#include "eval_gate_service/domain/verdict_figures.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "absl/functional/function_ref.h"
#include "eval_gate_service/domain/baseline_rule.h"
#include "eval_gate_service/domain/floor_rule.h"
#include "eval_gate_service/domain/verdict_decision.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Of figures that are computed from the same counts, maybe on another machine.
constexpr double kSameDigits = 1e-9;

bool IsSame(double a, double b) {
  return std::abs(a - b) <= kSameDigits * std::max(std::abs(a), std::abs(b));
}

CohortTally TallyOf(const Finding& finding) {
  CohortTally tally;
  tally.cohort = finding.cohort;
  tally.cases = finding.cases;
  tally.passed = finding.passed;
  if (!IsComparison(finding.kind)) return tally;
  tally.baseline_passed = finding.passed + finding.regressed - finding.improved;
  tally.regressed = finding.regressed;
  tally.improved = finding.improved;
  return tally;
}

// By cohort: the whole suite, which has no name, comes first.
std::vector<CohortTally> TalliesOf(const Verdict& verdict,
                                   absl::FunctionRef<bool(const Finding&)> belongs) {
  std::map<std::string, CohortTally> tallies;
  for (const Finding& finding : verdict.findings) {
    // A named cohort without a case has no count.
    if (belongs(finding) && finding.cases > 0) tallies[finding.cohort] = TallyOf(finding);
  }
  std::vector<CohortTally> sorted;
  for (auto& [cohort, tally] : tallies) sorted.push_back(std::move(tally));
  return sorted;
}

// Where the whole suite has no floor it is as large as its comparison says, or as its cohorts.
void AddWhole(VerdictFigures& figures) {
  if (!figures.tallies.empty() && figures.tallies.front().cohort.empty()) return;
  CohortTally whole;
  if (!figures.comparisons.empty() && !figures.comparisons.front().tallies.empty()) {
    whole = figures.comparisons.front().tallies.front();
  } else {
    for (const CohortTally& one : figures.tallies) {
      whole.cases += one.cases;
      whole.passed += one.passed;
    }
  }
  figures.tallies.insert(figures.tallies.begin(), whole);
}

absl::StatusOr<std::vector<Finding>> Find(const VerdictFigures& figures) {
  // A verdict that says nothing of the whole was given by other rules.
  if (figures.tallies.front().cases == 0) return std::vector<Finding>();
  return RuleFindings(figures.bar, figures.tallies, figures.comparisons);
}

// In one order, whatever the severity.
void Sort(std::vector<Finding>& findings) {
  std::sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    const auto key = [](const Finding& one) {
      return std::tie(one.baseline_model_version, one.cohort, one.kind);
    };
    return key(a) < key(b);
  });
}

bool SaysTheSame(const Finding& a, const Finding& b) {
  return a.kind == b.kind && a.cohort == b.cohort &&
         a.baseline_model_version == b.baseline_model_version && a.cases == b.cases &&
         a.passed == b.passed && IsSame(a.estimate, b.estimate) && IsSame(a.lower, b.lower) &&
         IsSame(a.upper, b.upper) && IsSame(a.bar, b.bar) && IsSame(a.p_value, b.p_value);
}

// All tallies that hold the cohort's cases.
template <typename Change>
void ChangeTallies(const std::string& cohort, Change change, std::vector<CohortTally>& tallies) {
  for (CohortTally& tally : tallies) {
    if (tally.cohort.empty() || tally.cohort == cohort) change(tally);
  }
}

// Up to so many cases, one of a group and then one of the next. `move` moves at most a case of a
// group, and is false where it has none.
template <typename Move>
void InTurn(int64_t cases, std::vector<ClusterTally>& groups, Move move) {
  bool moved = true;
  while (cases > 0 && moved) {
    moved = false;
    for (ClusterTally& group : groups) {
      if (cases == 0) return;
      if (!move(group)) continue;
      moved = true;
      --cases;
    }
  }
}

// At most a case of what is there; nothing where that is a rounding error.
double OneOf(double there) { return there < kSameDigits ? 0 : std::min(1.0, there); }

bool Regain(ClusterTally& group) {
  const double part = OneOf(group.regressed);
  group.regressed -= part;
  group.passed += part;
  return part > 0;
}

// Failed with the compared version too.
bool Improve(ClusterTally& group) {
  const double part = OneOf(group.cases - group.passed - group.regressed);
  group.passed += part;
  group.improved += part;
  return part > 0;
}

// Passed with the compared version too.
bool Regress(ClusterTally& group) {
  const double part = OneOf(group.passed - group.improved);
  group.passed -= part;
  group.regressed += part;
  return part > 0;
}

bool LoseGain(ClusterTally& group) {
  const double part = OneOf(group.improved);
  group.passed -= part;
  group.improved -= part;
  return part > 0;
}

template <typename Change>
VerdictFigures Changed(VerdictFigures figures, const std::string& cohort, Change change) {
  ChangeTallies(cohort, change, figures.tallies);
  for (Comparison& one : figures.comparisons) ChangeTallies(cohort, change, one.tallies);
  return figures;
}

// The figures with what no count decides, where the rules find in them what the verdict says.
std::optional<VerdictFigures> Checked(const Verdict& verdict, VerdictFigures figures) {
  // A point floor is not among these rules, and would block earlier than they do.
  if (verdict.bar.point_floor > 0) return std::nullopt;
  std::vector<Finding> stored;
  for (const Finding& finding : verdict.findings) {
    const bool of_rules = IsFloorFinding(finding.kind) || IsComparison(finding.kind);
    (of_rules ? stored : figures.others).push_back(finding);
  }
  auto found = Find(figures);
  if (!found.ok()) return std::nullopt;
  Sort(stored);
  Sort(*found);
  if (!std::equal(stored.begin(), stored.end(), found->begin(), found->end(), SaysTheSame)) {
    return std::nullopt;
  }
  const auto decision = DecideFigures(figures);
  if (!decision.ok() || *decision != verdict.decision) return std::nullopt;
  return figures;
}

}  // namespace

double VerdictFigures::block_alpha() const { return BlockAlpha(bar, comparisons.size()); }

bool VerdictFigures::clustered() const {
  const auto in_groups = [](const CohortTally& one) { return !one.clusters.empty(); };
  return std::any_of(tallies.begin(), tallies.end(), in_groups) ||
         std::any_of(comparisons.begin(), comparisons.end(), [&](const Comparison& one) {
           return std::any_of(one.tallies.begin(), one.tallies.end(), in_groups);
         });
}

bool IsFloorFinding(FindingKind kind) {
  return kind == FindingKind::kCohortAtFloor || kind == FindingKind::kCohortBelowFloor ||
         kind == FindingKind::kCohortUndecided || kind == FindingKind::kCohortTooSmall;
}

bool IsComparison(FindingKind kind) {
  return kind == FindingKind::kWorseThanBaseline || kind == FindingKind::kNotWorseThanBaseline ||
         kind == FindingKind::kBaselineUndecided || kind == FindingKind::kBaselineCohortTooSmall;
}

std::optional<VerdictFigures> FiguresOf(const Verdict& verdict) {
  VerdictFigures figures;
  figures.bar = AtLook(verdict.bar, verdict.look);
  figures.tallies =
      TalliesOf(verdict, [](const Finding& finding) { return IsFloorFinding(finding.kind); });
  for (const std::string& version :
       {verdict.baseline_model_version, verdict.reference_model_version}) {
    if (version.empty()) continue;
    std::vector<CohortTally> tallies = TalliesOf(verdict, [&](const Finding& finding) {
      return IsComparison(finding.kind) && finding.baseline_model_version == version;
    });
    if (tallies.empty() || !tallies.front().cohort.empty()) return std::nullopt;
    figures.comparisons.push_back({version, std::move(tallies)});
  }
  AddWhole(figures);
  return Checked(verdict, std::move(figures));
}

std::optional<VerdictFigures> FiguresOf(const Verdict& verdict, std::vector<CohortTally> tallies,
                                        std::vector<Comparison> comparisons) {
  VerdictFigures figures;
  figures.bar = AtLook(verdict.bar, verdict.look);
  figures.tallies = std::move(tallies);
  figures.comparisons = std::move(comparisons);
  if (figures.tallies.empty()) return std::nullopt;
  return Checked(verdict, std::move(figures));
}

absl::StatusOr<Decision> DecideFigures(const VerdictFigures& figures) {
  ASSIGN_OR_RETURN(std::vector<Finding> findings, Find(figures));
  findings.insert(findings.end(), figures.others.begin(), figures.others.end());
  return DecisionOf(findings);
}

absl::StatusOr<std::optional<Finding>> FindAgain(const VerdictFigures& figures,
                                                 const Finding& finding) {
  std::vector<Finding> found;
  if (IsFloorFinding(finding.kind)) {
    ASSIGN_OR_RETURN(found, FloorFindings(figures.bar, figures.block_alpha(), figures.tallies));
  }
  for (const Comparison& one : figures.comparisons) {
    if (!IsComparison(finding.kind) || one.model_version != finding.baseline_model_version)
      continue;
    ASSIGN_OR_RETURN(found, BaselineFindings(figures.bar, figures.block_alpha(), one));
  }
  for (Finding& one : found) {
    if (one.cohort == finding.cohort) return std::move(one);
  }
  return std::nullopt;
}

VerdictFigures WithPassed(VerdictFigures figures, const std::string& cohort, int64_t cases) {
  return Changed(std::move(figures), cohort, [cases](CohortTally& tally) {
    tally.passed += cases;
    const int64_t regained = std::min(cases, tally.regressed);
    tally.regressed -= regained;
    // The others failed with the compared version too.
    tally.improved += cases - regained;
    InTurn(regained, tally.clusters, Regain);
    InTurn(cases - regained, tally.clusters, Improve);
  });
}

VerdictFigures WithFailed(VerdictFigures figures, const std::string& cohort, int64_t cases) {
  return Changed(std::move(figures), cohort, [cases](CohortTally& tally) {
    const int64_t both = tally.passed - tally.improved;
    const int64_t lost = std::min(cases, both);
    tally.passed -= cases;
    tally.regressed += lost;
    tally.improved -= cases - lost;
    InTurn(lost, tally.clusters, Regress);
    InTurn(cases - lost, tally.clusters, LoseGain);
  });
}

}  // namespace flywheel::evalgate
