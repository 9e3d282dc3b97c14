#include "eval_gate_service/domain/baseline_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "eval_gate_service/domain/paired_bound.h"
#include "eval_gate_service/domain/tally_evidence.h"
#include "eval_gate_service/domain/tally_text.h"
#include "shared/status/status_macros.h"
#include "statistics/detectable_drop.h"
#include "statistics/multiple_testing.h"

namespace flywheel::evalgate {
namespace {

// Of the drop that could have been seen.
constexpr double kPower = 0.8;

// A cohort, or the whole suite, with what its counts show.
struct Compared {
  const CohortTally* tally = nullptr;
  PairedEvidence evidence;
};

// The whole suite and the cohorts that are compared on their own; of a suite that is one cohort the
// cohort is the whole.
absl::StatusOr<std::vector<Compared>> Compare(const Bar& bar,
                                              const std::vector<CohortTally>& tallies) {
  std::vector<Compared> compared;
  for (size_t i = 0; i < tallies.size(); ++i) {
    const bool on_its_own =
        tallies[i].cases >= bar.min_cohort_cases && tallies[i].cases < tallies.front().cases;
    if (i > 0 && !on_its_own) continue;
    ASSIGN_OR_RETURN(PairedEvidence evidence, EvidenceOfDifference(tallies[i], bar.alpha));
    compared.push_back({&tallies[i], evidence});
  }
  return compared;
}

absl::StatusOr<statistics::AttainableHolm> Correct(const std::vector<Compared>& compared,
                                                   double block_alpha) {
  std::vector<double> p_values;
  std::vector<double> smallest;
  for (const Compared& one : compared) {
    p_values.push_back(one.evidence.p_value_worse);
    smallest.push_back(SmallestPValueWorse(*one.tally));
  }
  return statistics::HolmOfAttainable(p_values, smallest, block_alpha);
}

double MarginOf(const Bar& bar, const CohortTally& tally) {
  return tally.cohort.empty() ? bar.non_inferiority_margin : bar.cohort_margin;
}

// Of the whole suite alone: a cohort that no version gets right yet is no doubt.
bool ProvesNothing(const CohortTally& tally, const PairedEvidence& evidence) {
  return evidence.of_one_group || (tally.cohort.empty() && tally.baseline_passed == 0);
}

FindingKind KindOf(const Bar& bar, const CohortTally& tally, const PairedEvidence& evidence,
                   bool is_worse) {
  // Worse comes first: a candidate may be significantly worse and yet within the margin.
  if (is_worse) return FindingKind::kWorseThanBaseline;
  if (evidence.lower > -MarginOf(bar, tally) && !ProvesNothing(tally, evidence)) {
    return FindingKind::kNotWorseThanBaseline;
  }
  const bool too_small = tally.cases < bar.cohort_margin_cases || evidence.of_one_group;
  return !tally.cohort.empty() && too_small ? FindingKind::kBaselineCohortTooSmall
                                            : FindingKind::kBaselineUndecided;
}

// The smallest drop that so many cases, differing as often as these, find with the test that
// blocks; 0 where they find none.
double DetectableDrop(const PairedCounts& counts, double block_alpha) {
  const double differing = std::max(1.0, counts.only_baseline + counts.only_candidate);
  const auto drop = statistics::MinimumDetectableDrop(
      static_cast<int64_t>(counts.cases), differing / counts.cases, 2 * block_alpha, kPower);
  return drop.ok() ? *drop : 0;
}

// Of cases in groups like these, and tried as often.
int64_t CasesToDecide(const Compared& one, double margin, double alpha) {
  const int64_t needed = PairedCasesToDecide(one.evidence.counts, margin, alpha, kPower);
  const double worth = static_cast<double>(one.tally->cases) / one.evidence.counts.cases;
  return static_cast<int64_t>(std::ceil(static_cast<double>(needed) * worth));
}

std::string Explain(const Bar& bar, const Finding& finding, const Compared& compared) {
  const CohortTally& tally = *compared.tally;
  std::string text = fmt::format(
      "{} against '{}': {}, that one {}; {} regressed, {} improved; difference {:+.3f}, ",
      finding.cohort.empty() ? "whole suite" : fmt::format("cohort '{}'", finding.cohort),
      finding.baseline_model_version, PassedText(bar, tally), tally.baseline_passed,
      finding.regressed, finding.improved, finding.estimate);
  if (compared.evidence.of_one_group) return text + OneGroupText();
  text += fmt::format("{}lower bound {:+.3f}, want above {:+.4g}; p-value of worse {:.3g}",
                      ClustersText(tally, compared.evidence.counts.cases), finding.lower,
                      finding.bar, finding.p_value);
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
  ASSIGN_OR_RETURN(const std::vector<Compared> compared, Compare(bar, comparison.tallies));
  ASSIGN_OR_RETURN(const statistics::AttainableHolm holm, Correct(compared, block_alpha));
  std::vector<Finding> findings;
  for (size_t i = 0; i < compared.size(); ++i) {
    const CohortTally& tally = *compared[i].tally;
    const PairedEvidence& evidence = compared[i].evidence;
    Finding finding;
    finding.kind = KindOf(bar, tally, evidence, holm.adjusted[i] <= block_alpha);
    finding.cohort = tally.cohort;
    finding.baseline_model_version = comparison.model_version;
    finding.cases = tally.cases;
    finding.passed = tally.passed;
    finding.regressed = tally.regressed;
    finding.improved = tally.improved;
    finding.estimate = evidence.counts.difference();
    finding.lower = evidence.lower;
    finding.upper = evidence.upper;
    finding.bar = -MarginOf(bar, tally);
    finding.p_value = holm.adjusted[i];
    if (!evidence.of_one_group) {
      finding.detectable_drop = DetectableDrop(evidence.counts, block_alpha);
    }
    if (finding.kind == FindingKind::kBaselineCohortTooSmall) {
      finding.cases_needed = std::max(bar.cohort_margin_cases, tally.cases + 1);
    } else if (finding.kind == FindingKind::kBaselineUndecided && !ProvesNothing(tally, evidence)) {
      finding.cases_needed = CasesToDecide(compared[i], MarginOf(bar, tally), bar.alpha);
    }
    finding.message = Explain(bar, finding, compared[i]);
    findings.push_back(std::move(finding));
  }
  return findings;
}

absl::StatusOr<std::map<std::string, double>> BaselineLevels(
    const Bar& bar, double block_alpha, const std::vector<CohortTally>& tallies) {
  ASSIGN_OR_RETURN(const std::vector<Compared> compared, Compare(bar, tallies));
  ASSIGN_OR_RETURN(const statistics::AttainableHolm holm, Correct(compared, block_alpha));
  std::map<std::string, double> levels;
  for (size_t i = 0; i < compared.size(); ++i) {
    levels[compared[i].tally->cohort] = holm.first_level[i];
  }
  return levels;
}

absl::StatusOr<FindingKind> CompareAlone(const Bar& bar, double level, const CohortTally& tally) {
  ASSIGN_OR_RETURN(const PairedEvidence evidence, EvidenceOfDifference(tally, bar.alpha));
  return KindOf(bar, tally, evidence, evidence.p_value_worse <= level);
}

}  // namespace flywheel::evalgate
