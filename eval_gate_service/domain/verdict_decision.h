// Decision rule of a verdict: PASS, BLOCK or INCONCLUSIVE for one version's answers and one bar.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERDICT_DECISION_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERDICT_DECISION_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/bar.h"
#include "eval_gate_service/domain/cohort_tally.h"
#include "eval_gate_service/domain/judged_case.h"
#include "eval_gate_service/domain/verdict.h"

namespace flywheel::evalgate {

// What a finding does to the decision, the strongest first.
enum class Severity { kBlocks = 0, kUndecided = 1, kFine = 2 };

// A floor that is missed, a baseline that is better, a critical case that failed and a constant
// answer block. Errors do not by
// themselves: they count as failed cases.
Severity SeverityOf(FindingKind kind);

// Without such a finding there is no PASS.
bool ShowsSomething(FindingKind kind);

// A decision with its reasons: what blocks first, then what is undecided, then the rest.
struct VerdictDecision {
  Decision decision = Decision::kInconclusive;
  std::vector<Finding> findings;
  // The candidate's pass^k and pass@k, element k - 1; see RatesOfAttempts.
  std::vector<double> pass_all_of = {};
  std::vector<double> pass_any_of = {};
};

// BLOCK where any finding blocks; else INCONCLUSIVE where any is undecided, or none shows
// something; else PASS.
Decision DecisionOf(const std::vector<Finding>& findings);

// "PASS", "BLOCK", "INCONCLUSIVE"; its number where no rule decides so.
std::string DecisionName(Decision decision);

// The share of alpha at which floors and each comparison may block: whichever of them blocks
// wrongly, the version is blocked.
double BlockAlpha(const Bar& bar, size_t comparisons);

// What the floors and the comparisons, with the baseline and with the reference, find in the counts
// of a suite, the whole first: see floor_rule.h and baseline_rule.h. Each of them blocks at its
// share of alpha, so that a version that is as good as asked is blocked with a chance of at most
// alpha; a PASS needs all of them, each at alpha.
absl::StatusOr<std::vector<Finding>> RuleFindings(const Bar& bar,
                                                  const std::vector<CohortTally>& tallies,
                                                  const std::vector<Comparison>& comparisons);

// What became of all cases of a suite with one version, which outlives this.
struct JudgedVersion {
  std::string model_version;
  std::span<const JudgedCase> cases;
};

// What the rules look at: the counts of the candidate alone, and beside each other version.
struct VerdictTallies {
  std::vector<CohortTally> alone;
  std::vector<Comparison> comparisons;
};

VerdictTallies TallyVersions(const Bar& bar, const std::vector<JudgedCase>& candidate,
                             const std::vector<JudgedVersion>& compared);

// Takes into account what is known beside the outcomes.
void AddFinding(Finding finding, VerdictDecision& decided);

// Decides the verdict on the candidate's cases beside those of the versions in `compared`, which
// are the same ones in the same order; where there is none floors alone decide. Cases that a
// version answered with an error of its own count as failed by it. `candidate` must not be empty.
// The rules are in floor_rule.h, baseline_rule.h, point_floor_rule.h, critical_cases.h and
// constant_output.h; those about runs, which AddFinding takes in afterwards, in run_findings.h.
// Deterministic: the same bar and the same outcomes give the same decision, so a verdict can be
// computed again a year later.
absl::StatusOr<VerdictDecision> DecideVerdict(const Bar& bar,
                                              const std::vector<JudgedCase>& candidate,
                                              const std::vector<JudgedVersion>& compared);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERDICT_DECISION_H_
