// Values of a verdict: a decision with its findings. What decides it is in verdict_decision.h; what
// lets a version ship, in ship_decision.h.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERDICT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERDICT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "eval_gate_service/domain/bar.h"
#include "eval_gate_service/domain/version_key.h"
#include "shared/lists/list_filter.h"

namespace flywheel::evalgate {

// The numbers are stored, and those of the wire.
enum class Decision { kNone = 0, kPass = 1, kBlock = 2, kInconclusive = 3, kNotConfigured = 4 };

// The numbers are stored, and those of the wire.
enum class FindingKind {
  kCohortAtFloor = 1,
  kCohortBelowFloor = 2,
  kCohortUndecided = 3,
  kWorseThanBaseline = 4,
  kNotWorseThanBaseline = 5,
  kBaselineUndecided = 6,
  kMissingCases = 7,
  kDuplicateCases = 8,
  kErroredCases = 9,
  kConstantOutput = 10,
  kCohortTooSmall = 11,
  kBaselineCohortTooSmall = 12,
  kUnfinishedRuns = 13,
  kCriticalCasesFailed = 14,
  kBelowPointFloor = 15,
  kAtPointFloor = 16,
  kContaminatedCases = 17,
};

// One reason for a verdict, with its figures.
struct Finding {
  FindingKind kind = FindingKind::kCohortUndecided;
  // Empty for the whole suite.
  std::string cohort;
  // For people; never holds an ideal output.
  std::string message;
  int64_t cases = 0;
  int64_t passed = 0;
  // A pass rate, or candidate minus baseline, with its one-sided bounds at the look's alpha.
  double estimate = 0;
  double lower = 0;
  double upper = 0;
  // The floor, or minus the margin.
  double bar = 0;
  // Of the test that blocks, after the correction for the number of cohorts; 1 where there is none.
  double p_value = 1;
  // Beside a baseline: cases that only it passed, and that only the candidate passed.
  int64_t regressed = 0;
  int64_t improved = 0;
  // The smallest drop that the comparison finds with a power of 80 %; 0 where it finds none.
  double detectable_drop = 0;
  // And which one it is.
  std::string baseline_model_version = {};
  // Cases that would decide it at this rate; 0 where it is decided or no number would.
  int64_t cases_needed = 0;
};

// What was decided of one version on one suite. It stands for ever: see ship_decision.h.
struct Verdict {
  std::string verdict_id;
  std::string suite_id;
  // The suite's.
  std::string agent;
  // See BarHash.
  std::string bar_hash;
  std::string model_version;
  // Empty where there is none.
  std::string baseline_model_version;
  Decision decision = Decision::kNone;
  // What blocks first.
  std::vector<Finding> findings;
  absl::Time create_time;
  // The suite's at the time.
  int64_t erased_cases = 0;
  // The id of a key; empty where the server had none.
  std::string created_by = {};
  // Words of whoever asked for it.
  Labels labels = {};
  std::string suite_name = {};
  int64_t suite_version = 0;
  // The suite's, when it was made.
  int64_t suite_cases = 0;
  // 0: an exploration.
  int64_t policy_version = 0;
  // See AtLook; 0 for an exploration.
  int look = 0;
  // Beside the baseline; empty where there is none, or it is the baseline.
  std::string reference_model_version = {};
  Bar bar = {};
  // The run that it is about; empty and 0 before there were any.
  std::string run_id = {};
  int attempts_per_case = 0;
  // See VerdictDecision.
  std::vector<double> pass_all_of = {};
  std::vector<double> pass_any_of = {};
  // See EvidenceHash, and which code decided it: these two tell a year later whether the rules or
  // the evidence are others. Empty in verdicts of before.
  std::string evidence_hash = {};
  std::string code_version = {};

  // On which it was given.
  int64_t cases_left() const { return suite_cases - erased_cases; }
};

// Which verdicts to list.
struct VerdictFilter {
  ListFilter list;
  // Empty: on whatever suite, on whatever version.
  std::string suite_id;
  std::string model_version;
  // Empty: whatever was decided.
  std::optional<Decision> decision;

  bool Matches(const Verdict& verdict) const {
    return list.Matches(verdict.create_time, verdict.labels) &&
           (list.agent.empty() || verdict.agent == list.agent) &&
           (suite_id.empty() || verdict.suite_id == suite_id) &&
           (model_version.empty() || IsSameVersion(verdict.model_version, model_version)) &&
           (!decision || verdict.decision == *decision);
  }
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERDICT_H_
