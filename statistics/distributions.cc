#include "statistics/distributions.h"

#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

#include "statistics/special_functions.h"

namespace flywheel::statistics {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

template <std::size_t kSize>
double Polynomial(const double (&coefficients)[kSize], double x) {
  double value = 0.0;
  for (std::size_t i = kSize; i > 0; --i) value = value * x + coefficients[i - 1];
  return value;
}

// AS 241, central region: |p - 1/2| <= 0.425. `q` is p - 1/2.
double NormalQuantileCentre(double q) {
  static constexpr double kNumerator[] = {
      3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
      45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727};
  static constexpr double kDenominator[] = {1.0,
                                            42.313330701600911252,
                                            687.18700749205790830,
                                            5394.1960214247511077,
                                            21213.794301586595867,
                                            39307.895800092710610,
                                            28729.085735721942674,
                                            5226.4952788528545610};
  const double r = 0.180625 - q * q;
  return q * Polynomial(kNumerator, r) / Polynomial(kDenominator, r);
}

// AS 241, tails. `r` is sqrt(-ln(min(p, 1-p))); the result is the positive quantile.
double NormalQuantileTail(double r) {
  static constexpr double kNearNumerator[] = {1.42343711074968357734,   4.63033784615654529590,
                                              5.76949722146069140550,   3.64784832476320460504,
                                              1.27045825245236838258,   0.241780725177450611770,
                                              0.0227238449892691845833, 7.74545014278341407640e-4};
  static constexpr double kNearDenominator[] = {1.0,
                                                2.05319162663775882187,
                                                1.67638483018380384940,
                                                0.689767334985100004550,
                                                0.148103976427480074590,
                                                0.0151986665636164571966,
                                                5.47593808499534494600e-4,
                                                1.05075007164441684324e-9};
  static constexpr double kFarNumerator[] = {6.65790464350110377720,    5.46378491116411436990,
                                             1.78482653991729133580,    0.296560571828504891230,
                                             0.0265321895265761230930,  1.24266094738807843860e-3,
                                             2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static constexpr double kFarDenominator[] = {1.0,
                                               0.599832206555887937690,
                                               0.136929880922735805310,
                                               0.0148753612908506148525,
                                               7.86869131145613259100e-4,
                                               1.84631831751005468180e-5,
                                               1.42151175831644588870e-7,
                                               2.04426310338993978564e-15};
  if (r <= 5.0) return Polynomial(kNearNumerator, r - 1.6) / Polynomial(kNearDenominator, r - 1.6);
  return Polynomial(kFarNumerator, r - 5.0) / Polynomial(kFarDenominator, r - 5.0);
}

double StudentTLogDensity(double t, double dof) {
  return StirlingError((dof + 1.0) / 2.0) - StirlingError(dof / 2.0) +
         (dof / 2.0) * std::log1p(1.0 / dof) - 0.5 - ((dof + 1.0) / 2.0) * std::log1p(t * t / dof) -
         0.5 * std::log(2.0 * std::numbers::pi);
}

// ln P(T > t) where t^2/dof overflows: the first term of the series, I_x(a, b) ~ x^a/(a B(a, b)).
double StudentTLogFarTail(double t, double dof) {
  const double a = 0.5 * dof;
  const double log_beta = LogGamma(a) + LogGamma(0.5) - LogGamma(a + 0.5);
  return a * (std::log(dof) - 2.0 * std::log(t)) - std::log(a) - log_beta - std::numbers::ln2;
}

// The t > 0 whose log survival function is `log_tail` < ln(1/2): Newton's method on the log
// survival function, kept inside a bracket that bisection shrinks whenever Newton leaves it.
double StudentTUpperQuantile(double log_tail, double start, double dof) {
  double low = 0.0;
  double high = start > 0.0 ? start : 1.0;
  while (StudentTLogSf(high, dof) > log_tail) {
    low = high;
    high *= 2.0;
    if (std::isinf(high)) return kInfinity;
  }
  double t = high;
  for (int i = 0; i < 2000; ++i) {
    const double log_sf = StudentTLogSf(t, dof);
    if (log_sf > log_tail) {
      low = t;
    } else {
      high = t;
    }
    const double slope = -std::exp(StudentTLogDensity(t, dof) - log_sf);
    double next = t - (log_sf - log_tail) / slope;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (std::fabs(next - t) <= 4e-16 * t) return next;
    t = next;
  }
  return t;
}

}  // namespace

double NormalCdf(double z) { return NormalSf(-z); }

double NormalSf(double z) { return 0.5 * std::erfc(z / std::numbers::sqrt2); }

double NormalLogSf(double z) {
  if (z < 0.0) return std::log1p(-NormalSf(-z));
  // erfc underflows near 37; the upper incomplete gamma function is the same quantity, as a log.
  if (!(z > 20.0)) return std::log(NormalSf(z));
  return LogUpperIncompleteGamma(0.5, 0.5 * z * z) - std::numbers::ln2;
}

double NormalQuantile(double p) {
  if (!(p >= 0.0 && p <= 1.0)) return kUndefined;
  if (p == 0.0) return -kInfinity;
  if (p == 1.0) return kInfinity;
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) return NormalQuantileCentre(q);
  const double tail = NormalQuantileTail(std::sqrt(-std::log(q < 0.0 ? p : 1.0 - p)));
  return q < 0.0 ? -tail : tail;
}

double StudentTCdf(double t, double degrees_of_freedom) {
  return StudentTSf(-t, degrees_of_freedom);
}

double StudentTSf(double t, double degrees_of_freedom) {
  return std::exp(StudentTLogSf(t, degrees_of_freedom));
}

double StudentTLogSf(double t, double degrees_of_freedom) {
  if (!(degrees_of_freedom > 0.0) || std::isnan(t)) return kUndefined;
  if (t < 0.0) return std::log1p(-StudentTSf(-t, degrees_of_freedom));
  if (std::isinf(t)) return -kInfinity;
  // P(T > t) = I_x(dof/2, 1/2)/2 with x = dof/(dof + t^2); both x and 1-x without cancellation.
  const double ratio = t / degrees_of_freedom * t;
  if (ratio > 1e290) return StudentTLogFarTail(t, degrees_of_freedom);
  return LogIncompleteBeta(degrees_of_freedom / 2.0, 0.5, 1.0 / (1.0 + ratio),
                           ratio / (1.0 + ratio)) -
         std::numbers::ln2;
}

double StudentTQuantile(double p, double degrees_of_freedom) {
  if (!(p >= 0.0 && p <= 1.0) || !(degrees_of_freedom > 0.0)) return kUndefined;
  if (p == 0.0) return -kInfinity;
  if (p == 1.0) return kInfinity;
  if (p == 0.5) return 0.0;
  const bool lower_tail = p < 0.5;
  const double log_tail = lower_tail ? std::log(p) : std::log1p(-p);
  const double start = std::fabs(NormalQuantile(p));
  const double t = StudentTUpperQuantile(log_tail, start, degrees_of_freedom);
  return lower_tail ? -t : t;
}

double ChiSquareSf(double x, double degrees_of_freedom) {
  return std::exp(ChiSquareLogSf(x, degrees_of_freedom));
}

double ChiSquareLogSf(double x, double degrees_of_freedom) {
  return LogUpperIncompleteGamma(degrees_of_freedom / 2.0, x / 2.0);
}

double BinomialCdf(std::int64_t successes, std::int64_t trials, double p) {
  if (trials < 0 || !(p >= 0.0 && p <= 1.0)) return kUndefined;
  if (successes < 0) return 0.0;
  if (successes >= trials) return 1.0;
  const double k = static_cast<double>(successes);
  return std::exp(LogIncompleteBeta(static_cast<double>(trials) - k, k + 1.0, 1.0 - p, p));
}

double BinomialUpperTail(std::int64_t successes, std::int64_t trials, double p) {
  if (trials < 0 || !(p >= 0.0 && p <= 1.0)) return kUndefined;
  if (successes <= 0) return 1.0;
  if (successes > trials) return 0.0;
  const double k = static_cast<double>(successes);
  return std::exp(LogIncompleteBeta(k, static_cast<double>(trials) - k + 1.0, p, 1.0 - p));
}

double BinomialProbability(std::int64_t successes, std::int64_t trials, double p) {
  if (trials < 0 || !(p >= 0.0 && p <= 1.0)) return kUndefined;
  if (successes < 0 || successes > trials) return 0.0;
  const double n = static_cast<double>(trials);
  const double k = static_cast<double>(successes);
  if (p == 0.0 || p == 1.0) return (p == 0.0 ? k == 0.0 : k == n) ? 1.0 : 0.0;
  if (successes == 0) return std::exp(n * std::log1p(-p));
  if (successes == trials) return std::exp(n * std::log(p));
  const double log_probability = StirlingError(n) - StirlingError(k) - StirlingError(n - k) -
                                 DevianceTerm(k, n * p) - DevianceTerm(n - k, n * (1.0 - p)) +
                                 0.5 * std::log(n / (2.0 * std::numbers::pi * k * (n - k)));
  return std::exp(log_probability);
}

}  // namespace flywheel::statistics
