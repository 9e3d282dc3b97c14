// The answer to "may this version ship?", and why.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERDICT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERDICT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace flywheel::evalgate {

// The numbers are stored, and those of the wire.
enum class Decision { kNone = 0, kPass = 1, kBlock = 2, kInconclusive = 3 };

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
};

// What a finding does to the decision, the strongest first.
enum class Severity { kBlocks = 0, kUndecided = 1, kFine = 2 };

// A floor that is missed, a baseline that is better, and every doubt about the outputs themselves
// block. Errors do not by themselves: they count as failed cases.
Severity SeverityOf(FindingKind kind);

// One reason for a verdict, with its figures.
struct Finding {
  FindingKind kind = FindingKind::kCohortUndecided;
  // Empty for the whole suite.
  std::string cohort;
  // For people; never holds an ideal output.
  std::string message;
  int64_t cases = 0;
  int64_t passed = 0;
  // A pass rate, or candidate minus baseline, with its one-sided bounds at the policy's alpha.
  double estimate = 0;
  double lower = 0;
  double upper = 0;
  // The floor, or minus the margin.
  double bar = 0;
  // Of the paired test against the baseline; 1 where there is none.
  double p_value = 1;
  // Cases that would decide it at this rate; 0 where it is decided or no number would.
  int64_t cases_needed = 0;
};

// A stored answer. It stands for ever: see VerdictArchive::Decide.
struct Verdict {
  std::string verdict_id;
  std::string suite_id;
  // The suite's.
  std::string agent;
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
};

// "May this version ship?"
struct ShipQuestion {
  std::string model_version;
  // Empty: for any agent.
  std::string agent;
  // The version that serves now; empty: any.
  std::string baseline_model_version;
};

// What the strictest verdict on a version (see VerdictStore::Strictest) says to the question: its
// own decision; but where the serving version is named, a PASS that did not compare with it is
// INCONCLUSIVE, because anybody can name a baseline that is easily beaten, or none.
inline Decision ShipDecision(const ShipQuestion& question, const Verdict& strictest) {
  const bool other_baseline = !question.baseline_model_version.empty() &&
                              strictest.baseline_model_version != question.baseline_model_version;
  return strictest.decision == Decision::kPass && other_baseline ? Decision::kInconclusive
                                                                 : strictest.decision;
}

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERDICT_H_
