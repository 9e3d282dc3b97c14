#include "statistics/likelihood_ratio.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/status/status.h"
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

double Failures(const BinomialSample& sample) { return sample.units - sample.successes; }

// A rate and what is left of 1, each with all its digits.
struct Rate {
  double success;
  double failure;
};

struct Rates {
  Rate control;
  Rate treatment;
};

// The likeliest rates under pT = ratio * pC, for 0 <= ratio <= 2 and `excess` = ratio - 1, which
// has digits that the ratio has not. pC is the root in [0, min(1, 1/ratio)] of
//
//   N ratio p^2 - (ratio A + B) p + c = 0,  A = nT + xC, B = nC + xT, c = xT + xC, y = n - x
//
// whose discriminant is (ratio A - B)^2 + 4 ratio yT yC, and ratio A - B = yT - yC + excess A.
// Written so, nothing cancels in p or in 1 - p, however near to 0 or 1 they are.
Rates LikeliestAtSmallRatio(const BinomialSample& control, const BinomialSample& treatment,
                            double ratio, double excess) {
  const double control_failures = Failures(control);
  const double treatment_failures = Failures(treatment);
  const double a = treatment.units + control.successes;
  const double b = control.units + treatment.successes;
  const double lean =
      ratio < 0.5 ? ratio * a - b : treatment_failures - control_failures + excess * a;
  const double product = 4.0 * ratio * treatment_failures * control_failures;
  const double root = std::sqrt(Square(lean) + product);
  // Both at least 0; their product is `product`.
  const double above = lean >= 0.0 ? root + lean : product / (root - lean);
  const double below = lean <= 0.0 ? root - lean : product / (root + lean);
  const double scale = 1.0 / (ratio * a + b + root);
  const double successes = 2.0 * (control.successes + treatment.successes) * scale;
  return {{successes, (2.0 * control_failures + above) * scale},
          {ratio * successes, (2.0 * ratio * treatment_failures + below) * scale}};
}

Rates LikeliestAtRatio(const BinomialSample& control, const BinomialSample& treatment, double ratio,
                       double excess) {
  if (ratio <= 2.0) return LikeliestAtSmallRatio(control, treatment, ratio, excess);
  const double inverse = 1.0 / ratio;
  const Rates swapped = LikeliestAtSmallRatio(treatment, control, inverse, inverse - 1.0);
  return {swapped.treatment, swapped.control};
}

// The maximum over p in [0, room/2] of
//
//   near ln p + near_shifted ln(p + shift) + far ln(room - p) + far_shifted ln(room - p + shift)
//
// when it lies there: the zero of its derivative, or 0 if that is nowhere positive.
class ConstrainedMaximum {
 public:
  ConstrainedMaximum(double near, double near_shifted, double far, double far_shifted, double shift,
                     double room)
      : near_(near),
        near_shifted_(near_shifted),
        far_(far),
        far_shifted_(far_shifted),
        shift_(shift),
        room_(room) {}

  bool FallsAt(double p) const {
    return Share(near_, p) + Share(near_shifted_, p + shift_) <=
           Share(far_, room_ - p) + Share(far_shifted_, room_ - p + shift_);
  }

  double Solve() const {
    if (near_ == 0.0 && FallsAt(0.0)) return 0.0;
    double low = 0.0;
    double high = 0.5 * room_;
    double p = high;
    double last_change = kInfinity;
    for (int step = 0; step < 100; ++step) {
      double next = ZeroOfModel(p);
      if (std::fabs(next - p) <= 1e-10 * p) return next;
      (next < p ? high : low) = p;
      if (!(next > low && next < high && std::fabs(next - p) <= 0.5 * last_change)) {
        next = 0.5 * (low + high);
      }
      last_change = std::fabs(next - p);
      p = next;
    }
    return p;
  }

 private:
  static double Share(double count, double rate) { return count == 0.0 ? 0.0 : count / rate; }

  // Each half of the derivative has a pole at 0 and room, and another one beyond it. It is replaced
  // by a constant and the first pole alone, with its value and slope at p (as Bunch, Nielsen and
  // Sorensen 1978 solve secular equations); the zero of that is closer by a square, and lies on the
  // same side of p as the one that is sought.
  double ZeroOfModel(double p) const {
    const double q = room_ - p;
    const double near_ratio = shift_ == 0.0 ? 1.0 : p / (p + shift_);
    const double far_ratio = shift_ == 0.0 ? 1.0 : q / (q + shift_);
    const double pull = near_ + near_shifted_ * Square(near_ratio);
    const double push = far_ + far_shifted_ * Square(far_ratio);
    // pull/p + tilt = push/(room - p)
    const double tilt = near_shifted_ * (1.0 - near_ratio) / (p + shift_) -
                        far_shifted_ * (1.0 - far_ratio) / (q + shift_);
    const double b = tilt * room_ - pull - push;
    const double root = std::sqrt(std::fmax(0.0, Square(b) + 4.0 * tilt * pull * room_));
    return b > 0.0 ? 0.5 * (b + root) / tilt : 2.0 * pull * room_ / (root - b);
  }

  double near_;
  double near_shifted_;
  double far_;
  double far_shifted_;
  double shift_;
  double room_;
};

// The likeliest rates under pT = pC + difference, 0 <= difference <= 1. With s = 1 - pT they are
// p = pC and p + difference, and of failures s + difference and s, where p + s = 1 - difference: so
// that only the smaller of p and s has to be found.
Rates LikeliestAtPositiveDifference(const BinomialSample& control, const BinomialSample& treatment,
                                    double difference) {
  const double room = 1.0 - difference;
  double p = 0.0;
  double s = 0.0;
  if (room > 0.0) {
    const double control_failures = Failures(control);
    const double treatment_failures = Failures(treatment);
    const ConstrainedMaximum of_p(control.successes, treatment.successes, treatment_failures,
                                  control_failures, difference, room);
    if (of_p.FallsAt(0.5 * room)) {
      p = of_p.Solve();
      s = room - p;
    } else {
      s = ConstrainedMaximum(treatment_failures, control_failures, control.successes,
                             treatment.successes, difference, room)
              .Solve();
      p = room - s;
    }
  }
  return {{p, s + difference}, {p + difference, s}};
}

Rates LikeliestAtDifference(const BinomialSample& control, const BinomialSample& treatment,
                            double difference) {
  if (difference >= 0.0) return LikeliestAtPositiveDifference(control, treatment, difference);
  const Rates swapped = LikeliestAtPositiveDifference(treatment, control, -difference);
  return {swapped.treatment, swapped.control};
}

// Observed less expected successes, by the rarer outcome, which has more digits.
double Distance(const BinomialSample& sample, const Rate& rate) {
  const double failures = Failures(sample);
  if (sample.successes <= failures) return sample.successes - sample.units * rate.success;
  return sample.units * rate.failure - failures;
}

// ln of the likelihood at the observed rate less that at `rate`.
double Deviance(const BinomialSample& sample, const Rate& rate) {
  return DevianceTerm(sample.successes, sample.units * rate.success) +
         DevianceTerm(Failures(sample), sample.units * rate.failure);
}

double SignedRoot(const BinomialSample& control, const BinomialSample& treatment,
                  const Rates& rates) {
  const double deviance = Deviance(control, rates.control) + Deviance(treatment, rates.treatment);
  // At the maximum the arms lie on different sides of what is expected of them; as rates, because
  // the digits of a huge arm end above what the counts of a tiny one are apart.
  return std::copysign(std::sqrt(2.0 * deviance),
                       Distance(treatment, rates.treatment) / treatment.units -
                           Distance(control, rates.control) / control.units);
}

double SmallestExpected(const BinomialSample& control, const BinomialSample& treatment,
                        const Rates& rates) {
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
  const Rates rates =
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
  const Rates rates = LikeliestAtDifference(control, treatment, difference);
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

absl::StatusOr<Rates> RatesAtRatio(const BinomialSample& control, const BinomialSample& treatment,
                                   double ratio) {
  if (absl::Status status = RequireSamples(control, treatment); !status.ok()) return status;
  if (!(ratio >= 0.0)) {
    return Refuse(Refusal::kArgumentOutOfRange, "ratio: want 0 or more");
  }
  return LikeliestAtRatio(control, treatment, ratio, ratio - 1.0);
}

absl::StatusOr<Rates> RatesAtDifference(const BinomialSample& control,
                                        const BinomialSample& treatment, double difference) {
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
  const absl::StatusOr<Rates> rates = RatesAtRatio(control, treatment, ratio);
  if (!rates.ok()) return rates.status();
  return SignedRoot(control, treatment, *rates);
}

absl::StatusOr<double> SignedRootOfDifference(const BinomialSample& control,
                                              const BinomialSample& treatment, double difference) {
  const absl::StatusOr<Rates> rates = RatesAtDifference(control, treatment, difference);
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
  const absl::StatusOr<Rates> rates = RatesAtRatio(control, treatment, ratio);
  if (!rates.ok()) return rates.status();
  return SmallestExpected(control, treatment, *rates);
}

absl::StatusOr<double> SmallestExpectedAtDifference(const BinomialSample& control,
                                                    const BinomialSample& treatment,
                                                    double difference) {
  const absl::StatusOr<Rates> rates = RatesAtDifference(control, treatment, difference);
  if (!rates.ok()) return rates.status();
  return SmallestExpected(control, treatment, *rates);
}

}  // namespace flywheel::statistics
