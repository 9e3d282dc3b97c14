#include "eval_gate_service/domain/verdict_decision.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "eval_gate_service/domain/baseline_rule.h"
#include "eval_gate_service/domain/case_value.h"
#include "eval_gate_service/domain/cohort_tally.h"
#include "eval_gate_service/domain/constant_output.h"
#include "eval_gate_service/domain/critical_cases.h"
#include "eval_gate_service/domain/floor_rule.h"
#include "eval_gate_service/domain/point_floor_rule.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Errors are told apart, because they may have a cause of their own.
void AddErrors(const std::vector<JudgedCase>& cases, std::vector<Finding>& findings) {
  const auto errors = std::count_if(cases.begin(), cases.end(), [](const JudgedCase& one) {
    return one.outcome == CaseOutcome::kErrored;
  });
  if (errors == 0) return;
  Finding finding;
  finding.kind = FindingKind::kErroredCases;
  finding.cases = errors;
  finding.message = fmt::format("{} of {} cases were answered with an error: counted as failed",
                                errors, cases.size());
  findings.push_back(std::move(finding));
}

// Such as "; failed: 12 by 'exact', 3 by an error".
std::string ExplainFailures(const std::vector<JudgedCase>& cases) {
  std::map<std::string_view, int64_t> counts;
  int64_t errors = 0;
  for (const JudgedCase& one : cases) {
    if (one.outcome == CaseOutcome::kFailed) ++counts[one.failed_by];
    if (one.outcome == CaseOutcome::kErrored) ++errors;
  }
  std::string text;
  const auto add = [&](int64_t failed, std::string_view by) {
    text += fmt::format("{}{} by {}", text.empty() ? "; failed: " : ", ", failed, by);
  };
  for (const auto& [evaluator_id, failed] : counts) add(failed, fmt::format("'{}'", evaluator_id));
  if (errors > 0) add(errors, "an error");
  return text;
}

void Settle(VerdictDecision& decided) {
  std::stable_sort(
      decided.findings.begin(), decided.findings.end(),
      [](const Finding& a, const Finding& b) { return SeverityOf(a.kind) < SeverityOf(b.kind); });
  decided.decision = DecisionOf(decided.findings);
}

}  // namespace

Severity SeverityOf(FindingKind kind) {
  switch (kind) {
    case FindingKind::kCohortBelowFloor:
    case FindingKind::kWorseThanBaseline:
    case FindingKind::kMissingCases:
    case FindingKind::kDuplicateCases:
    case FindingKind::kConstantOutput:
    case FindingKind::kCriticalCasesFailed:
    case FindingKind::kBelowPointFloor:
      return Severity::kBlocks;
    case FindingKind::kCohortUndecided:
    case FindingKind::kBaselineUndecided:
    case FindingKind::kContaminatedCases:
      return Severity::kUndecided;
    case FindingKind::kCohortAtFloor:
    case FindingKind::kNotWorseThanBaseline:
    case FindingKind::kErroredCases:
    case FindingKind::kCohortTooSmall:
    case FindingKind::kBaselineCohortTooSmall:
    case FindingKind::kUnfinishedRuns:
    case FindingKind::kAtPointFloor:
      return Severity::kFine;
  }
  return Severity::kBlocks;
}

bool ShowsSomething(FindingKind kind) {
  return kind == FindingKind::kCohortAtFloor || kind == FindingKind::kNotWorseThanBaseline ||
         kind == FindingKind::kAtPointFloor;
}

Decision DecisionOf(const std::vector<Finding>& findings) {
  // A decision about nothing proves nothing.
  if (findings.empty()) return Decision::kInconclusive;
  Severity strongest = Severity::kFine;
  for (const Finding& finding : findings) {
    strongest = std::min(strongest, SeverityOf(finding.kind));
  }
  if (strongest == Severity::kBlocks) return Decision::kBlock;
  const bool shown = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return ShowsSomething(finding.kind);
  });
  return strongest == Severity::kUndecided || !shown ? Decision::kInconclusive : Decision::kPass;
}

std::string DecisionName(Decision decision) {
  switch (decision) {
    case Decision::kPass:
      return "PASS";
    case Decision::kBlock:
      return "BLOCK";
    case Decision::kInconclusive:
      return "INCONCLUSIVE";
    default:
      return fmt::format("{}", static_cast<int>(decision));
  }
}

double BlockAlpha(const Bar& bar, size_t comparisons) {
  const size_t rules = comparisons + (bar.has_floors() ? 1 : 0);
  return bar.alpha / static_cast<double>(std::max<size_t>(rules, 1));
}

absl::StatusOr<std::vector<Finding>> RuleFindings(const Bar& bar,
                                                  const std::vector<CohortTally>& tallies,
                                                  const std::vector<Comparison>& comparisons) {
  const double block_alpha = BlockAlpha(bar, comparisons.size());
  ASSIGN_OR_RETURN(std::vector<Finding> findings, FloorFindings(bar, block_alpha, tallies));
  for (const Comparison& one : comparisons) {
    ASSIGN_OR_RETURN(std::vector<Finding> compared, BaselineFindings(bar, block_alpha, one));
    std::move(compared.begin(), compared.end(), std::back_inserter(findings));
  }
  return findings;
}

VerdictTallies TallyVersions(const Bar& bar, const std::vector<JudgedCase>& candidate,
                             const std::vector<JudgedVersion>& compared) {
  VerdictTallies tallies{TallyCohorts(bar, candidate, /*baseline=*/{}), {}};
  for (const JudgedVersion& version : compared) {
    tallies.comparisons.push_back(
        {version.model_version, TallyCohorts(bar, candidate, version.cases)});
  }
  return tallies;
}

void AddFinding(Finding finding, VerdictDecision& decided) {
  decided.findings.push_back(std::move(finding));
  Settle(decided);
}

absl::StatusOr<VerdictDecision> DecideVerdict(const Bar& bar,
                                              const std::vector<JudgedCase>& candidate,
                                              const std::vector<JudgedVersion>& compared) {
  if (candidate.empty()) return errors::Internal("a suite without cases was judged");
  // Step 1: what counts for the rules.
  const VerdictTallies tallies = TallyVersions(bar, candidate, compared);
  // Step 2: what every rule finds.
  VerdictDecision decided;
  AddErrors(candidate, decided.findings);
  if (std::optional<Finding> constant = ConstantOutputFinding(candidate)) {
    decided.findings.push_back(*std::move(constant));
  }
  if (std::optional<Finding> critical = CriticalCasesFinding(bar, candidate)) {
    decided.findings.push_back(*std::move(critical));
  }
  std::vector<Finding> points = PointFloorFindings(bar, tallies.alone);
  std::move(points.begin(), points.end(), std::back_inserter(decided.findings));
  ASSIGN_OR_RETURN(std::vector<Finding> found,
                   RuleFindings(bar, tallies.alone, tallies.comparisons));
  if (!found.empty()) found.front().message += ExplainFailures(candidate);
  std::move(found.begin(), found.end(), std::back_inserter(decided.findings));
  // Step 3: the gravest finding decides, and is told first.
  Settle(decided);
  PassRatesOfAttempts rates = RatesOfAttempts(candidate);
  decided.pass_all_of = std::move(rates.all_of);
  decided.pass_any_of = std::move(rates.any_of);
  return decided;
}

}  // namespace flywheel::evalgate
