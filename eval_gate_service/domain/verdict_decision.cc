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
#include "eval_gate_service/domain/cohort_tally.h"
#include "eval_gate_service/domain/constant_output.h"
#include "eval_gate_service/domain/floor_rule.h"
#include "eval_gate_service/domain/judged_case.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

using CasesByOutcome = std::map<CaseOutcome, int64_t>;

// Some milliseconds of work.
constexpr int kCasesPerCheck = 1'000;

absl::StatusOr<std::vector<JudgedCase>> EvaluateAll(Evaluator evaluator,
                                                    const std::vector<SuiteCase>& cases,
                                                    const Outputs& outputs,
                                                    const Deadline& deadline) {
  PeriodicCheck check(deadline, kCasesPerCheck);
  std::vector<JudgedCase> judged;
  judged.reserve(cases.size());
  for (const SuiteCase& one : cases) {
    RETURN_IF_ERROR(check.Step());
    const auto found = outputs.find(one.case_id);
    const CaseOutput* output = found == outputs.end() ? nullptr : &found->second;
    judged.push_back({&one, output, Evaluate(evaluator, one, output)});
  }
  return judged;
}

CasesByOutcome CountOutcomes(const std::vector<JudgedCase>& cases) {
  CasesByOutcome counts;
  for (const JudgedCase& one : cases) ++counts[one.outcome];
  return counts;
}

// Errors are told apart, because they may have a cause of their own.
void AddErrors(const CasesByOutcome& counts, size_t cases, std::vector<Finding>& findings) {
  const auto found = counts.find(CaseOutcome::kErrored);
  if (found == counts.end()) return;
  Finding finding;
  finding.kind = FindingKind::kErroredCases;
  finding.cases = found->second;
  finding.message = fmt::format("{} of {} cases were answered with an error: counted as failed",
                                found->second, cases);
  findings.push_back(std::move(finding));
}

// Such as "; failed: 12 wrong output, 3 error".
std::string ExplainFailures(const CasesByOutcome& counts) {
  std::string text;
  for (const auto& [outcome, cases] : counts) {
    if (outcome == CaseOutcome::kPassed) continue;
    text += fmt::format("{}{} {}", text.empty() ? "; failed: " : ", ", cases, OutcomeName(outcome));
  }
  return text;
}

}  // namespace

Severity SeverityOf(FindingKind kind) {
  switch (kind) {
    case FindingKind::kCohortBelowFloor:
    case FindingKind::kWorseThanBaseline:
    case FindingKind::kMissingCases:
    case FindingKind::kDuplicateCases:
    case FindingKind::kConstantOutput:
      return Severity::kBlocks;
    case FindingKind::kCohortUndecided:
    case FindingKind::kBaselineUndecided:
      return Severity::kUndecided;
    case FindingKind::kCohortAtFloor:
    case FindingKind::kNotWorseThanBaseline:
    case FindingKind::kErroredCases:
    case FindingKind::kCohortTooSmall:
    case FindingKind::kBaselineCohortTooSmall:
      return Severity::kFine;
  }
  return Severity::kBlocks;
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
    return finding.kind == FindingKind::kCohortAtFloor ||
           finding.kind == FindingKind::kNotWorseThanBaseline;
  });
  return strongest == Severity::kUndecided || !shown ? Decision::kInconclusive : Decision::kPass;
}

absl::StatusOr<std::vector<Finding>> RuleFindings(const Bar& bar,
                                                  const std::vector<CohortTally>& tallies,
                                                  const std::vector<Comparison>& comparisons) {
  // Whichever of the rules blocks wrongly, the version is blocked: they share one alpha.
  const size_t rules = comparisons.size() + (bar.has_floors() ? 1 : 0);
  const double block_alpha = bar.alpha / static_cast<double>(std::max<size_t>(rules, 1));
  ASSIGN_OR_RETURN(std::vector<Finding> findings, FloorFindings(bar, block_alpha, tallies));
  for (const Comparison& one : comparisons) {
    ASSIGN_OR_RETURN(std::vector<Finding> compared, BaselineFindings(bar, block_alpha, one));
    std::move(compared.begin(), compared.end(), std::back_inserter(findings));
  }
  return findings;
}

absl::StatusOr<VerdictDecision> DecideVerdict(const Bar& bar, Evaluator evaluator,
                                              const std::vector<SuiteCase>& cases,
                                              const Outputs& candidate,
                                              const std::vector<VersionOutputs>& compared,
                                              const Deadline& deadline) {
  if (cases.empty()) return errors::Internal("a suite without cases was judged");
  // Step 1: what became of every case.
  ASSIGN_OR_RETURN(const std::vector<JudgedCase> judged,
                   EvaluateAll(evaluator, cases, candidate, deadline));
  const CasesByOutcome counts = CountOutcomes(judged);
  std::vector<Comparison> comparisons;
  for (const VersionOutputs& version : compared) {
    ASSIGN_OR_RETURN(const std::vector<JudgedCase> beside,
                     EvaluateAll(evaluator, cases, version.outputs, deadline));
    comparisons.push_back({version.model_version, TallyCohorts(judged, &beside)});
  }
  // Step 2: what every rule finds.
  VerdictDecision decided;
  AddErrors(counts, cases.size(), decided.findings);
  if (std::optional<Finding> constant = ConstantOutputFinding(evaluator, judged)) {
    decided.findings.push_back(*std::move(constant));
  }
  ASSIGN_OR_RETURN(std::vector<Finding> found,
                   RuleFindings(bar, TallyCohorts(judged, /*baseline=*/nullptr), comparisons));
  if (!found.empty()) found.front().message += ExplainFailures(counts);
  std::move(found.begin(), found.end(), std::back_inserter(decided.findings));
  // Step 3: the gravest finding decides, and is told first.
  std::stable_sort(
      decided.findings.begin(), decided.findings.end(),
      [](const Finding& a, const Finding& b) { return SeverityOf(a.kind) < SeverityOf(b.kind); });
  decided.decision = DecisionOf(decided.findings);
  return decided;
}

}  // namespace flywheel::evalgate
