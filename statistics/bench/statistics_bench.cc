#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "bench/benchmarks.h"
#include "statistics/distributions.h"
#include "statistics/effect.h"
#include "statistics/sample_ratio.h"
#include "statistics/sequential.h"
#include "statistics/special_functions.h"

namespace flywheel::bench {
namespace {

using statistics::Moments;

constexpr double kPlannedUnits = 5000;
constexpr double kAlpha = 0.05;
constexpr std::array<double, 2> kWeights = {0.9, 0.1};

// Two arms of an experiment at its i-th look: 90/10, a few units more each time.
struct Arms {
  explicit Arms(std::int64_t i)
      : units({900 + 9 * (i % 1000), 100 + i % 1000}),
        control(units[0], 10.0, 16.0 * static_cast<double>(units[0])),
        treatment(units[1], 10.4, 20.0 * static_cast<double>(units[1])) {}

  std::array<std::int64_t, 2> units;
  Moments control;
  Moments treatment;
};

// What an analysis asks about a metric that is no proportion: an always-valid p-value and interval
// with Student's t for the estimated variance, and whether the units fell as configured.
double Look(std::int64_t i) {
  const Arms arms(i);
  const auto effect =
      statistics::EstimateEffect(arms.control, arms.treatment, statistics::EffectScale::kAbsolute);
  const auto boundary =
      statistics::SequentialBoundary::Create(kPlannedUnits, kAlpha, statistics::Sides::kTwoSided);
  if (!effect.ok() || !boundary.ok()) Die("the benchmark's own arms have no effect");
  const double dof = effect->degrees_of_freedom;
  const double tail = statistics::StudentTSf(effect->estimate / effect->standard_error, dof);
  const double log_p = boundary->LogPValue(-statistics::NormalQuantile(tail), effect->units);
  const double normal_tail = statistics::NormalSf(boundary->Multiplier(effect->units));
  const double half_width =
      -effect->standard_error * statistics::StudentTQuantile(normal_tail, dof);
  return log_p + half_width + *statistics::SampleRatioLogEValue(arms.units, kWeights);
}

// The same without care: normal instead of Student's t, and the e-value by its log-gammas, which
// loses its digits as counts grow.
double TextbookLook(std::int64_t i) {
  const Arms arms(i);
  const auto boundary =
      statistics::SequentialBoundary::Create(kPlannedUnits, kAlpha, statistics::Sides::kTwoSided);
  if (!boundary.ok()) Die("the benchmark's own plan has no boundary");
  const double standard_error =
      std::sqrt(arms.control.variance_of_mean() + arms.treatment.variance_of_mean());
  const auto units = static_cast<double>(arms.units[0] + arms.units[1]);
  const double z = (arms.treatment.mean() - arms.control.mean()) / standard_error;
  const double c = statistics::kSampleRatioConcentration;
  double log_e = statistics::LogGamma(c) - statistics::LogGamma(c + units);
  for (size_t arm = 0; arm < kWeights.size(); ++arm) {
    const double prior = c * kWeights[arm];
    const auto count = static_cast<double>(arms.units[arm]);
    log_e += statistics::LogGamma(prior + count) - statistics::LogGamma(prior) -
             count * std::log(kWeights[arm]);
  }
  return boundary->LogPValue(z, units) + boundary->Multiplier(units) * standard_error + log_e;
}

double LooksPerSecond(absl::Duration duration, double (*look)(std::int64_t)) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const auto end = start + absl::ToChronoNanoseconds(duration);
  std::int64_t looks = 0;
  double sum = 0;
  while (Clock::now() < end) {
    for (int i = 0; i < 1000; ++i) sum += look(looks++);
  }
  // Also keeps the compiler from leaving the work out.
  if (!std::isfinite(sum)) Die("a look of the benchmark gave no number");
  return static_cast<double>(looks) / std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

Row Statistics(const Setup& setup) {
  const Comparison result = CompareInTurn(
      setup.rounds, [&] { return LooksPerSecond(setup.duration, Look); },
      [&] { return LooksPerSecond(setup.duration, TextbookLook); });
  return {.name = "look at an experiment, one core",
          .value = result.measured,
          .unit = "1/s",
          .reference_name = "textbook formulas: normal for Student's t, plain log-gammas",
          .reference = result.reference,
          .ratio = result.ratio};
}

}  // namespace flywheel::bench
