#include "statistics/likelihood_ratio.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/status/status.h"
#include "statistics/binomial_rates.h"
#include "statistics/refusal.h"
#include "statistics/special_functions.h"

namespace flywheel::statistics {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
// Between which squares of counts neither underflow nor lose whole units.
constexpr double kMinUnits = 1e-6;
constexpr double kMaxUnits = 1e15;
// The logarithm of a ratio beyond which a double has no digits left.
constexpr double kMaxLogRatio = 708.0;

double Square(double x) { return x * x; }

// Observed less expected successes, by the rarer outcome, which has more digits.
double Distance(const BinomialSample& sample, const BinomialRate& rate) {
  const double failures = sample.failures();
  if (sample.successes <= failures) return sample.successes - sample.units * rate.success;
  return sample.units * rate.failure - failures;
}

// ln of the likelihood at the observed rate less that at `rate`.
double Deviance(const BinomialSample& sample, const BinomialRate& rate) {
  return DevianceTerm(sample.successes, sample.units * rate.success) +
         DevianceTerm(sample.failures(), sample.units * rate.failure);
}

double SignedRoot(const BinomialSample& control, const BinomialSample& treatment,
                  const BinomialRates& rates) {
  const double deviance = Deviance(control, rates.control) + Deviance(treatment, rates.treatment);
  // At the maximum the arms lie on different sides of what is expected of them; as rates, because
  // the digits of a huge arm end above what the counts of a tiny one are apart.
  return std::copysign(std::sqrt(2.0 * deviance),
                       Distance(treatment, rates.treatment) / treatment.units -
                           Distance(control, rates.control) / control.units);
}

double SmallestExpected(const BinomialSample& control, const BinomialSample& treatment,
                        const BinomialRates& rates) {
  return std::min(control.units * std::min(rates.control.success, rates.control.failure),
                  treatment.units * std::min(rates.treatment.success, rates.treatment.failure));
}

// z and how fast it falls, at one hypothesis. By the envelope theorem the slope of the constrained
// maximum is its partial derivative at the likeliest rates.
struct Evaluation {
  double z;
  double slope;
};

Evaluation EvaluateRatio(const BinomialSample& control, const BinomialSample& treatment,
                         double log_ratio) {
  const BinomialRates rates =
      LikeliestAtRatio(control, treatment, std::exp(log_ratio), std::expm1(log_ratio));
  const double z = SignedRoot(control, treatment, rates);
  // Either arm's derivative will do, except that of an arm whose rate is held at 1. The smaller
  // arm's has more digits.
  const bool by_treatment =
      treatment.units * rates.control.failure <= control.units * rates.treatment.failure;
  const double derivative = by_treatment
                                ? Distance(treatment, rates.treatment) / rates.treatment.failure
                                : -Distance(control, rates.control) / rates.control.failure;
  return {z, -derivative / z};
}

Evaluation EvaluateDifference(const BinomialSample& control, const BinomialSample& treatment,
                              double difference) {
  const BinomialRates rates = LikeliestAtDifference(control, treatment, difference);
  const double z = SignedRoot(control, treatment, rates);
  const double control_variance = rates.control.success * rates.control.failure;
  const double treatment_variance = rates.treatment.success * rates.treatment.failure;
  const bool by_treatment =
      treatment.units * control_variance <= control.units * treatment_variance;
  const double derivative = by_treatment ? Distance(treatment, rates.treatment) / treatment_variance
                                         : -Distance(control, rates.control) / control_variance;
  return {z, -derivative / z};
}

// The x in (floor, high) at which z, which falls in x from above `target` to 0 at `high`, is
// `target` > 0. Newton's method: z is nearly straight in x, and z^2 is convex, so that a step on
// z^2 never passes the root from below; where steps do not shrink, because z has a sharp bend in
// between, the middle. `floor` may be -infinity, and `high` infinity.
template <typename Function>
double SolveForRoot(const Function& evaluate, double target, double start, double floor,
                    double high) {
  double x = start;
  double low = floor;
  const double estimate = high;
  double last_change = kInfinity;
  for (int step = 0; step < 200; ++step) {
    const auto [z, slope] = evaluate(x);
    if (z == target) return x;
    const bool below = z > target;
    (below ? low : high) = x;
    double next = x - (z - target) / slope;
    // The length over which z bends, as far as it is known, and what the step after this one will
    // be of when steps shrink by squares.
    const double bend = std::min({1.0, std::fabs(estimate - x), x - floor});
    const double change = std::fabs(next - x);
    const double rest = change * Square(change / last_change);
    const bool done = change <= std::fmax(1e-13 * bend, kEpsilon * std::fabs(x)) ||
                      (change <= 1e-9 * bend && step > 0 && rest <= 1e-15 * bend);
    if (done) return next;
    if (high - low <= kEpsilon * std::fabs(x)) return x;
    if (below && !(next < high)) {
      next = x - 0.5 * (z - target) * (z + target) / (z * slope);
    }
    if (std::isinf(low)) {
      next = next < x ? std::fmax(next, x - 4.0) : x - 4.0;
    } else if (std::isinf(high)) {
      if (!(next > low)) next = low + 1.0;
    } else if (!(next > low && next < high && std::fabs(next - x) <= 0.5 * last_change)) {
      next = 0.5 * (low + high);
    }
    last_change = std::fabs(next - x);
    x = next;
  }
  return x;
}

// ln of the ratio at which z = `multiplier`; -infinity for none.
double LowerLogRatio(const BinomialSample& control, const BinomialSample& treatment,
                     double multiplier) {
  if (treatment.successes == 0.0 || std::isinf(multiplier)) return -kInfinity;
  const double high =
      std::log(treatment.successes / treatment.units) - std::log(control.successes / control.units);
  // Wald's bound with half a success more in each arm, which exists whatever was seen.
  const double control_successes = control.successes + 0.5;
  const double treatment_successes = treatment.successes + 0.5;
  const double centre = std::log(treatment_successes / (treatment.units + 0.5)) -
                        std::log(control_successes / (control.units + 0.5));
  const double error = std::sqrt(1.0 / control_successes - 1.0 / (control.units + 1.0) +
                                 1.0 / treatment_successes - 1.0 / (treatment.units + 1.0));
  const double start = std::fmin(centre, high) - multiplier * error;
  const double end =
      SolveForRoot([&](double x) { return EvaluateRatio(control, treatment, x); }, multiplier,
                   std::clamp(start, -kMaxLogRatio, kMaxLogRatio), -kInfinity, high);
  return std::fabs(end) < kMaxLogRatio ? std::fmin(end, high) : -kInfinity;
}

// The difference at which z = `multiplier`; -1 for none.
double LowerDifference(const BinomialSample& control, const BinomialSample& treatment,
                       double multiplier) {
  const bool least = treatment.successes == 0.0 && control.successes == control.units;
  if (least || std::isinf(multiplier)) return -1.0;
  const double control_rate = control.successes / control.units;
  const double treatment_rate = treatment.successes / treatment.units;
  const double high = treatment_rate - control_rate;
  const auto variance = [](const BinomialSample& sample) {
    const double rate = (sample.successes + 0.5) / (sample.units + 1.0);
    return rate * (1.0 - rate) / (sample.units + 1.0);
  };
  const double start = high - multiplier * std::sqrt(variance(control) + variance(treatment));
  const double end =
      SolveForRoot([&](double x) { return EvaluateDifference(control, treatment, x); }, multiplier,
                   start > -1.0 ? start : 0.5 * (high - 1.0), -1.0, high);
  return std::fmin(end, high);
}

absl::Status RequireSample(const BinomialSample& sample) {
  if (!(sample.units >= kMinUnits && sample.units <= kMaxUnits)) {
    return Refuse(Refusal::kArgumentOutOfRange, "units: want 1e-6 to 1e15");
  }
  if (!(sample.successes >= 0.0 && sample.successes <= sample.units)) {
    return Refuse(Refusal::kArgumentOutOfRange, "successes: want 0 to the number of units");
  }
  return absl::OkStatus();
}

absl::Status RequireSamples(const BinomialSample& control, const BinomialSample& treatment) {
  if (absl::Status status = RequireSample(control); !status.ok()) return status;
  return RequireSample(treatment);
}

absl::StatusOr<BinomialRates> RatesAtRatio(const BinomialSample& control,
                                           const BinomialSample& treatment, double ratio) {
  if (absl::Status status = RequireSamples(control, treatment); !status.ok()) return status;
  if (!(ratio >= 0.0)) {
    return Refuse(Refusal::kArgumentOutOfRange, "ratio: want 0 or more");
  }
  return LikeliestAtRatio(control, treatment, ratio, ratio - 1.0);
}

absl::StatusOr<BinomialRates> RatesAtDifference(const BinomialSample& control,
                                                const BinomialSample& treatment,
                                                double difference) {
  if (absl::Status status = RequireSamples(control, treatment); !status.ok()) return status;
  if (!(difference >= -1.0 && difference <= 1.0)) {
    return Refuse(Refusal::kArgumentOutOfRange, "difference: want -1 to 1");
  }
  return LikeliestAtDifference(control, treatment, difference);
}

absl::Status RequireWithin(const BinomialSample& control, const BinomialSample& treatment,
                           double lower_multiplier, double upper_multiplier) {
  if (!(lower_multiplier > 0.0 && upper_multiplier > 0.0)) {
    return Refuse(Refusal::kArgumentOutOfRange, "multiplier: want more than 0");
  }
  return RequireSamples(control, treatment);
}

}  // namespace

absl::StatusOr<double> SignedRootOfRatio(const BinomialSample& control,
                                         const BinomialSample& treatment, double ratio) {
  const absl::StatusOr<BinomialRates> rates = RatesAtRatio(control, treatment, ratio);
  if (!rates.ok()) return rates.status();
  return SignedRoot(control, treatment, *rates);
}

absl::StatusOr<double> SignedRootOfDifference(const BinomialSample& control,
                                              const BinomialSample& treatment, double difference) {
  const absl::StatusOr<BinomialRates> rates = RatesAtDifference(control, treatment, difference);
  if (!rates.ok()) return rates.status();
  return SignedRoot(control, treatment, *rates);
}

absl::StatusOr<Interval> RatioWithin(const BinomialSample& control, const BinomialSample& treatment,
                                     double lower_multiplier, double upper_multiplier) {
  if (absl::Status status = RequireWithin(control, treatment, lower_multiplier, upper_multiplier);
      !status.ok()) {
    return status;
  }
  // With the arms swapped the ratio is the inverse and z changes its sign.
  return Interval{std::exp(LowerLogRatio(control, treatment, lower_multiplier)),
                  std::exp(-LowerLogRatio(treatment, control, upper_multiplier))};
}

absl::StatusOr<Interval> DifferenceWithin(const BinomialSample& control,
                                          const BinomialSample& treatment, double lower_multiplier,
                                          double upper_multiplier) {
  if (absl::Status status = RequireWithin(control, treatment, lower_multiplier, upper_multiplier);
      !status.ok()) {
    return status;
  }
  return Interval{LowerDifference(control, treatment, lower_multiplier),
                  -LowerDifference(treatment, control, upper_multiplier)};
}

absl::StatusOr<double> SmallestExpectedAtRatio(const BinomialSample& control,
                                               const BinomialSample& treatment, double ratio) {
  const absl::StatusOr<BinomialRates> rates = RatesAtRatio(control, treatment, ratio);
  if (!rates.ok()) return rates.status();
  return SmallestExpected(control, treatment, *rates);
}

absl::StatusOr<double> SmallestExpectedAtDifference(const BinomialSample& control,
                                                    const BinomialSample& treatment,
                                                    double difference) {
  const absl::StatusOr<BinomialRates> rates = RatesAtDifference(control, treatment, difference);
  if (!rates.ok()) return rates.status();
  return SmallestExpected(control, treatment, *rates);
}

}  // namespace flywheel::statistics
