#include "tests/simulations/grouped_verdicts.h"

#include <fmt/format.h>

#include <random>
#include <string>

#include "eval_gate_service/domain/verdict_decision.h"

namespace flywheel::simulations {
namespace {

using evalgate::Bar;
using evalgate::CaseOutcome;
using evalgate::Decision;
using evalgate::JudgedCase;

// What an approximate bound keeps of an alpha of 0.05.
constexpr double kApproximately = 0.06;
constexpr double kFloor = 0.92;

// How a suite is made.
struct Shape {
  int groups = 100;
  int cases_per_group = 4;
  int attempts = 1;
  // Between two cases of a group, or two attempts at a case.
  double correlation = 0.5;
};

std::string Text(const Shape& shape) {
  return shape.attempts > 1 ? fmt::format("{} cases of {} attempts, correlation {}", shape.groups,
                                          shape.attempts, shape.correlation)
                            : fmt::format("{} groups of {}, correlation {}", shape.groups,
                                          shape.cases_per_group, shape.correlation);
}

// The chance of a group whose members pass with `rate` in the mean: beta distributed.
double DrawChance(double rate, double correlation, std::mt19937_64& random) {
  if (rate >= 1.0) return 1.0;
  const double sum = 1.0 / correlation - 1.0;
  const double passes = std::gamma_distribution<double>(rate * sum)(random);
  const double fails = std::gamma_distribution<double>((1.0 - rate) * sum)(random);
  return passes + fails > 0 ? passes / (passes + fails) : 1.0;
}

std::vector<std::string> Names(int count) {
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.push_back(fmt::format("group-{:04}", i));
  return names;
}

void SetAttempts(int passed, int attempts, JudgedCase& one) {
  one.attempts = attempts;
  one.passed_attempts = passed;
  one.outcome = passed == attempts ? CaseOutcome::kPassed : CaseOutcome::kFailed;
}

// One version's cases. Points into `names`.
std::vector<JudgedCase> Draw(const Shape& shape, double rate, const std::vector<std::string>& names,
                             std::mt19937_64& random) {
  std::vector<JudgedCase> cases;
  for (int group = 0; group < shape.groups; ++group) {
    const double chance = DrawChance(rate, shape.correlation, random);
    for (int i = 0; i < shape.cases_per_group; ++i) {
      JudgedCase& one = cases.emplace_back();
      if (shape.cases_per_group > 1) one.group = names[static_cast<size_t>(group)];
      SetAttempts(std::binomial_distribution<int>(shape.attempts, chance)(random), shape.attempts,
                  one);
    }
  }
  return cases;
}

// What the baseline passed is lost in `lost` of the groups, as a whole.
std::vector<JudgedCase> Lose(std::vector<JudgedCase> cases, const Shape& shape, double lost,
                             std::mt19937_64& random) {
  std::bernoulli_distribution loses(lost);
  const auto per_group = static_cast<size_t>(shape.cases_per_group);
  for (size_t i = 0; i < cases.size(); i += per_group) {
    if (!loses(random)) continue;
    for (size_t j = i; j < i + per_group; ++j) SetAttempts(0, shape.attempts, cases[j]);
  }
  return cases;
}

Decision Decide(const Bar& bar, const std::vector<JudgedCase>& candidate,
                const std::vector<evalgate::JudgedVersion>& compared) {
  return evalgate::DecideVerdict(bar, candidate, compared).value().decision;
}

// How often a version whose rate is exactly the floor is passed.
int64_t PassedAtFloor(const Shape& shape, int64_t releases) {
  std::mt19937_64 random(20240811);
  const std::vector<std::string> names = Names(shape.groups);
  Bar bar;
  bar.pass_rate_floor = kFloor;
  int64_t passed = 0;
  for (int64_t i = 0; i < releases; ++i) {
    passed += Decide(bar, Draw(shape, kFloor, names, random), {}) == Decision::kPass ? 1 : 0;
  }
  return passed;
}

// How often a version is blocked that is as good, though other groups please it.
int64_t BlockedEqual(const Shape& shape, int64_t releases) {
  std::mt19937_64 random(20240812);
  const std::vector<std::string> names = Names(shape.groups);
  Bar bar;
  bar.pass_rate_floor = 0;
  int64_t blocked = 0;
  for (int64_t i = 0; i < releases; ++i) {
    const auto baseline = Draw(shape, kFloor, names, random);
    const auto candidate = Draw(shape, kFloor, names, random);
    blocked += Decide(bar, candidate, {{"baseline", baseline}}) == Decision::kBlock ? 1 : 0;
  }
  return blocked;
}

// How often a version is passed that lost the margin, in whole groups. A baseline that passes all:
// each group that is lost is one that differs.
int64_t PassedAtMargin(const Shape& shape, int64_t releases) {
  std::mt19937_64 random(20240813);
  const std::vector<std::string> names = Names(shape.groups);
  Bar bar;
  bar.pass_rate_floor = 0;
  const auto baseline = Draw(shape, 1.0, names, random);
  int64_t passed = 0;
  for (int64_t i = 0; i < releases; ++i) {
    const auto candidate = Lose(baseline, shape, bar.non_inferiority_margin, random);
    passed += Decide(bar, candidate, {{"baseline", baseline}}) == Decision::kPass ? 1 : 0;
  }
  return passed;
}

}  // namespace

std::vector<Property> SimulateGroupedVerdicts(int64_t releases) {
  std::vector<Property> properties;
  const Shape shapes[] = {
      {}, {.groups = 50, .cases_per_group = 8}, {.cases_per_group = 1, .attempts = 4}};
  for (const Shape& shape : shapes) {
    properties.push_back(
        AtMost(fmt::format("gate: rate at the floor {} passed, {}", kFloor, Text(shape)),
               PassedAtFloor(shape, releases), releases, kApproximately));
  }
  for (const Shape& shape : shapes) {
    properties.push_back(AtMost(fmt::format("gate: equal version blocked, {}", Text(shape)),
                                BlockedEqual(shape, releases), releases, Bar().alpha));
  }
  const Shape large[] = {{.groups = 400}, {.groups = 400, .cases_per_group = 1, .attempts = 4}};
  for (const Shape& shape : large) {
    properties.push_back(
        AtMost(fmt::format("gate: version that lost the margin passed, {} lost as a whole",
                           shape.attempts > 1 ? "400 cases of 4 attempts" : "400 groups of 4"),
               PassedAtMargin(shape, releases), releases, kApproximately));
  }
  return properties;
}

}  // namespace flywheel::simulations
