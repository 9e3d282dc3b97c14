// Discrete Laplace noise: whole numbers that hide what one unit adds to a count.
#ifndef FLYWHEEL_STATISTICS_DISCRETE_LAPLACE_H_
#define FLYWHEEL_STATISTICS_DISCRETE_LAPLACE_H_

#include <cstdint>

#include "absl/functional/function_ref.h"

namespace flywheel::statistics {

// 64 random bits, each call others.
using RandomBits = absl::FunctionRef<uint64_t()>;

// The distribution on the whole numbers with
//
//   P(x) = (1 - q) / (1 + q) * q^|x|,  q = exp(-numerator / denominator),
//
// which is what a count of sensitivity D needs to be epsilon-differentially private, where epsilon
// / D = numerator / denominator (the geometric mechanism, Ghosh, Roughgarden and Sundararajan
// 2009).
//
// Samples are exact: they are made of random bits by comparing whole numbers, with no floating
// point whose gaps would tell what was added to (Mironov 2012), by algorithms 1 and 2 of Canonne,
// Kamath and Steinke 2020 ("The Discrete Gaussian for Differential Privacy"). An immutable value
// type.
//
//   const DiscreteLaplace noise(1, 20);  // Epsilon 0.1 for a sensitivity of 2.
//   const int64_t shown = count + noise.Sample(bits);
class DiscreteLaplace {
 public:
  // REQUIRES: 1 <= numerator, 1 <= denominator <= kMaxDenominator.
  DiscreteLaplace(int64_t numerator, int64_t denominator);

  static constexpr int64_t kMaxDenominator = int64_t{1} << 50;

  // Takes a handful of calls of `bits`, whatever the scale; how many depends on them.
  int64_t Sample(RandomBits bits) const;

  // Of samples, whose mean is 0.
  double StandardDeviation() const;
  double Probability(int64_t x) const;

 private:
  // In lowest terms.
  int64_t numerator_;
  int64_t denominator_;
};

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_DISCRETE_LAPLACE_H_
