#include "eval_gate_service/domain/floor_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>

#include "eval_gate_service/domain/tally_evidence.h"
#include "eval_gate_service/domain/tally_text.h"
#include "shared/status/status_macros.h"
#include "statistics/multiple_testing.h"
#include "statistics/proportion.h"

namespace flywheel::evalgate {
namespace {

// Of the number of cases that would decide.
constexpr double kPower = 0.8;
// Products of whole numbers miss them by less.
constexpr double kRounding = 1e-9;

// What is held against a floor.
struct Rate {
  const CohortTally* tally = nullptr;
  double floor = 0;
  // The bar names the cohort, or it is the whole suite.
  bool required = false;
  RateEvidence evidence = {};
};

double FloorOf(const Bar& bar, const std::string& cohort) {
  const auto found = bar.cohort_floors.find(cohort);
  return found == bar.cohort_floors.end() ? bar.pass_rate_floor : found->second;
}

// The mean floor of the cases, where the own cohort of some has a lower one than the bar's.
double WholeFloor(const Bar& bar, const std::vector<CohortTally>& tallies) {
  double floors = 0;
  int64_t unnamed = tallies.front().cases;
  bool some_lower = false;
  for (size_t i = 1; i < tallies.size(); ++i) {
    if (IsByLabel(bar, tallies[i].cohort)) continue;
    const double floor = FloorOf(bar, tallies[i].cohort);
    some_lower = some_lower || floor < bar.pass_rate_floor;
    floors += floor * static_cast<double>(tallies[i].cases);
    unnamed -= tallies[i].cases;
  }
  if (!some_lower) return bar.pass_rate_floor;
  floors += bar.pass_rate_floor * static_cast<double>(unnamed);
  return std::min(bar.pass_rate_floor, floors / static_cast<double>(tallies.front().cases));
}

absl::StatusOr<std::vector<Rate>> RatesOf(const Bar& bar, const std::vector<CohortTally>& tallies) {
  std::vector<Rate> rates = {{&tallies.front(), WholeFloor(bar, tallies), /*required=*/true}};
  for (size_t i = 1; i < tallies.size(); ++i) {
    const CohortTally& tally = tallies[i];
    const bool named = bar.cohort_floors.contains(tally.cohort);
    if (!named && tally.cases < bar.min_cohort_cases) continue;
    rates.push_back({&tally, FloorOf(bar, tally.cohort), named});
  }
  std::erase_if(rates, [](const Rate& rate) { return rate.floor <= 0; });
  for (Rate& rate : rates) {
    ASSIGN_OR_RETURN(rate.evidence, EvidenceOfRate(*rate.tally, rate.floor, bar.alpha));
  }
  return rates;
}

// A suite of one cohort asks one question, not two.
bool IsOneCohort(const std::vector<Rate>& rates) {
  return rates.size() == 2 && rates[0].tally->cases == rates[1].tally->cases &&
         rates[0].floor == rates[1].floor;
}

// Of the p-values of "the true rate is at the floor or above".
absl::StatusOr<statistics::AttainableHolm> Correct(const std::vector<Rate>& rates,
                                                   double block_alpha) {
  const size_t first = IsOneCohort(rates) ? 1 : 0;
  std::vector<double> p_values;
  std::vector<double> smallest;
  for (size_t i = first; i < rates.size(); ++i) {
    p_values.push_back(rates[i].evidence.p_value_below);
    ASSIGN_OR_RETURN(smallest.emplace_back(), SmallestPValueBelow(*rates[i].tally, rates[i].floor));
  }
  ASSIGN_OR_RETURN(statistics::AttainableHolm holm,
                   statistics::HolmOfAttainable(p_values, smallest, block_alpha));
  if (first == 1) {
    holm.adjusted.insert(holm.adjusted.begin(), holm.adjusted.front());
    holm.first_level.insert(holm.first_level.begin(), holm.first_level.front());
  }
  return holm;
}

int64_t RoundUp(double cases) { return static_cast<int64_t>(std::ceil(cases - kRounding)); }

// Cases that decide at this rate. Below the floor the strictest level that Holm may ask for counts.
int64_t CasesNeeded(const Rate& rate, double alpha, double first_level) {
  const double observed = rate.tally->rate();
  const double level = observed < rate.floor ? first_level : alpha;
  const auto needed = statistics::CasesNeededToDecideFloor(observed, rate.floor, level, kPower);
  if (!needed.ok() || rate.evidence.of_one_group) return 0;
  const double worth = static_cast<double>(rate.tally->cases) / rate.evidence.effective_cases;
  return std::max(RoundUp(static_cast<double>(*needed) * worth), rate.tally->cases + 1);
}

// Cases that show the floor where all of them pass, in groups like these: each counts once then.
absl::StatusOr<int64_t> CasesToReachFloor(const Rate& rate, double alpha) {
  ASSIGN_OR_RETURN(const int64_t groups, statistics::CasesNeededToReachFloor(rate.floor, alpha));
  return RoundUp(static_cast<double>(groups) * static_cast<double>(rate.tally->cases) /
                 rate.tally->groups());
}

bool IsTooSmall(const Rate& rate, double alpha) {
  const auto needed = CasesToReachFloor(rate, alpha);
  return needed.ok() && (rate.tally->cases < *needed || rate.evidence.of_one_group);
}

std::string Explain(const Bar& bar, const Finding& finding, const Rate& rate) {
  std::string text = fmt::format(
      "{}: {}, rate {:.3f}, ",
      finding.cohort.empty() ? "whole suite" : fmt::format("cohort '{}'", finding.cohort),
      PassedText(bar, *rate.tally), finding.estimate);
  if (rate.evidence.of_one_group) {
    return text + fmt::format("floor {:.4g}: {}", finding.bar, OneGroupText());
  }
  text += ClustersText(*rate.tally, rate.evidence.effective_cases);
  switch (finding.kind) {
    case FindingKind::kCohortAtFloor:
      return text + fmt::format("lower bound {:.3f}, floor {:.4g}", finding.lower, finding.bar);
    case FindingKind::kCohortBelowFloor:
      return text + fmt::format("upper bound {:.3f}, floor {:.4g}", finding.upper, finding.bar);
    case FindingKind::kCohortTooSmall:
      return text + fmt::format(
                        "floor {:.4g}: judged with the others only, because fewer than {} "
                        "cases cannot show it",
                        finding.bar, finding.cases_needed);
    default:
      break;
  }
  text += fmt::format("lower bound {:.3f}, upper bound {:.3f}, floor {:.4g}; ", finding.lower,
                      finding.upper, finding.bar);
  if (finding.upper < finding.bar) {
    text +=
        finding.p_value < 1
            ? fmt::format("over all floors of the suite the p-value is {:.3f}; ", finding.p_value)
            : std::string("too few cases to block beside the other floors of the suite; ");
  }
  return text + (finding.cases_needed > 0
                     ? fmt::format("about {} cases would decide it", finding.cases_needed)
                     : "no number of cases would decide it at this rate");
}

// Named cohorts without a case: none was made with it, or all were erased. Nothing shows their
// floor.
std::vector<Finding> EmptyCohorts(const Bar& bar, const std::vector<CohortTally>& tallies) {
  std::vector<Finding> findings;
  for (const auto& [cohort, floor] : bar.cohort_floors) {
    const bool there =
        std::any_of(tallies.begin(), tallies.end(),
                    [&cohort = cohort](const CohortTally& one) { return one.cohort == cohort; });
    if (there) continue;
    Finding finding;
    finding.kind = FindingKind::kCohortUndecided;
    finding.cohort = cohort;
    finding.upper = 1;
    finding.bar = floor;
    finding.message =
        fmt::format("cohort '{}': it has a floor of {:.4g} and no case", cohort, floor);
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

absl::StatusOr<std::vector<Finding>> FloorFindings(const Bar& bar, double block_alpha,
                                                   const std::vector<CohortTally>& tallies) {
  std::vector<Finding> empty = EmptyCohorts(bar, tallies);
  ASSIGN_OR_RETURN(const std::vector<Rate> rates, RatesOf(bar, tallies));
  if (rates.empty()) return empty;
  ASSIGN_OR_RETURN(const statistics::AttainableHolm holm, Correct(rates, block_alpha));
  std::vector<Finding> findings;
  for (size_t i = 0; i < rates.size(); ++i) {
    const Rate& rate = rates[i];
    const CohortTally& tally = *rate.tally;
    Finding finding;
    finding.cohort = tally.cohort;
    finding.cases = tally.cases;
    finding.passed = tally.passed;
    finding.estimate = tally.rate();
    finding.lower = rate.evidence.lower;
    finding.upper = rate.evidence.upper;
    finding.bar = rate.floor;
    finding.p_value = holm.adjusted[i];
    if (rate.evidence.p_value_above <= bar.alpha) {
      finding.kind = FindingKind::kCohortAtFloor;
    } else if (holm.adjusted[i] <= block_alpha) {
      finding.kind = FindingKind::kCohortBelowFloor;
    } else if (!rate.required && IsTooSmall(rate, bar.alpha)) {
      finding.kind = FindingKind::kCohortTooSmall;
      ASSIGN_OR_RETURN(finding.cases_needed, CasesToReachFloor(rate, bar.alpha));
    } else {
      finding.kind = FindingKind::kCohortUndecided;
      // Of a test that is not done the level where all are.
      const double level = holm.first_level[i] > 0
                               ? holm.first_level[i]
                               : block_alpha / static_cast<double>(rates.size());
      finding.cases_needed = CasesNeeded(rate, bar.alpha, level);
    }
    finding.message = Explain(bar, finding, rate);
    findings.push_back(std::move(finding));
  }
  std::move(empty.begin(), empty.end(), std::back_inserter(findings));
  return findings;
}

absl::StatusOr<std::map<std::string, double>> FloorLevels(const Bar& bar, double block_alpha,
                                                          const std::vector<CohortTally>& tallies) {
  ASSIGN_OR_RETURN(const std::vector<Rate> rates, RatesOf(bar, tallies));
  ASSIGN_OR_RETURN(const statistics::AttainableHolm holm, Correct(rates, block_alpha));
  std::map<std::string, double> levels;
  for (size_t i = 0; i < rates.size(); ++i) levels[rates[i].tally->cohort] = holm.first_level[i];
  return levels;
}

}  // namespace flywheel::evalgate
