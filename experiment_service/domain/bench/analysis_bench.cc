#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numbers>
#include <vector>

#include "absl/time/time.h"
#include "bench/benchmarks.h"
#include "experiment_service/domain/analysis.h"
#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/assignment.h"
#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/outcome_counts.h"

namespace flywheel::bench {
namespace {

using experiment::Analysis;
using experiment::ArmCounts;
using experiment::Assignment;
using experiment::Direction;
using experiment::Experiment;
using experiment::Goal;
using experiment::Metric;
using experiment::OutcomeCounts;
using experiment::Scale;

constexpr size_t kMetrics = 10;
// Moments of an experiment that are analysed in turn, so that no two analyses are of one input.
constexpr int kAnalysedLooks = 256;

// A primary metric and nine guardrails: rates and other values, relative and absolute.
Experiment TenMetrics() {
  Experiment experiment;
  experiment.experiment_id = "bench";
  experiment.arms = {{"control", "v1", 9, true}, {"treatment", "v2", 1}};
  experiment.plan.metrics.clear();
  for (size_t i = 0; i < kMetrics; ++i) {
    Metric metric;
    metric.name = fmt::format("metric-{}", i);
    metric.goal = i == 0 ? Goal::kSuperior : Goal::kNotInferior;
    if (i % 3 == 2) metric.scale = Scale::kAbsolute;
    if (i % 4 == 3) metric.direction = Direction::kLowerIsBetter;
    experiment.plan.metrics.push_back(metric);
  }
  experiment.plan.planned_units = 1'000'000;
  return experiment;
}

OutcomeCounts CountsOf(size_t metric, int64_t units, double lift) {
  if (metric % 2 == 0) {
    const double rate = (0.05 + 0.09 * static_cast<double>(metric)) * (1 + lift);
    return OutcomeCounts::OfSuccesses(units, std::llround(static_cast<double>(units) * rate));
  }
  return OutcomeCounts::OfMoments(units, 12.4 * (1 + lift), 8.1);
}

// After its i-th thousand of units, 90/10.
std::vector<ArmCounts> CountsAt(int64_t look) {
  std::vector<ArmCounts> counts(2);
  for (size_t arm = 0; arm < counts.size(); ++arm) {
    const int64_t units = (arm == 0 ? 900 : 100) * (look + 1) + 7 * (look % 3);
    counts[arm].exposed_units = units;
    for (size_t i = 0; i < kMetrics; ++i) {
      const double lift = arm == 0 ? 0 : 0.01 * static_cast<double>(i % 4);
      counts[arm].metrics.push_back(CountsOf(i, units, lift));
    }
  }
  return counts;
}

// What a textbook has: p-value and 95 % interval of a difference of means, which hold for one look
// that was planned, and the chi-square of the arms' sizes.
double TextbookAnalysis(const std::vector<double>& shares, const std::vector<ArmCounts>& counts) {
  double sum = 0;
  for (size_t i = 0; i < kMetrics; ++i) {
    const statistics::Moments control = counts[0].metrics[i].moments();
    const statistics::Moments treatment = counts[1].metrics[i].moments();
    const double difference = treatment.mean() - control.mean();
    const double error = std::sqrt(treatment.variance_of_mean() + control.variance_of_mean());
    const double p_value = std::erfc(std::fabs(difference / error) / std::numbers::sqrt2);
    sum += p_value + (difference - 1.96 * error) + (difference + 1.96 * error);
  }
  const auto total = static_cast<double>(counts[0].exposed_units + counts[1].exposed_units);
  double chi_square = 0;
  for (size_t arm = 0; arm < counts.size(); ++arm) {
    const double expected = total * shares[arm];
    const double deviation = static_cast<double>(counts[arm].exposed_units) - expected;
    chi_square += deviation * deviation / expected;
  }
  return sum + std::erfc(std::sqrt(chi_square / 2));
}

double AnalysesPerSecond(absl::Duration duration, const std::function<double(size_t)>& analyze) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const auto end = start + absl::ToChronoNanoseconds(duration);
  int64_t analyses = 0;
  double sum = 0;
  while (Clock::now() < end) {
    for (size_t i = 0; i < kAnalysedLooks; ++i) sum += analyze(i);
    analyses += kAnalysedLooks;
  }
  // Also keeps the compiler from leaving the work out.
  if (!std::isfinite(sum)) Die("an analysis of the benchmark gave no number");
  return static_cast<double>(analyses) /
         std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

Row Statistics(const Setup& setup) {
  const Experiment experiment = TenMetrics();
  const std::vector<double> shares = Assignment("bench", experiment).shares();
  const absl::Time as_of = experiment.create_time + 20 * absl::Hours(24);
  std::vector<std::vector<ArmCounts>> looks;
  for (int64_t i = 0; i < kAnalysedLooks; ++i) looks.push_back(CountsAt(i));
  const Comparison result = CompareInTurn(
      setup.rounds,
      [&] {
        return AnalysesPerSecond(setup.duration, [&](size_t i) {
          const Analysis analysis = experiment::Analyze(experiment, shares, looks[i], as_of);
          return analysis.comparisons[0].metrics[kMetrics - 1].log_p_value;
        });
      },
      [&] {
        return AnalysesPerSecond(setup.duration,
                                 [&](size_t i) { return TextbookAnalysis(shares, looks[i]); });
      });
  return {.name = "analysis of 2 arms and 10 metrics, one core",
          .value = result.measured,
          .unit = "1/s",
          .reference_name = "textbook formulas, which hold for one look",
          .reference = result.reference,
          .ratio = result.ratio};
}

}  // namespace flywheel::bench
