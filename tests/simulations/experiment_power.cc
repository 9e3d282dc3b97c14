#include "tests/simulations/experiment_power.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "tests/simulations/experiment_traffic.h"

namespace flywheel::simulations {
namespace {

using experiment::Analysis;
using experiment::AnalysisPlan;
using experiment::Direction;
using experiment::Goal;
using experiment::Recommendation;

// What one look at the planned size finds.
constexpr double kFixedPower = 0.8;

const std::vector<double> kHalves = {50, 50};
const std::vector<double> kCanary = {99, 1};

bool IsShip(const Analysis& analysis) { return Says(analysis, Recommendation::kShip); }
bool IsRollback(const Analysis& analysis) { return Says(analysis, Recommendation::kRollback); }

std::vector<Property> PowerAtThePlan(int64_t experiments, int looks) {
  const struct {
    std::string name;
    std::vector<double> split;
    double rate, lift;
    int64_t planned_units;
  } kinds[] = {{"50/50, rate .1, lift .1", kHalves, 0.1, 0.1, 29'502},
               {"99/1, rate .02, lift -.5, lower is better", kCanary, 0.02, -0.5, 129'366},
               {"99/1, rate .1, lift .1", kCanary, 0.1, 0.1, 732'340}};
  std::vector<Property> properties;
  for (const auto& [name, split, rate, lift, planned_units] : kinds) {
    AnalysisPlan plan = BarePlan(planned_units);
    if (lift < 0) plan.metrics[0].direction = Direction::kLowerIsBetter;
    const Subject subject{plan, split,         Proportions({rate, rate * (1 + lift)}),
                          20,   planned_units, looks};
    properties.push_back(AtLeast(
        fmt::format("experiment: gain shipped by the units of a fixed test of power .8, {}", name),
        CountEver(subject, experiments, IsShip), experiments, 0.8 * kFixedPower));
  }
  return properties;
}

// The units of a treatment that falls from 90 % to nothing, looked at after every unit.
std::vector<double> UnitsOfADeadVersion(const std::vector<double>& split, int64_t experiments) {
  const Subject subject{BarePlan(0), split, Proportions({0.9, 0}), 2, 3'000, 30'000};
  Random random(subject.seed);
  std::vector<double> units;
  for (int64_t i = 0; i < experiments; ++i) {
    int64_t treated = 0;
    Watch(subject, random, [&](int64_t, const Analysis& analysis) {
      treated = analysis.arms[1].exposed_units;
      return !IsRollback(analysis);
    });
    units.push_back(static_cast<double>(treated));
  }
  return units;
}

// With the plan of a fixed test, or without. Fewer looks would step over the plan's end.
Property HarmInACanary(bool planned, int64_t experiments, int looks) {
  constexpr int64_t kFixedUnits = 129'366;
  std::vector<double> units =
      UnitsUntil({BarePlan(planned ? kFixedUnits : 0), kCanary, Proportions({0.02, 0.01}), 20,
                  5 * kFixedUnits, std::max(looks, 300)},
                 experiments, IsRollback);
  for (double& one : units) one /= static_cast<double>(kFixedUnits);
  return MedianAtMost(
      fmt::format("experiment: sizes of a fixed test until ROLLBACK, 99/1, rate .02, "
                  "lift -.5, {}, median",
                  planned ? "planned for one" : "no plan"),
      units, planned ? 1 : 1.35);
}

std::vector<Property> PerfectVersions(int64_t experiments, int looks) {
  std::vector<Property> properties;
  for (const double failures : {0.0, 1e-4}) {
    AnalysisPlan plan = BarePlan(0);
    plan.metrics[0].goal = Goal::kNotInferior;
    const Subject subject{plan, kHalves, Proportions({1 - failures, 1 - failures}),
                          20,   2'000,   looks};
    properties.push_back(AtLeast(
        fmt::format("experiment: version with {} in 20,000 failures shipped within 2,000 units",
                    20'000 * failures),
        CountEver(subject, experiments, IsShip), experiments, 0.99));
  }
  return properties;
}

}  // namespace

std::vector<Property> SimulateExperimentPower(int64_t experiments, int looks) {
  std::vector<Property> properties = PowerAtThePlan(experiments, looks);
  for (const std::vector<double>& split : {kHalves, kCanary}) {
    properties.push_back(MedianAtMost(
        fmt::format("experiment: units of a version that fell from .9 to 0, {}/{}, median",
                    split[0], split[1]),
        UnitsOfADeadVersion(split, experiments), 12));
  }
  for (const bool planned : {true, false}) {
    properties.push_back(HarmInACanary(planned, experiments, looks));
  }
  for (const Property& one : PerfectVersions(experiments, looks)) properties.push_back(one);
  return properties;
}

}  // namespace flywheel::simulations
