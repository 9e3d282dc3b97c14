// Counts of a verdict: what a suite and each of its cohorts passed, alone and beside a baseline.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_COHORT_TALLY_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_COHORT_TALLY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "eval_gate_service/domain/judged_case.h"

namespace flywheel::evalgate {

// All that the rules of a verdict look at: counts, and no text of any case.
struct CohortTally {
  // Empty for the whole suite.
  std::string cohort;
  int64_t cases = 0;
  // By the candidate.
  int64_t passed = 0;

  // Beside a baseline; 0 without one.
  int64_t baseline_passed = 0;
  // Only the baseline passed them, or only the candidate did.
  int64_t regressed = 0;
  int64_t improved = 0;
  // The baseline answered them with an error, which counts as failed.
  int64_t baseline_errors = 0;

  double rate() const { return static_cast<double>(passed) / static_cast<double>(cases); }
};

// The counts beside one version.
struct Comparison {
  std::string model_version;
  std::vector<CohortTally> tallies;
};

// The whole suite first, then the cohorts by name; cases without a cohort count in the whole alone.
// Where `baseline` is not null, its element i is about the same case as that of `candidate`.
std::vector<CohortTally> TallyCohorts(const std::vector<JudgedCase>& candidate,
                                      const std::vector<JudgedCase>* baseline);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_COHORT_TALLY_H_
