#include "statistics/binomial_rates.h"

#include <cmath>
#include <limits>

namespace flywheel::statistics {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double Square(double x) { return x * x; }

// The likeliest rates under pT = ratio * pC, for 0 <= ratio <= 2 and `excess` = ratio - 1, which
// has digits that the ratio has not. pC is the root in [0, min(1, 1/ratio)] of
//
//   N ratio p^2 - (ratio A + B) p + c = 0,  A = nT + xC, B = nC + xT, c = xT + xC, y = n - x
//
// whose discriminant is (ratio A - B)^2 + 4 ratio yT yC, and ratio A - B = yT - yC + excess A.
// Written so, nothing cancels in p or in 1 - p, however near to 0 or 1 they are.
BinomialRates LikeliestAtSmallRatio(const BinomialSample& control, const BinomialSample& treatment,
                                    double ratio, double excess) {
  const double control_failures = control.failures();
  const double treatment_failures = treatment.failures();
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
BinomialRates LikeliestAtPositiveDifference(const BinomialSample& control,
                                            const BinomialSample& treatment, double difference) {
  const double room = 1.0 - difference;
  double p = 0.0;
  double s = 0.0;
  if (room > 0.0) {
    const double control_failures = control.failures();
    const double treatment_failures = treatment.failures();
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

}  // namespace

BinomialRates LikeliestAtRatio(const BinomialSample& control, const BinomialSample& treatment,
                               double ratio, double excess) {
  if (ratio <= 2.0) return LikeliestAtSmallRatio(control, treatment, ratio, excess);
  const double inverse = 1.0 / ratio;
  const BinomialRates swapped = LikeliestAtSmallRatio(treatment, control, inverse, inverse - 1.0);
  return {swapped.treatment, swapped.control};
}

BinomialRates LikeliestAtDifference(const BinomialSample& control, const BinomialSample& treatment,
                                    double difference) {
  if (difference >= 0.0) return LikeliestAtPositiveDifference(control, treatment, difference);
  const BinomialRates swapped = LikeliestAtPositiveDifference(treatment, control, -difference);
  return {swapped.treatment, swapped.control};
}

}  // namespace flywheel::statistics
