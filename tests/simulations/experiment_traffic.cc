#include "tests/simulations/experiment_traffic.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "experiment_service/domain/assignment.h"

namespace flywheel::simulations {
namespace {

using experiment::Analysis;
using experiment::ArmCounts;
using experiment::OutcomeCounts;

experiment::Experiment Described(const Subject& subject) {
  experiment::Experiment experiment;
  experiment.plan = subject.plan;
  for (size_t i = 0; i < subject.weights.size(); ++i) {
    experiment.arms.push_back({"arm-" + std::to_string(i), "v", subject.weights[i], i == 0});
  }
  return experiment;
}

// Deals `units` to the arms.
void Arrive(const Subject& subject, const std::vector<double>& shares, int64_t units,
            int64_t before, Random& random, std::vector<ArmCounts>& counts) {
  double rest = 1;
  for (size_t arm = 0; arm < shares.size(); ++arm) {
    const bool last = arm + 1 == shares.size();
    const int64_t dealt =
        last ? units : DrawBinomial(units, std::min(1.0, shares[arm] / rest), random);
    if (dealt > 0) subject.arrive({arm, dealt, before}, random, counts[arm]);
    units -= dealt;
    rest -= shares[arm];
  }
}

}  // namespace

int64_t DrawBinomial(int64_t trials, double probability, Random& random) {
  return std::binomial_distribution<int64_t>(trials, probability)(random);
}

void Report(int64_t units, int64_t outcomes, int64_t ones, ArmCounts& counts) {
  counts.exposed_units += units;
  counts.matured_units += units;
  OutcomeCounts::Parts parts = counts.metrics[0].parts();
  parts.units += outcomes;
  parts.outcomes += outcomes;
  parts.matured_units += outcomes;
  parts.sum.Add(static_cast<double>(ones));
  parts.sum_of_squares.Add(static_cast<double>(ones));
  counts.metrics[0] = OutcomeCounts(parts);
}

Arrival Proportions(const std::vector<double>& rates) {
  return [rates](const Batch& batch, Random& random, ArmCounts& counts) {
    Report(batch.units, batch.units, DrawBinomial(batch.units, rates[batch.arm], random), counts);
  };
}

Arrival Values(const experiment::Metric& metric,
               const std::function<double(size_t arm, Random&)>& draw) {
  return [metric, draw](const Batch& batch, Random& random, ArmCounts& counts) {
    counts.exposed_units += batch.units;
    counts.matured_units += batch.units;
    for (int64_t i = 0; i < batch.units; ++i) {
      experiment::UnitTotal total;
      total.Add(draw(batch.arm, random));
      counts.metrics[0].Add(metric, total, /*matured=*/true);
    }
  };
}

experiment::AnalysisPlan BarePlan(int64_t planned_units) {
  experiment::AnalysisPlan plan;
  plan.metrics[0].min_lift = 0;
  plan.planned_units = planned_units;
  plan.min_units_per_arm = 0;
  plan.min_units = 0;
  plan.min_duration = absl::ZeroDuration();
  return plan;
}

void Watch(const Subject& subject, Random& random,
           const std::function<bool(int64_t, const Analysis&)>& look) {
  const experiment::Experiment experiment = Described(subject);
  const std::vector<double> shares = experiment::Assignment("p", experiment).shares();
  std::vector<ArmCounts> counts(shares.size(), ArmCounts(subject.plan.metrics.size()));
  const auto first = static_cast<double>(subject.first_look);
  const double ratio = static_cast<double>(subject.last_look) / first;
  int64_t units = 0;
  for (int i = 1; i <= subject.looks; ++i) {
    const double progress = subject.looks > 1 ? (i - 1.0) / (subject.looks - 1) : 1;
    const auto next = static_cast<int64_t>(std::llround(first * std::pow(ratio, progress)));
    if (next <= units) continue;
    Arrive(subject, shares, next - units, units, random, counts);
    units = next;
    if (!look(units, Analyze(experiment, shares, counts, experiment.create_time))) return;
  }
}

bool Says(const Analysis& analysis, experiment::Recommendation recommendation) {
  return std::any_of(analysis.comparisons.begin(), analysis.comparisons.end(),
                     [&](const experiment::Comparison& comparison) {
                       return comparison.look.recommendation == recommendation;
                     });
}

int64_t CountEver(const Subject& subject, int64_t experiments,
                  const std::function<bool(const Analysis&)>& wanted) {
  const std::vector<double> units = UnitsUntil(subject, experiments, wanted);
  return std::count_if(units.begin(), units.end(), [](double one) { return std::isfinite(one); });
}

std::vector<double> UnitsUntil(const Subject& subject, int64_t experiments,
                               const std::function<bool(const Analysis&)>& wanted) {
  Random random(subject.seed);
  std::vector<double> units(static_cast<size_t>(experiments),
                            std::numeric_limits<double>::infinity());
  for (double& until : units) {
    Watch(subject, random, [&](int64_t at, const Analysis& analysis) {
      if (wanted(analysis)) until = static_cast<double>(at);
      return std::isinf(until);
    });
  }
  return units;
}

}  // namespace flywheel::simulations
