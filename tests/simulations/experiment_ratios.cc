#include "tests/simulations/experiment_ratios.h"

#include <fmt/format.h>

#include <cmath>
#include <random>
#include <string>

#include "tests/simulations/experiment_traffic.h"

namespace flywheel::simulations {
namespace {

using experiment::Analysis;
using experiment::AnalysisPlan;
using experiment::ArmCounts;
using experiment::Metric;
using experiment::Recommendation;
using experiment::UnitTotal;

constexpr double kAlpha = 0.05;
constexpr int64_t kUnits = 20'000;

// What a user is like.
struct People {
  std::string name;
  double shape = 0;      // Of the gamma distribution of how often users come; 1 is exponential.
  double dearness = 0;   // How much dearer the events of those are who come more often.
  double deviation = 0;  // Of the logarithm of an event's cost.
};

// What an arm does to them: how many times as many events, each how many times as dear.
struct Treatment {
  double events = 1;
  double cost = 1;
};

AnalysisPlan PlanOf(int64_t planned_units) {
  AnalysisPlan plan = BarePlan(planned_units);
  plan.metrics[0].name = "cost";
  plan.metrics[0].denominator = "answers";
  plan.metrics[0].aggregation = experiment::Aggregation::kSum;
  plan.metrics[0].direction = experiment::Direction::kLowerIsBetter;
  plan.metrics[0].value_without_outcome = 0;
  return plan;
}

// Users with four events on average, some with none.
Arrival Events(const Metric& metric, const People& people, const Treatment& treatment) {
  return [=](const Batch& batch, Random& random, ArmCounts& counts) {
    const Treatment done = batch.arm == 0 ? Treatment() : treatment;
    std::gamma_distribution<double> rate(people.shape, 4 / people.shape);
    std::normal_distribution<double> deviation(0, people.deviation);
    counts.exposed_units += batch.units;
    counts.matured_units += batch.units;
    for (int64_t i = 0; i < batch.units; ++i) {
      const double comes = rate(random);
      const int events = std::poisson_distribution<int>(done.events * comes + 1e-12)(random);
      const double dear = done.cost * std::pow(comes + 0.1, people.dearness);
      UnitTotal cost, answers;
      for (int k = 0; k < events; ++k) {
        cost.Add(dear * std::exp(deviation(random)));
        answers.Add(1);
      }
      counts.metrics[0].Add(metric, cost, /*matured=*/true, answers);
    }
  };
}

bool IsAnswer(const Analysis& analysis) {
  return Says(analysis, Recommendation::kShip) || Says(analysis, Recommendation::kRollback);
}

std::vector<Property> EqualRatios(int64_t experiments, int looks) {
  const People kinds[] = {{"costs that vary little", 2, 0, 0.5},
                          {"dearer for who comes often", 1, 0.5, 0.5},
                          {"few who come very often, skewed costs", 0.3, 0.3, 1}};
  std::vector<Count> counts;
  uint64_t seed = 7'000;
  for (const People& people : kinds) {
    for (const double events : {1.0, 2.0}) {
      for (const std::vector<double>& split : {std::vector<double>{50, 50}, {99, 1}}) {
        for (const int64_t planned_units : {int64_t{0}, kUnits / 2}) {
          const AnalysisPlan plan = PlanOf(planned_units);
          const Subject subject{
              plan, split, Events(plan.metrics[0], people, {events, 1}), 20, kUnits, looks, ++seed};
          counts.push_back(
              {fmt::format(
                   "experiment: equal ratio shipped or rolled back, {}, {}/{}, {} times the "
                   "events, {}",
                   people.name, split[0], split[1], events,
                   planned_units == 0 ? "no plan" : "planned for 10,000"),
               CountEver(subject, experiments, IsAnswer)});
        }
      }
    }
  }
  return AllAtMost(counts, experiments, kAlpha);
}

// A version that is twice as dear, while users ask half as often: the cost a user is the same.
Property HarmPerEvent(int64_t experiments, int looks) {
  const AnalysisPlan plan = PlanOf(0);
  const Subject subject{plan, {50, 50}, Events(plan.metrics[0], {"", 1, 0.5, 0.5}, {0.5, 2}),
                        20,   2'000,    looks,
                        8'000};
  return AtLeast(
      "experiment: twice the cost an answer rolled back within 2,000 users, half the answers",
      CountEver(subject, experiments,
                [](const Analysis& analysis) { return Says(analysis, Recommendation::kRollback); }),
      experiments, 0.95);
}

}  // namespace

std::vector<Property> SimulateExperimentRatios(int64_t experiments, int looks) {
  std::vector<Property> properties = EqualRatios(experiments, looks);
  properties.push_back(HarmPerEvent(experiments, looks));
  return properties;
}

}  // namespace flywheel::simulations
