#include "tests/simulations/verdicts.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <string>

#include "eval_gate_service/domain/floor_rule.h"
#include "eval_gate_service/domain/verdict_decision.h"
#include "statistics/distributions.h"

namespace flywheel::simulations {
namespace {

using evalgate::Bar;
using evalgate::CohortTally;
using evalgate::Decision;
using evalgate::FindingKind;

constexpr int kCohorts = 12;
constexpr int64_t kSmallestCohort = 100;
constexpr int64_t kLargestCohort = 500;
constexpr double kBaselineRate = 0.95;

// The chances that a case is lost or won against the baseline.
struct Truth {
  double lost = 0;
  double won = 0;
};

// As good as the baseline, or `drop` worse, with so many differing cases.
Truth Differing(double discordance, double drop) {
  return {(discordance + drop) / 2, (discordance - drop) / 2};
}

CohortTally Draw(const std::string& name, int64_t cases, const Truth& truth,
                 std::mt19937_64& random) {
  CohortTally tally;
  tally.cohort = name;
  tally.cases = cases;
  tally.regressed = std::binomial_distribution<int64_t>(cases, truth.lost)(random);
  tally.improved = std::binomial_distribution<int64_t>(cases - tally.regressed,
                                                       truth.won / (1 - truth.lost))(random);
  // What both failed matters to no rule but floors, which these releases have none of.
  const auto rate = static_cast<int64_t>(kBaselineRate * static_cast<double>(cases));
  tally.baseline_passed = std::clamp(rate, tally.regressed, cases - tally.improved);
  tally.passed = tally.baseline_passed - tally.regressed + tally.improved;
  return tally;
}

// Twelve cohorts of 100 to 500 cases; the last, the largest, is the one that falls.
Decision DrawRelease(const Bar& bar, const Truth& others, const Truth& last,
                     std::mt19937_64& random) {
  std::vector<CohortTally> tallies(1);
  for (int i = 0; i < kCohorts; ++i) {
    const int64_t cases = kSmallestCohort + (kLargestCohort - kSmallestCohort) * i / (kCohorts - 1);
    const Truth& truth = i + 1 == kCohorts ? last : others;
    tallies.push_back(Draw(fmt::format("cohort-{:02}", i), cases, truth, random));
    CohortTally& whole = tallies.front();
    const CohortTally& one = tallies.back();
    whole.cases += one.cases;
    whole.passed += one.passed;
    whole.baseline_passed += one.baseline_passed;
    whole.regressed += one.regressed;
    whole.improved += one.improved;
  }
  return evalgate::DecisionOf(
      evalgate::RuleFindings(bar, tallies, {{"baseline", tallies}}).value());
}

struct Counts {
  int64_t passed = 0;
  int64_t blocked = 0;
};

Counts DrawReleases(int64_t releases, const Bar& bar, const Truth& others, const Truth& last) {
  std::mt19937_64 random(20240811);
  Counts counts;
  for (int64_t i = 0; i < releases; ++i) {
    const Decision decision = DrawRelease(evalgate::AtLook(bar, 1), others, last, random);
    counts.passed += decision == Decision::kPass ? 1 : 0;
    counts.blocked += decision == Decision::kBlock ? 1 : 0;
  }
  return counts;
}

// The fewest passed cases that reach the floor; one more than there are where none do.
int64_t LeastAtFloor(const Bar& bar, int64_t cases) {
  int64_t low = 0;
  int64_t high = cases + 1;
  while (low < high) {
    CohortTally whole;
    whole.cases = cases;
    whole.passed = low + (high - low) / 2;
    const auto findings = evalgate::FloorFindings(bar, bar.alpha, {whole});
    if (findings.value().at(0).kind == FindingKind::kCohortAtFloor) {
      high = whole.passed;
    } else {
      low = whole.passed + 1;
    }
  }
  return low;
}

}  // namespace

std::vector<Property> SimulateVerdicts(int64_t releases, int64_t floor_step) {
  std::vector<Property> properties;
  Bar bar;
  bar.pass_rate_floor = 0;

  // Equal versions: never blocked oftener than alpha, and let through where the suite can tell.
  const struct {
    double discordance, least_passed;
  } equal[] = {{0.05, 0.95}, {0.1, 0.92}, {0.2, 0.70}};
  for (const auto& [discordance, least_passed] : equal) {
    const Truth truth = Differing(discordance, 0);
    const Counts counts = DrawReleases(releases, bar, truth, truth);
    properties.push_back(AtMost(fmt::format("gate: equal version blocked, {} differ", discordance),
                                counts.blocked, releases, bar.alpha));
    properties.push_back(AtLeast(fmt::format("gate: equal version passed, {} differ", discordance),
                                 counts.passed, releases, least_passed));
  }

  // One cohort fell, eleven are equal.
  const struct {
    double drop, discordance, cohort_margin, most_passed;
  } fallen[] = {{0.10, 0.1, 0.10, 0.01},
                {0.05, 0.07, 0.10, 0.05},
                {0.05, 0.1, 0.10, 0.22},
                {0.05, 0.07, 0.05, 0.02},
                {0.05, 0.1, 0.05, 0.02}};
  for (const auto& [drop, discordance, cohort_margin, most_passed] : fallen) {
    bar.cohort_margin = cohort_margin;
    const Counts counts =
        DrawReleases(releases, bar, Differing(discordance, 0), Differing(discordance, drop));
    properties.push_back(
        AtMost(fmt::format("gate: cohort of {} lost {}, passed, {} differ, cohort margin {}",
                           kLargestCohort, drop, discordance, cohort_margin),
               counts.passed, releases, most_passed));
  }

  // A rate exactly at its floor, by enumeration.
  for (const double floor : {0.8, 0.9, 0.92, 0.95, 0.99}) {
    bar.pass_rate_floor = floor;
    double largest = 0;
    for (int64_t cases = 20; cases <= 3'000; cases += floor_step) {
      largest =
          std::max(largest, statistics::BinomialUpperTail(LeastAtFloor(bar, cases), cases, floor));
    }
    properties.push_back(
        ExactlyAtMost(fmt::format("gate: rate at the floor {} passed, 20 to 3,000 cases", floor),
                      largest, bar.alpha));
  }
  return properties;
}

}  // namespace flywheel::simulations
