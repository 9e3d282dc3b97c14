// Counts of a verdict: what a suite and each of its cohorts passed, alone and beside a baseline.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_COHORT_TALLY_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_COHORT_TALLY_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "eval_gate_service/domain/bar.h"
#include "eval_gate_service/domain/judged_case.h"

namespace flywheel::evalgate {

// The cases of one group, or one case that stands alone, by what each counts (CaseValue).
struct ClusterTally {
  double cases = 0;
  double passed = 0;
  // By how much the candidate fell behind the baseline, and by how much it got ahead.
  double regressed = 0;
  double improved = 0;
};

// All that the rules of a verdict look at: counts, and no text of any case.
struct CohortTally {
  // Empty for the whole suite.
  std::string cohort;
  int64_t cases = 0;
  // By the candidate; see Passes.
  int64_t passed = 0;

  // Beside a baseline; 0 without one.
  int64_t baseline_passed = 0;
  // Those that count less than by the baseline, and those that count more.
  int64_t regressed = 0;
  int64_t improved = 0;
  // The baseline answered them with an error, which counts as failed.
  int64_t baseline_errors = 0;

  // At each case, by the candidate.
  int attempts = 1;
  // Attempts that a case's value is the mean of; beside a baseline the fewer of both.
  int attempts_counted = 1;
  // Empty where every case stands alone and counts 0 or 1: the counts say all.
  std::vector<ClusterTally> clusters;

  // The mean of what the cases count.
  double rate() const;
  // Groups of the size that a typical case's group has; the cases where they stand alone.
  double groups() const;
};

// The counts beside one version.
struct Comparison {
  std::string model_version;
  std::vector<CohortTally> tallies;
};

// The whole suite first, then the cohorts by name; cases without a cohort count in the whole alone,
// and those of several in each.
// `baseline` is empty where there is none; else its element i is about the same case as that of
// `candidate`.
std::vector<CohortTally> TallyCohorts(const Bar& bar, const std::vector<JudgedCase>& candidate,
                                      std::span<const JudgedCase> baseline);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_COHORT_TALLY_H_
