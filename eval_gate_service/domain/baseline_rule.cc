#include "eval_gate_service/domain/baseline_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "eval_gate_service/domain/paired_bound.h"
#include "shared/status/status_macros.h"
#include "statistics/detectable_drop.h"
#include "statistics/mcnemar.h"
#include "statistics/multiple_testing.h"

namespace flywheel::evalgate {
namespace {

// Of the drop that could have been seen.
constexpr double kPower = 0.8;

PairedCounts CountsOf(const CohortTally& tally) {
  return {static_cast<double>(tally.cases), static_cast<double>(tally.regressed),
          static_cast<double>(tally.improved)};
}

// The whole suite and the cohorts that are compared on their own; of a suite that is one cohort the
// cohort is the whole.
std::vector<const CohortTally*> Compared(const Bar& bar, const std::vector<CohortTally>& tallies) {
  std::vector<const CohortTally*> compared = {&tallies.front()};
  for (size_t i = 1; i < tallies.size(); ++i) {
    if (tallies[i].cases < bar.min_cohort_cases) continue;
    if (tallies[i].cases < tallies.front().cases) compared.push_back(&tallies[i]);
  }
  return compared;
}

absl::StatusOr<std::vector<double>> HolmPValues(const std::vector<const CohortTally*>& compared) {
  std::vector<double> p_values;
  for (const CohortTally* tally : compared) {
    ASSIGN_OR_RETURN(const statistics::McNemarResult test,
                     statistics::McNemarTest({tally->regressed, tally->improved}));
    p_values.push_back(test.p_value_worse);
  }
  return statistics::Holm(p_values);
}

// The smallest drop that so many cases, differing as often as these, find with the test that
// blocks; 0 where they find none.
double DetectableDrop(const CohortTally& tally, double block_alpha) {
  const auto differing =
      static_cast<double>(std::max<int64_t>(1, tally.regressed + tally.improved));
  const auto drop = statistics::MinimumDetectableDrop(
      tally.cases, differing / static_cast<double>(tally.cases), 2 * block_alpha, kPower);
  return drop.ok() ? *drop : 0;
}

std::string Explain(const Finding& finding, const CohortTally& tally) {
  std::string text = fmt::format(
      "{} against '{}': {} of {} passed, that one {}; {} regressed, {} improved; "
      "difference {:+.3f}, lower bound {:+.3f}, want above {:+.4g}; p-value of worse {:.3g}",
      finding.cohort.empty() ? "whole suite" : fmt::format("cohort '{}'", finding.cohort),
      finding.baseline_model_version, finding.passed, finding.cases, tally.baseline_passed,
      finding.regressed, finding.improved, finding.estimate, finding.lower, finding.bar,
      finding.p_value);
  if (finding.detectable_drop > 0) {
    text += fmt::format("; a drop of {:.3f} would be found in 4 of 5 such suites",
                        finding.detectable_drop);
  }
  if (tally.baseline_errors > 0) {
    text += fmt::format("; that one answered {} cases with an error: counted as failed",
                        tally.baseline_errors);
  }
  if (tally.baseline_passed == 0 && finding.cohort.empty()) {
    text += "; to be no worse than what passes nothing proves nothing";
  }
  if (finding.kind == FindingKind::kBaselineCohortTooSmall) {
    text +=
        fmt::format("; too small to be shown not worse: fewer than {} cases", finding.cases_needed);
  }
  if (finding.kind != FindingKind::kBaselineUndecided) return text;
  return text + (finding.cases_needed > 0
                     ? fmt::format("; about {} cases would decide it", finding.cases_needed)
                     : "; no number of cases would decide it at these rates");
}

}  // namespace

absl::StatusOr<std::vector<Finding>> BaselineFindings(const Bar& bar, double block_alpha,
                                                      const Comparison& comparison) {
  const std::vector<const CohortTally*> compared = Compared(bar, comparison.tallies);
  ASSIGN_OR_RETURN(const std::vector<double> adjusted, HolmPValues(compared));
  std::vector<Finding> findings;
  for (size_t i = 0; i < compared.size(); ++i) {
    const CohortTally& tally = *compared[i];
    const PairedCounts counts = CountsOf(tally);
    // Of the whole suite alone: a cohort that no version gets right yet is no doubt.
    const bool proves_nothing = tally.cohort.empty() && tally.baseline_passed == 0;
    const double margin = tally.cohort.empty() ? bar.non_inferiority_margin : bar.cohort_margin;
    Finding finding;
    finding.cohort = tally.cohort;
    finding.baseline_model_version = comparison.model_version;
    finding.cases = tally.cases;
    finding.passed = tally.passed;
    finding.regressed = tally.regressed;
    finding.improved = tally.improved;
    finding.estimate = counts.difference();
    finding.lower = PairedLowerBound(counts, bar.alpha);
    finding.upper = PairedUpperBound(counts, bar.alpha);
    finding.bar = -margin;
    finding.p_value = adjusted[i];
    finding.detectable_drop = DetectableDrop(tally, block_alpha);
    // Worse comes first: a candidate may be significantly worse and yet within the margin.
    if (adjusted[i] <= block_alpha) {
      finding.kind = FindingKind::kWorseThanBaseline;
    } else if (finding.lower > finding.bar && !proves_nothing) {
      finding.kind = FindingKind::kNotWorseThanBaseline;
    } else if (!tally.cohort.empty() && tally.cases < bar.cohort_margin_cases) {
      finding.kind = FindingKind::kBaselineCohortTooSmall;
      finding.cases_needed = bar.cohort_margin_cases;
    } else {
      finding.kind = FindingKind::kBaselineUndecided;
      if (!proves_nothing) {
        finding.cases_needed = PairedCasesToDecide(counts, margin, bar.alpha, kPower);
      }
    }
    finding.message = Explain(finding, tally);
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace flywheel::evalgate
