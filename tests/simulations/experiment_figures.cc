#include "tests/simulations/experiment_figures.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <optional>
#include <string>

#include "experiment_service/domain/decision.h"
#include "tests/simulations/experiment_traffic.h"

namespace flywheel::simulations {
namespace {

using experiment::Analysis;
using experiment::AnalysisPlan;
using experiment::ArmCounts;
using experiment::MetricComparison;
using experiment::Recommendation;

const std::vector<double> kHalves = {50, 50};
const std::vector<double> kCanary = {99, 1};

std::string Text(const std::vector<double>& split) {
  return fmt::format("{}/{}", split[0], split[1]);
}

std::function<bool(const Analysis&)> IsMismatch(double level) {
  return
      [level](const Analysis& analysis) { return analysis.quality.sample_ratio_p_value < level; };
}

// Of the treatment's units so many never come.
Arrival WithLoss(double lost) {
  return [lost](const Batch& batch, Random& random, ArmCounts& counts) {
    const int64_t units =
        batch.arm == 0 ? batch.units : DrawBinomial(batch.units, 1 - lost, random);
    Report(units, units, DrawBinomial(units, 0.5, random), counts);
  };
}

std::vector<Property> SampleRatios(int64_t experiments, int looks) {
  using experiment::kSampleRatioHold;
  using experiment::kSampleRatioWarning;
  std::vector<Property> properties;
  for (const std::vector<double>& split : {kHalves, kCanary}) {
    for (const double level : {kSampleRatioWarning, kSampleRatioHold}) {
      const Subject sound{BarePlan(0), split, WithLoss(0), 20, 2'000'000, looks};
      properties.push_back(
          AtMost(fmt::format("experiment: sound arms called unequal at {}, {}", level, Text(split)),
                 CountEver(sound, experiments, IsMismatch(level)), experiments, level));
    }
  }
  const struct {
    std::vector<double> split;
    double level, most_units;
  } losses[] = {{kHalves, kSampleRatioWarning, 4'000},
                {kHalves, kSampleRatioHold, 5'500},
                {kCanary, kSampleRatioWarning, 100'000},
                {kCanary, kSampleRatioHold, 125'000}};
  for (const auto& [split, level, most_units] : losses) {
    const Subject lossy{BarePlan(0), split, WithLoss(0.1), 100, 2'000'000, looks};
    properties.push_back(MedianAtMost(
        fmt::format("experiment: units until a loss of .1 of the treatment is seen at {}, {}, "
                    "median",
                    level, Text(split)),
        UnitsUntil(lossy, experiments, IsMismatch(level)), most_units));
  }
  return properties;
}

bool IsMissing(const Analysis& analysis) {
  return analysis.quality.missing_outcomes_p_value < experiment::kMissingOutcomesHold;
}
bool IsShip(const Analysis& analysis) { return Says(analysis, Recommendation::kShip); }

// A quarter of the treatment's units have no outcome: at random, or those whose outcome would have
// been bad.
Arrival AnswersSome(bool at_random) {
  return [at_random](const Batch& batch, Random& random, ArmCounts& counts) {
    constexpr double kRate = 0.6;
    constexpr double kMissing = 0.25;
    int64_t ones = DrawBinomial(batch.units, kRate, random);
    int64_t zeros = batch.units - ones;
    if (batch.arm == 1 && at_random) {
      ones -= DrawBinomial(ones, kMissing, random);
      zeros -= DrawBinomial(zeros, kMissing, random);
    } else if (batch.arm == 1) {
      zeros -= DrawBinomial(zeros, kMissing / (1 - kRate), random);
    }
    Report(batch.units, ones + zeros, ones, counts);
  };
}

// Without a smallest size the check races against a gain of a third; with one it is first.
double MostShipped(bool at_random, int64_t min_units) {
  if (min_units > 0) return 0;
  return at_random ? 0.05 : 0.1;
}

std::vector<Property> MissingOutcomes(int64_t experiments, int looks) {
  std::vector<Property> properties;
  for (const bool at_random : {true, false}) {
    for (const int64_t min_units : {1'000, 0}) {
      AnalysisPlan plan = BarePlan(0);
      plan.min_units = min_units;
      const Subject subject{plan, kHalves, AnswersSome(at_random), 20, 200'000, looks};
      properties.push_back(AtMost(
          fmt::format("experiment: version without a quarter of its {} shipped, {}",
                      at_random ? "outcomes" : "outcomes, all of them bad ones,",
                      min_units == 0 ? "no smallest size" : "1,000 units at least"),
          CountEver(subject, experiments, IsShip), experiments, MostShipped(at_random, min_units)));
    }
  }
  for (const double reporting : {0.98, 0.6}) {
    for (const std::vector<double>& split : {kHalves, kCanary}) {
      const Arrival arrive = [reporting](const Batch& batch, Random& random, ArmCounts& counts) {
        const int64_t outcomes = DrawBinomial(batch.units, reporting, random);
        Report(batch.units, outcomes, outcomes / 2, counts);
      };
      properties.push_back(AtMost(
          fmt::format("experiment: outcomes called missing that are not, {} report, {}", reporting,
                      Text(split)),
          CountEver({BarePlan(0), split, arrive, 20, 2'000'000, looks}, experiments, IsMissing),
          experiments, 0.05));
    }
  }
  return properties;
}

std::vector<Property> Intervals(int64_t experiments, int looks) {
  std::vector<Property> properties;
  for (const double lift : {0.0, 0.5}) {
    constexpr double kRate = 0.01;
    const Subject subject{BarePlan(2'000), kHalves, Proportions({kRate, kRate * (1 + lift)}), 20,
                          2'000,           looks};
    const auto misses_absolute = [&](const Analysis& analysis) {
      const MetricComparison& metric = analysis.comparisons[0].metrics[0];
      return !metric.absolute_interval.Contains(kRate * lift);
    };
    const auto misses_relative = [&](const Analysis& analysis) {
      return !analysis.comparisons[0].metrics[0].relative_interval.Contains(lift);
    };
    properties.push_back(AtLeast(
        fmt::format("experiment: no look's absolute interval misses, 1,000 units at .01, lift {}",
                    lift),
        experiments - CountEver(subject, experiments, misses_absolute), experiments, 0.95));
    properties.push_back(AtLeast(
        fmt::format("experiment: no look's relative interval misses, 1,000 units at .01, lift {}",
                    lift),
        experiments - CountEver(subject, experiments, misses_relative), experiments, 0.95));
  }
  return properties;
}

// Significant at .05 by one look's test, 2 % better, 30 units an arm and 1,000 in all.
bool IsNaiveShip(const Analysis& analysis) {
  const auto& control = analysis.arms[0].metrics[0];
  const auto& treatment = analysis.arms[1].metrics[0];
  const auto n = static_cast<double>(control.units);
  const auto m = static_cast<double>(treatment.units);
  if (n < 30 || m < 30 || n + m < 1'000) return false;
  const double pooled = (n * control.mean + m * treatment.mean) / (n + m);
  const double error = std::sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  const double difference = treatment.mean - control.mean;
  return difference > 1.959964 * error && difference >= 0.02 * control.mean;
}

// How far from the truth the lift is that is reported at the first SHIP, to the naive rule's.
Property LiftAtShip(int64_t experiments, int looks) {
  constexpr double kLift = 0.05;
  const Subject subject{BarePlan(100'000), kHalves, Proportions({0.1, 0.1 * (1 + kLift)}), 20,
                        100'000,           looks};
  Random random(subject.seed);
  std::vector<double> errors, naive_errors;
  for (int64_t i = 0; i < experiments; ++i) {
    std::optional<double> reported, naive;
    Watch(subject, random, [&](int64_t, const Analysis& analysis) {
      const MetricComparison& metric = analysis.comparisons[0].metrics[0];
      if (!reported && IsShip(analysis)) reported = metric.shrunk_relative_lift;
      if (!naive && IsNaiveShip(analysis)) naive = metric.relative_lift;
      return !reported || !naive;
    });
    if (reported) errors.push_back(std::fabs(*reported - kLift));
    if (naive) naive_errors.push_back(std::fabs(*naive - kLift));
  }
  return RatioOfMeansAtMost(
      "experiment: error of the lift at SHIP, to that of a fixed test at every look", errors,
      naive_errors, 0.5);
}

}  // namespace

std::vector<Property> SimulateExperimentFigures(int64_t experiments, int looks) {
  std::vector<Property> properties = SampleRatios(experiments, looks);
  for (const auto& some : {MissingOutcomes(experiments, looks), Intervals(experiments, looks)}) {
    properties.insert(properties.end(), some.begin(), some.end());
  }
  properties.push_back(LiftAtShip(experiments, looks));
  return properties;
}

}  // namespace flywheel::simulations
