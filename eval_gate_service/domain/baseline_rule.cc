#include "eval_gate_service/domain/baseline_rule.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "eval_gate_service/domain/paired_bound.h"
#include "shared/status/status_macros.h"
#include "statistics/mcnemar.h"

namespace flywheel::evalgate {
namespace {

// The four fields of the paired table that a comparison needs.
struct PairedTable {
  int64_t candidate_passed = 0;
  int64_t baseline_passed = 0;
  int64_t baseline_errors = 0;
  statistics::DiscordantCases discordant;
};

PairedTable Count(const std::vector<JudgedCase>& candidate,
                  const std::vector<JudgedCase>& baseline) {
  PairedTable table;
  for (size_t i = 0; i < candidate.size(); ++i) {
    const bool by_candidate = candidate[i].passed();
    // A baseline that failed to answer makes no candidate better than it.
    const bool by_baseline = baseline[i].passed() ||
                             baseline[i].outcome == CaseOutcome::kDuplicate ||
                             baseline[i].outcome == CaseOutcome::kErrored;
    if (by_candidate) ++table.candidate_passed;
    if (by_baseline) ++table.baseline_passed;
    if (baseline[i].outcome == CaseOutcome::kErrored) ++table.baseline_errors;
    if (by_baseline && !by_candidate) ++table.discordant.only_baseline;
    if (by_candidate && !by_baseline) ++table.discordant.only_candidate;
  }
  return table;
}

std::string Explain(const Finding& finding, const PairedTable& table) {
  std::string text = fmt::format(
      "against the baseline: {} of {} passed, the baseline {}; {} only by the baseline, {} only by "
      "the "
      "candidate; difference {:+.3f}, lower bound {:+.3f}, want above {:+.4g}; p-value of worse "
      "{:.3g}",
      finding.passed, finding.cases, table.baseline_passed, table.discordant.only_baseline,
      table.discordant.only_candidate, finding.estimate, finding.lower, finding.bar,
      finding.p_value);
  if (table.baseline_errors > 0) {
    text += fmt::format("; the baseline failed {} cases by an error, which count as passed",
                        table.baseline_errors);
  }
  if (finding.kind != FindingKind::kBaselineUndecided) return text;
  return text + (finding.cases_needed > 0
                     ? fmt::format("; about {} cases would decide it", finding.cases_needed)
                     : "; no number of cases would decide it at these rates");
}

}  // namespace

absl::StatusOr<Finding> BaselineFinding(const SuitePolicy& policy,
                                        const std::vector<JudgedCase>& candidate,
                                        const std::vector<JudgedCase>& baseline) {
  const PairedTable table = Count(candidate, baseline);
  const PairedCounts counts{static_cast<double>(candidate.size()),
                            static_cast<double>(table.discordant.only_baseline),
                            static_cast<double>(table.discordant.only_candidate)};
  ASSIGN_OR_RETURN(const statistics::McNemarResult test, statistics::McNemarTest(table.discordant));
  Finding finding;
  finding.cases = static_cast<int64_t>(candidate.size());
  finding.passed = table.candidate_passed;
  finding.estimate = counts.difference();
  finding.lower = PairedLowerBound(counts, policy.alpha);
  finding.upper = PairedUpperBound(counts, policy.alpha);
  finding.bar = -policy.non_inferiority_margin;
  finding.p_value = test.p_value_worse;
  // Worse comes first: a candidate may be significantly worse and yet within the margin.
  if (test.p_value_worse <= policy.alpha) {
    finding.kind = FindingKind::kWorseThanBaseline;
  } else if (finding.lower > finding.bar) {
    finding.kind = FindingKind::kNotWorseThanBaseline;
  } else {
    finding.kind = FindingKind::kBaselineUndecided;
    finding.cases_needed = PairedCasesToDecide(counts, policy.non_inferiority_margin, policy.alpha);
  }
  finding.message = Explain(finding, table);
  return finding;
}

}  // namespace flywheel::evalgate
