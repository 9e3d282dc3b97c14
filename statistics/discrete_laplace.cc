#include "statistics/discrete_laplace.h"

#include <cmath>
#include <cstdlib>
#include <numeric>

namespace flywheel::statistics {
namespace {

// 0 to n - 1, each as probable: what would make the first of them more so is drawn again.
uint64_t UniformBelow(uint64_t n, RandomBits bits) {
  const uint64_t surplus = (0 - n) % n;  // 2^64 modulo n.
  uint64_t drawn = bits();
  while (drawn < surplus) drawn = bits();
  return drawn % n;
}

// True with probability exp(-numerator / denominator), for a ratio of at most 1: the number of
// successes in a row of chances ratio/1, ratio/2, ... is even so often.
bool BernoulliExp(uint64_t numerator, uint64_t denominator, RandomBits bits) {
  uint64_t k = 1;
  while (UniformBelow(denominator, bits) < numerator && UniformBelow(k, bits) == 0) ++k;
  return k % 2 == 1;
}

}  // namespace

DiscreteLaplace::DiscreteLaplace(int64_t numerator, int64_t denominator) {
  const int64_t common = std::gcd(numerator, denominator);
  numerator_ = numerator / common;
  denominator_ = denominator / common;
}

int64_t DiscreteLaplace::Sample(RandomBits bits) const {
  const auto t = static_cast<uint64_t>(denominator_);
  const auto s = static_cast<uint64_t>(numerator_);
  for (;;) {
    // x is geometric with the ratio exp(-1/t): its remainder by t, then how often t goes into it.
    const uint64_t remainder = UniformBelow(t, bits);
    if (!BernoulliExp(remainder, t, bits)) continue;
    uint64_t times = 0;
    while (BernoulliExp(1, 1, bits)) ++times;
    const auto magnitude = static_cast<int64_t>((remainder + t * times) / s);
    const bool negative = bits() % 2 == 1;
    // Zero has no sign, and would come twice as often.
    if (negative && magnitude == 0) continue;
    return negative ? -magnitude : magnitude;
  }
}

double DiscreteLaplace::StandardDeviation() const {
  const double rate = static_cast<double>(numerator_) / static_cast<double>(denominator_);
  return std::sqrt(2 * std::exp(-rate)) / -std::expm1(-rate);
}

double DiscreteLaplace::Probability(int64_t x) const {
  const double rate = static_cast<double>(numerator_) / static_cast<double>(denominator_);
  const double magnitude = std::fabs(static_cast<double>(x));
  return std::tanh(rate / 2) * std::exp(-rate * magnitude);
}

}  // namespace flywheel::statistics
