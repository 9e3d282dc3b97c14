#include "statistics/distributions.h"

#include <algorithm>
#include <bit>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <cstdint>
#include <exception>
#include <limits>
#include <numbers>

// What Boost calls where a series or a fraction does not converge, by the policy below: a guess is
// no answer. Boost declares it and leaves it to its user.
template <class T>
T boost::math::policies::user_evaluation_error(const char*, const char*, const T&) {
  return std::numeric_limits<T>::quiet_NaN();
}

namespace flywheel::statistics {
namespace {

namespace policies = boost::math::policies;

// Throws nothing: NaN outside a domain, infinity above the largest number, 0 below the smallest.
// Without promotion, so that each call says in which type it computes: in double, except where a
// comment tells why not; long double takes about ten times as long.
using Policy = policies::policy<
    policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
    policies::overflow_error<policies::ignore_error>,
    policies::rounding_error<policies::ignore_error>,
    policies::indeterminate_result_error<policies::ignore_error>,
    policies::evaluation_error<policies::user_error>, policies::promote_double<false>>;

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Above it t^2/dof comes near the largest double.
constexpr double kFarRatio = 1e290;
// Below it, or with fewer degrees of freedom than one, powers of a quantile leave the range of
// double: with 3 degrees of freedom Boost is wrong by half at 1e-220 and infinite at 1e-230.
constexpr double kFarTail = 1e-60;

// How near P(X <= x) must come to a p whose quantile x is; and of a p next to 1, whose double has
// no more digits.
constexpr double kInverted = 1e-10;
constexpr double kCdfRounding = 1e-15;

bool IsProbability(double p) { return p >= 0.0 && p <= 1.0; }

// No data has fewer than one or more than these; far outside, Boost's expansions lose their digits.
bool AreDegreesOfFreedom(double x) { return x >= 0.001 && x <= 1e15; }

// P(T > t) for t >= 0: half of I_x(dof/2, 1/2) at x = dof/(dof + t^2), or half of 1 - I_y(1/2,
// dof/2) at y = t^2/(dof + t^2): whichever argument is small and keeps its digits.
template <typename Real>
double StudentTUpperTail(Real t, Real dof) {
  const Real half = 0.5;
  const Real ratio = t / dof * t;
  const Real twice = ratio < half
                         ? boost::math::ibetac(half, dof / 2, ratio / (1 + ratio), Policy())
                         : boost::math::ibeta(dof / 2, half, 1 / (1 + ratio), Policy());
  return static_cast<double>(twice / 2);
}

// The t <= 0 with P(T <= t) = tail, for 0 < tail <= 1/2.
template <typename Real>
double StudentTLowerQuantile(Real tail, Real dof) {
  const boost::math::students_t_distribution<Real, Policy> distribution(dof);
  return static_cast<double>(boost::math::quantile(distribution, tail));
}

// NaN where Boost finds none: far from 1/2 its search may throw, whatever the policy says, as for a
// p of 1e-200 with a = b = 3; at the ends it may leave [0, 1].
double BoostBetaQuantile(double p, double a, double b) {
  try {
    const double x = boost::math::ibeta_inv(a, b, p, Policy());
    return IsProbability(x) ? x : kUndefined;
  } catch (const std::exception&) {
    return kUndefined;
  }
}

// The least x with P(X <= x) >= p, by halving the doubles between 0 and 1, which their bits order:
// at most 62 steps.
double BisectedBetaQuantile(double p, double a, double b) {
  uint64_t below = std::bit_cast<uint64_t>(0.0);
  uint64_t above = std::bit_cast<uint64_t>(1.0);
  while (above - below > 1) {
    const uint64_t middle = below + (above - below) / 2;
    const double reached = BetaCdf(std::bit_cast<double>(middle), a, b);
    if (std::isnan(reached)) return kUndefined;
    (reached >= p ? above : below) = middle;
  }
  return std::bit_cast<double>(above);
}

}  // namespace

double NormalSf(double z) { return 0.5 * std::erfc(z / std::numbers::sqrt2); }

double NormalQuantile(double p) {
  if (!IsProbability(p)) return kUndefined;
  if (p == 0.0) return -kInfinity;
  if (p == 1.0) return kInfinity;
  return -std::numbers::sqrt2 * boost::math::erfc_inv(2.0 * p, Policy());
}

double StudentTSf(double t, double degrees_of_freedom) {
  if (!AreDegreesOfFreedom(degrees_of_freedom) || std::isnan(t)) return kUndefined;
  if (t < 0.0) return 1.0 - StudentTSf(-t, degrees_of_freedom);
  if (t / degrees_of_freedom * t < kFarRatio) return StudentTUpperTail(t, degrees_of_freedom);
  return StudentTUpperTail<long double>(t, degrees_of_freedom);
}

double StudentTQuantile(double p, double degrees_of_freedom) {
  if (!IsProbability(p) || !AreDegreesOfFreedom(degrees_of_freedom)) return kUndefined;
  if (p == 0.0) return -kInfinity;
  if (p == 1.0) return kInfinity;
  // 1 - p is exact here, and the smaller tail has all digits there are.
  const double tail = std::min(p, 1.0 - p);
  const double t = tail < kFarTail || degrees_of_freedom < 1.0
                       ? StudentTLowerQuantile<long double>(tail, degrees_of_freedom)
                       : StudentTLowerQuantile(tail, degrees_of_freedom);
  return p <= 0.5 ? t : -t;
}

double ChiSquareSf(double x, double degrees_of_freedom) {
  if (!(x >= 0.0) || !AreDegreesOfFreedom(degrees_of_freedom)) return kUndefined;
  if (std::isinf(x)) return 0.0;
  return boost::math::gamma_q(degrees_of_freedom / 2.0, x / 2.0, Policy());
}

// P(X <= k) = 1 - I_p(k + 1, n - k). In long double: double has 8 digits left at 1e9 trials.
double BinomialCdf(std::int64_t successes, std::int64_t trials, double p) {
  if (trials < 0 || !IsProbability(p)) return kUndefined;
  if (successes < 0) return 0.0;
  if (successes >= trials) return 1.0;
  const auto k = static_cast<long double>(successes);
  const auto n = static_cast<long double>(trials);
  return static_cast<double>(
      boost::math::ibetac(k + 1, n - k, static_cast<long double>(p), Policy()));
}

// P(X >= k) = I_p(k, n - k + 1).
double BinomialUpperTail(std::int64_t successes, std::int64_t trials, double p) {
  if (trials < 0 || !IsProbability(p)) return kUndefined;
  if (successes <= 0) return 1.0;
  if (successes > trials) return 0.0;
  const auto k = static_cast<long double>(successes);
  const auto n = static_cast<long double>(trials);
  return static_cast<double>(
      boost::math::ibeta(k, n - k + 1, static_cast<long double>(p), Policy()));
}

double BetaQuantile(double p, double a, double b) {
  if (!IsProbability(p) || !(a > 0.0 && a <= 1e15) || !(b > 0.0 && b <= 1e15)) return kUndefined;
  if (p == 0.0) return 0.0;
  if (p == 1.0) return 1.0;
  // Boost's search may also end in the wrong place: with a = 0.5 and b = 2 at a p of 1e-9, and with
  // most below 1e-90.
  const double x = BoostBetaQuantile(p, a, b);
  const double most = p <= 0.5 ? kInverted * p : std::max(kInverted * (1.0 - p), kCdfRounding);
  if (std::fabs(BetaCdf(x, a, b) - p) <= most) return x;
  return BisectedBetaQuantile(p, a, b);
}

double BetaCdf(double x, double a, double b) {
  if (!IsProbability(x) || !(a > 0.0 && a <= 1e15) || !(b > 0.0 && b <= 1e15)) return kUndefined;
  return static_cast<double>(boost::math::ibeta(static_cast<long double>(a),
                                                static_cast<long double>(b),
                                                static_cast<long double>(x), Policy()));
}

}  // namespace flywheel::statistics
