#include "statistics/special_functions.h"

#include <math.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace flywheel::statistics {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
constexpr double kLogZero = -std::numeric_limits<double>::infinity();
constexpr double kTiny = 1e-300;        // Lentz: stands in for a zero denominator
constexpr double kConverged = 1e-16;    // relative change of the last factor or term
constexpr int kMaxIterations = 500000;  // far above sqrt(1e9), what the worst real input needs
const double kHalfLogTwoPi = 0.5 * std::log(2.0 * std::numbers::pi);

double AwayFromZero(double value) { return std::fabs(value) < kTiny ? kTiny : value; }

// ln(1 - e^log_p), accurate at both ends.
double LogComplement(double log_p) {
  if (log_p >= 0.0) return kLogZero;
  return log_p > -std::numbers::ln2 ? std::log(-std::expm1(log_p)) : std::log1p(-std::exp(log_p));
}

// ln( x^a y^b / B(a, b) ), by Loader's saddle-point expansion.
double LogBetaPrefactor(double a, double b, double x, double y) {
  const double n = a + b;
  return 0.5 * std::log(a * (b / n)) - kHalfLogTwoPi + StirlingError(n) - StirlingError(a) -
         StirlingError(b) - DevianceTerm(a, n * x) - DevianceTerm(b, n * y);
}

// The f with I_x(a, b) = x^a y^b / (B(a, b) f), by modified Lentz. Source: DiDonato and Morris
// 1992 (TOMS 708), equation 9. It is written in y, so that a tiny 1 - x that the caller knows
// exactly (Student's t with a million degrees of freedom) is not rounded away.
double BetaContinuedFraction(double a, double b, double x, double y) {
  double fraction = AwayFromZero(a * (a * y - b * x + 1.0) / (a + 1.0));
  double c = fraction;
  double d = 0.0;
  for (int m = 1; m <= kMaxIterations; ++m) {
    const double middle = a + 2.0 * m - 1.0;
    const double step = m * (b - m) * x / middle;
    const double numerator = ((a + m - 1.0) / middle) * (a + b + m - 1.0) * step * x;
    const double denominator =
        m + step + (a + m) * (a * y - b * x + 1.0 + m * (1.0 + y)) / (a + 2.0 * m + 1.0);
    d = 1.0 / AwayFromZero(denominator + numerator * d);
    c = AwayFromZero(denominator + numerator / c);
    const double factor = d * c;
    fraction *= factor;
    if (std::fabs(factor - 1.0) <= 2.0 * kConverged) return fraction;
  }
  return kUndefined;
}

// ln P(a, x) by its power series, for x < a + 1. `log_prefactor` is ln(x^a e^-x / Gamma(a)).
double LogLowerGammaBySeries(double a, double x, double log_prefactor) {
  double term = 1.0 / a;
  double sum = term;
  for (int n = 1; n <= kMaxIterations; ++n) {
    term *= x / (a + n);
    sum += term;
    if (term <= sum * kConverged) return log_prefactor + std::log(sum);
  }
  return kUndefined;
}

// ln Q(a, x) by its continued fraction (DLMF 8.9.2), for x >= a + 1.
double LogUpperGammaByFraction(double a, double x, double log_prefactor) {
  double b = x + 1.0 - a;
  double c = 1.0 / kTiny;
  double d = 1.0 / b;
  double fraction = d;
  for (int i = 1; i <= kMaxIterations; ++i) {
    const double coefficient = -i * (i - a);
    b += 2.0;
    d = 1.0 / AwayFromZero(coefficient * d + b);
    c = AwayFromZero(b + coefficient / c);
    const double factor = d * c;
    fraction *= factor;
    if (std::fabs(factor - 1.0) <= 2.0 * kConverged) return log_prefactor + std::log(fraction);
  }
  return kUndefined;
}

}  // namespace

double LogGamma(double x) {
  if (!(x > 0.0)) return kUndefined;
  int sign = 0;
  return ::lgamma_r(x, &sign);
}

double StirlingError(double x) {
  if (!(x > 0.0)) return kUndefined;
  if (x < 10.0) return LogGamma(x) - (x - 0.5) * std::log(x) + x - kHalfLogTwoPi;
  // The asymptotic series (DLMF 5.11.1); the first term left out is below 1e-15 here.
  const double r = 1.0 / (x * x);
  const double tail = 1.0 / 1680 - r * (1.0 / 1188 - r * (691.0 / 360360));
  return (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * tail))) / x;
}

double DevianceTerm(double x, double mean) {
  if (!(x >= 0.0) || !(mean >= 0.0)) return kUndefined;
  if (x == 0.0) return mean;
  const double difference = x - mean;
  if (std::fabs(difference) >= 0.1 * (x + mean)) {
    return x * (std::log(x) - std::log(mean)) - difference;
  }
  // 2x(v^3/3 + v^5/5 + ...) + difference*v with v = (x-m)/(x+m): the terms of the logarithm that
  // cancel are left out instead of subtracted. v < 0.1, so that 20 terms are more than enough.
  const double v = difference / (x + mean);
  double sum = difference * v;
  double power = 2.0 * x * v;
  for (int j = 1; j <= 20; ++j) {
    power *= v * v;
    const double next = sum + power / (2 * j + 1);
    if (next == sum) break;
    sum = next;
  }
  return sum;
}

double LogIncompleteBeta(double a, double b, double x, double y) {
  if (!(a > 0.0) || !(b > 0.0) || !(x >= 0.0) || !(y >= 0.0)) return kUndefined;
  if (x == 0.0) return kLogZero;
  if (y == 0.0) return 0.0;
  const double log_prefactor = LogBetaPrefactor(a, b, x, y);
  // The fraction converges fast below the mean of the distribution; above it, by symmetry.
  if (x <= (a + 1.0) / (a + b + 2.0)) {
    return log_prefactor - std::log(BetaContinuedFraction(a, b, x, y));
  }
  return LogComplement(log_prefactor - std::log(BetaContinuedFraction(b, a, y, x)));
}

double LogUpperIncompleteGamma(double a, double x) {
  if (!(a > 0.0) || !(x >= 0.0)) return kUndefined;
  if (x == 0.0) return 0.0;
  if (std::isinf(x)) return kLogZero;
  const double log_prefactor =
      0.5 * std::log(a) - kHalfLogTwoPi - StirlingError(a) - DevianceTerm(a, x);
  if (x < a + 1.0) return LogComplement(LogLowerGammaBySeries(a, x, log_prefactor));
  return LogUpperGammaByFraction(a, x, log_prefactor);
}

}  // namespace flywheel::statistics
