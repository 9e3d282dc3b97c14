// Values of a bar: what the answers to a suite must show before a version passes.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_BAR_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_BAR_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "eval_gate_service/domain/suite.h"

namespace flywheel::evalgate {

// What a case that was tried several times counts, 0 to 1; k is the bar's least_attempts, so that
// nobody gains or loses by trying oftener. The numbers are stored, and those of the wire.
enum class RepeatRule {
  kMean = 1,  // the share of attempts that passed
  kAll = 2,   // the chance that k of its attempts all passed (pass^k)
  kAny = 3,   // the chance that any of k of its attempts did (pass@k)
};

// The bar, with every default filled in.
struct Bar {
  // The pass rate that every cohort must reach, at most 1; 0: none, the comparison with a baseline
  // decides. A floor of 1 blocks at the first failure and is never proven: no sample shows that
  // nothing can fail.
  double pass_rate_floor = 0.92;
  // Other floors for single cohorts.
  std::map<std::string, double> cohort_floors = {};
  // How much worse than a baseline a candidate may be as a whole, 0 to 1 in pass rate.
  double non_inferiority_margin = 0.03;
  // And in a cohort of at least so many cases.
  double cohort_margin = 0.10;
  int64_t cohort_margin_cases = 150;
  // The chance of a wrong PASS and of a wrong BLOCK of a version, above 0, at most 0.2.
  double alpha = 0.05;
  // A cohort with fewer cases has no finding of its own; at least 1.
  int64_t min_cohort_cases = 1;
  // No verdict is given on fewer.
  int64_t least_cases = 1;
  RepeatRule repeat_rule = RepeatRule::kMean;
  // No verdict is given on a run that tries each case less often.
  int least_attempts = 1;
  // A rate, of the suite or of a cohort, that was seen below it blocks; 0: none.
  double point_floor = 0;
  // Exactly these judge the suite's outputs; empty: whatever whoever made it chose.
  std::vector<EvaluatorSpec> evaluators = {};
  // Labels whose values give cohorts beside the cases' own, sorted: see LabelCohortName.
  std::vector<std::string> cohort_labels = {};

  bool has_floors() const { return pass_rate_floor > 0 || !cohort_floors.empty(); }

  friend bool operator==(const Bar&, const Bar&) = default;
};

// Whether a label that the bar names gives this cohort, which may share cases with others.
inline bool IsByLabel(const Bar& bar, std::string_view cohort) {
  return std::any_of(
      bar.cohort_labels.begin(), bar.cohort_labels.end(),
      [&](const std::string& name) { return cohort.starts_with(LabelCohortName(name, "")); });
}

// How often one question may be asked of a version, on growing versions of a suite, before it must
// be another version.
inline constexpr int kMostLooks = 3;

// The bar of one look at a version, from 1: its share of alpha. The first has nine tenths, the
// second a twentieth, and each further one half of the one before, so that all together pass or
// block wrongly with a chance of at most alpha (Bonferroni), however many there are: new baselines
// ask for verdicts of their own. A look of 0 is an exploration, which has all of it.
inline Bar AtLook(Bar bar, int look) {
  if (look == 1) bar.alpha *= 0.9;
  for (int i = 1; i < look; ++i) bar.alpha *= i == 1 ? 0.05 : 0.5;
  return bar;
}

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_BAR_H_
