#include "eval_gate_service/domain/floor_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "shared/status/status_macros.h"
#include "statistics/distributions.h"
#include "statistics/multiple_testing.h"
#include "statistics/proportion.h"

namespace flywheel::evalgate {
namespace {

// Passed of all cases of one cohort, and what it is held against.
struct Tally {
  std::string cohort;
  double floor = 0;
  int64_t cases = 0;
  int64_t passed = 0;

  double rate() const { return static_cast<double>(passed) / static_cast<double>(cases); }
};

double FloorOf(const SuitePolicy& policy, const std::string& cohort) {
  const auto found = policy.cohort_floors.find(cohort);
  return found == policy.cohort_floors.end() ? policy.pass_rate_floor : found->second;
}

// The whole suite first, then the cohorts that are judged on their own.
std::vector<Tally> Count(const SuitePolicy& policy, const std::vector<JudgedCase>& cases) {
  Tally whole;
  double floors = 0;
  std::map<std::string, Tally> cohorts;
  for (const JudgedCase& one : cases) {
    const std::string& name = one.suite_case->cohort;
    const double floor = FloorOf(policy, name);
    Tally& cohort = cohorts[name];
    cohort.cohort = name;
    cohort.floor = floor;
    floors += floor;
    for (Tally* tally : {&whole, &cohort}) {
      ++tally->cases;
      if (one.passed()) ++tally->passed;
    }
  }
  whole.floor = policy.pass_rate_floor;
  const bool some_lower = std::any_of(cohorts.begin(), cohorts.end(), [&](const auto& entry) {
    return entry.second.floor < policy.pass_rate_floor;
  });
  if (some_lower) {
    whole.floor = std::min(whole.floor, floors / static_cast<double>(whole.cases));
  }
  std::vector<Tally> tallies = {whole};
  for (const auto& [name, tally] : cohorts) {
    if (!name.empty() && tally.cases >= policy.min_cohort_cases) tallies.push_back(tally);
  }
  return tallies;
}

// The exact p-value of "the true rate is at the floor or above".
double BelowFloorPValue(const Tally& tally) {
  return std::min(1.0, statistics::BinomialCdf(tally.passed, tally.cases, tally.floor));
}

// A suite of one cohort asks one question, not two.
bool IsOneCohort(const std::vector<Tally>& tallies) {
  return tallies.size() == 2 && tallies[0].cases == tallies[1].cases &&
         tallies[0].floor == tallies[1].floor;
}

absl::StatusOr<std::vector<double>> HolmPValues(const std::vector<Tally>& tallies) {
  const size_t first = IsOneCohort(tallies) ? 1 : 0;
  std::vector<double> p_values;
  for (size_t i = first; i < tallies.size(); ++i) p_values.push_back(BelowFloorPValue(tallies[i]));
  ASSIGN_OR_RETURN(std::vector<double> adjusted, statistics::Holm(p_values));
  if (first == 1) adjusted.insert(adjusted.begin(), adjusted.front());
  return adjusted;
}

// Cases that decide at this rate. Below the floor the strictest level that Holm may ask for counts.
int64_t CasesNeeded(const Tally& tally, double alpha, size_t tests) {
  const double level = tally.rate() < tally.floor ? alpha / static_cast<double>(tests) : alpha;
  const auto needed = statistics::CasesNeededToDecideFloor(tally.rate(), tally.floor, level);
  return needed.ok() ? std::max(*needed, tally.cases + 1) : 0;
}

std::string Explain(const Finding& finding, double adjusted_p_value) {
  std::string text = fmt::format(
      "{}: {} of {} passed, rate {:.3f}, ",
      finding.cohort.empty() ? "whole suite" : fmt::format("cohort '{}'", finding.cohort),
      finding.passed, finding.cases, finding.estimate);
  if (finding.kind == FindingKind::kCohortAtFloor) {
    return text + fmt::format("lower bound {:.3f}, floor {:.4g}", finding.lower, finding.bar);
  }
  if (finding.kind == FindingKind::kCohortBelowFloor) {
    return text + fmt::format("upper bound {:.3f}, floor {:.4g}", finding.upper, finding.bar);
  }
  text += fmt::format("lower bound {:.3f}, upper bound {:.3f}, floor {:.4g}; ", finding.lower,
                      finding.upper, finding.bar);
  if (finding.upper < finding.bar) {
    text += fmt::format("over all floors of the suite the p-value is {:.3f}; ", adjusted_p_value);
  }
  return text + (finding.cases_needed > 0
                     ? fmt::format("about {} cases would decide it", finding.cases_needed)
                     : "no number of cases would decide it at this rate");
}

}  // namespace

absl::StatusOr<std::vector<Finding>> FloorFindings(const SuitePolicy& policy,
                                                   const std::vector<JudgedCase>& cases) {
  const std::vector<Tally> tallies = Count(policy, cases);
  ASSIGN_OR_RETURN(const std::vector<double> adjusted, HolmPValues(tallies));
  const size_t tests = IsOneCohort(tallies) ? 1 : tallies.size();
  std::vector<Finding> findings;
  for (size_t i = 0; i < tallies.size(); ++i) {
    const Tally& tally = tallies[i];
    const statistics::Proportion proportion{tally.passed, tally.cases};
    Finding finding;
    finding.cohort = tally.cohort;
    finding.cases = tally.cases;
    finding.passed = tally.passed;
    finding.estimate = tally.rate();
    ASSIGN_OR_RETURN(finding.lower, statistics::WilsonLowerBound(proportion, policy.alpha));
    ASSIGN_OR_RETURN(finding.upper, statistics::WilsonUpperBound(proportion, policy.alpha));
    finding.bar = tally.floor;
    if (finding.lower >= tally.floor) {
      finding.kind = FindingKind::kCohortAtFloor;
    } else if (finding.upper < tally.floor && adjusted[i] < policy.alpha) {
      finding.kind = FindingKind::kCohortBelowFloor;
    } else {
      finding.kind = FindingKind::kCohortUndecided;
      finding.cases_needed = CasesNeeded(tally, policy.alpha, tests);
    }
    finding.message = Explain(finding, adjusted[i]);
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace flywheel::evalgate
