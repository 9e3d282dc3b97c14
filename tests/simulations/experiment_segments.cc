#include "tests/simulations/experiment_segments.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <string>

#include "experiment_service/domain/assignment.h"
#include "experiment_service/domain/segment_analysis.h"
#include "experiment_service/domain/segment_counts.h"
#include "tests/simulations/experiment_traffic.h"

namespace flywheel::simulations {
namespace {

using experiment::ArmCounts;
using experiment::Experiment;
using experiment::SegmentAnalysis;
using experiment::SegmentCounts;
using experiment::SegmentResult;

constexpr double kAlpha = 0.05;
constexpr int64_t kFirstLook = 200;
constexpr int64_t kLastLook = 200'000;

// What becomes of units of an arm with a value.
using Batches = std::function<void(size_t arm, size_t value, int64_t units, Random&, ArmCounts&)>;

// An experiment whose segments have sizes like words: the k-th value 1/k of the first.
struct Segmented {
  std::vector<size_t> value_counts;  // Of each segment, with "other".
  std::vector<double> weights;
  Batches arrive;
  uint64_t seed;
};

Experiment Described(const Segmented& subject) {
  Experiment experiment;
  experiment.plan = BarePlan(0);
  for (size_t i = 0; i < subject.weights.size(); ++i) {
    experiment.arms.push_back({"arm-" + std::to_string(i), "v", subject.weights[i], i == 0});
  }
  for (size_t i = 0; i < subject.value_counts.size(); ++i) {
    experiment::Segment segment{"segment-" + std::to_string(i), {}};
    for (size_t value = 1; value < subject.value_counts[i]; ++value) {
      segment.values.push_back("value-" + std::to_string(value));
    }
    experiment.plan.segments.push_back(std::move(segment));
  }
  return experiment;
}

std::vector<double> ZipfShares(size_t count) {
  std::vector<double> shares;
  double sum = 0;
  for (size_t i = 1; i <= count; ++i) sum += 1 / static_cast<double>(i);
  for (size_t i = 1; i <= count; ++i) shares.push_back(1 / (static_cast<double>(i) * sum));
  return shares;
}

// Calls `deal` with how many of `units` each share gets.
void Deal(int64_t units, const std::vector<double>& shares, Random& random,
          const std::function<void(size_t, int64_t)>& deal) {
  double rest = 1;
  for (size_t i = 0; i < shares.size(); ++i) {
    const bool last = i + 1 == shares.size();
    const int64_t dealt =
        last ? units : DrawBinomial(units, std::min(1.0, shares[i] / rest), random);
    if (dealt > 0) deal(i, dealt);
    units -= dealt;
    rest -= shares[i];
  }
}

// Looks at one course of the experiment until `look` answers false. The segments are drawn apart
// from each other, so that no unit's values depend on another segment's.
void Watch(const Segmented& subject, const Experiment& experiment, int looks, Random& random,
           const std::function<bool(int64_t units, const SegmentAnalysis&)>& look) {
  const std::vector<double> shares = experiment::Assignment("p", experiment).shares();
  SegmentCounts cells = EmptySegmentCounts(experiment.plan, shares.size());
  const std::vector<ArmCounts> arms(shares.size(), ArmCounts(1));
  const double ratio = static_cast<double>(kLastLook) / kFirstLook;
  int64_t units = 0;
  for (int i = 1; i <= looks; ++i) {
    const double progress = looks > 1 ? (i - 1.0) / (looks - 1) : 1;
    const auto next = static_cast<int64_t>(std::llround(kFirstLook * std::pow(ratio, progress)));
    if (next <= units) continue;
    for (std::vector<std::vector<ArmCounts>>& values : cells) {
      Deal(next - units, ZipfShares(values.size()), random, [&](size_t value, int64_t of_value) {
        Deal(of_value, shares, random, [&](size_t arm, int64_t dealt) {
          subject.arrive(arm, value, dealt, random, values[value][arm]);
        });
      });
    }
    units = next;
    if (!look(units, AnalyzeSegments(experiment, shares, arms, cells, experiment.create_time))) {
      return;
    }
  }
}

// The least p-values of a look.
struct Least {
  double lift = 1;
  double heterogeneity = 1;
  double sample_ratio = 1;
  double missing_outcomes = 1;

  void Take(const SegmentAnalysis& analysis) {
    for (const SegmentResult& segment : analysis.segments) {
      for (const experiment::ValueQuality& value : segment.values) {
        sample_ratio = std::min(sample_ratio, value.sample_ratio_p_value);
        missing_outcomes = std::min(missing_outcomes, value.missing_outcomes_p_value);
      }
      for (const experiment::SegmentLifts& lifts : segment.lifts) {
        heterogeneity = std::min(heterogeneity, lifts.heterogeneity.p_value);
        for (const experiment::MetricComparison& value : lifts.values) {
          lift = std::min(lift, std::exp(value.log_p_value));
        }
      }
    }
  }
};

// No value has an effect; their rates differ, and some units have no outcome.
Batches WithoutEffect(double rate) {
  return [rate](size_t, size_t value, int64_t units, Random& random, ArmCounts& counts) {
    const double of_value = rate * (1 + 0.4 * std::sin(static_cast<double>(value)));
    const int64_t outcomes = DrawBinomial(units, 0.9, random);
    Report(units, outcomes, DrawBinomial(outcomes, of_value, random), counts);
  };
}

void AppendFalseAlarms(const std::string& name, const Segmented& subject, int64_t experiments,
                       int looks, std::vector<Property>& properties) {
  const Experiment experiment = Described(subject);
  Random random(subject.seed);
  int64_t lifts = 0, heterogeneous = 0, unequal = 0, missing = 0;
  for (int64_t i = 0; i < experiments; ++i) {
    Least least;
    Watch(subject, experiment, looks, random, [&](int64_t, const SegmentAnalysis& analysis) {
      least.Take(analysis);
      return true;
    });
    lifts += least.lift < kAlpha ? 1 : 0;
    heterogeneous += least.heterogeneity < kAlpha ? 1 : 0;
    unequal += least.sample_ratio < kAlpha ? 1 : 0;
    missing += least.missing_outcomes < kAlpha ? 1 : 0;
  }
  const auto add = [&](const std::string& what, int64_t count) {
    properties.push_back(
        AtMost(fmt::format("experiment: {}, {}", what, name), count, experiments, kAlpha));
  };
  add("lift of a value that has none", lifts);
  add("lift said to depend on a segment that it does not depend on", heterogeneous);
  add("sound arms of a value called unequal at .05", unequal);
  add("outcomes of a value called missing that are not", missing);
}

// A fifth of the treatment's units with the third largest value never come.
Property LossInOneValue(int64_t experiments, int looks) {
  const Batches arrive = [](size_t arm, size_t value, int64_t units, Random& random,
                            ArmCounts& counts) {
    const int64_t come = arm == 1 && value == 2 ? DrawBinomial(units, 0.8, random) : units;
    Report(come, come, DrawBinomial(come, 0.5, random), counts);
  };
  const Segmented subject{{20}, {1, 1}, arrive, 7'300};
  const Experiment experiment = Described(subject);
  Random random(subject.seed);
  std::vector<double> until;
  for (int64_t i = 0; i < experiments; ++i) {
    double found = std::numeric_limits<double>::infinity();
    Watch(subject, experiment, looks, random, [&](int64_t units, const SegmentAnalysis& analysis) {
      if (!analysis.alerts.empty()) found = static_cast<double>(units);
      return analysis.alerts.empty();
    });
    until.push_back(found);
  }
  return MedianAtMost(
      "experiment: units until a loss of .2 of the treatment's units with a value of 9 % is "
      "alerted, "
      "median",
      until, 25'000);
}

}  // namespace

std::vector<Property> SimulateExperimentSegments(int64_t experiments, int looks) {
  const int64_t each = std::max<int64_t>(experiments / 4, 1);
  std::vector<Property> properties;
  const struct {
    std::string name;
    std::vector<size_t> value_counts;
    std::vector<double> weights;
    double rate;
  } kinds[] = {
      {"20 values, 50/50, rate .5", {20}, {50, 50}, 0.5},
      {"20 values, 90/10, rate .05", {20}, {90, 10}, 0.05},
      {"5 segments of 4 values, 50/50, rate .1", {4, 4, 4, 4, 4}, {50, 50}, 0.1},
  };
  uint64_t seed = 7'000;
  for (const auto& [name, value_counts, weights, rate] : kinds) {
    AppendFalseAlarms(name, {value_counts, weights, WithoutEffect(rate), ++seed}, each, looks,
                      properties);
  }
  properties.push_back(LossInOneValue(each, looks));
  return properties;
}

}  // namespace flywheel::simulations
