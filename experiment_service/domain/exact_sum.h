// Exact accumulator: a sum of doubles that does not depend on their order, nor on what came and
// went.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_EXACT_SUM_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_EXACT_SUM_H_

#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"

namespace flywheel::experiment {

// A whole number of 2^-128, of 256 bits: each double is rounded to such a multiple (2.9e-39) as it
// comes, and from there on nothing is rounded. So the order of values changes no bit, and a value
// that is taken out leaves what would be there had it never come in. This is what lets a unit's old
// mean be replaced by its new one a million times. A value type.
//
// REQUIRES: values of a magnitude of at most 1e12, no more than 1e12 of them: their squares then
// add up to less than 2^127, which is the end.
class ExactSum {
 public:
  ExactSum() = default;
  // The sum of doubles, such as parts().
  static ExactSum Of(absl::Span<const double> values);
  // What bytes() gave; nothing where they are none of it.
  static std::optional<ExactSum> FromBytes(std::string_view bytes);

  void Add(double value);
  void Subtract(double value) { Add(-value); }
  void AddSquare(double value) { AddProduct(value, value); }
  void SubtractSquare(double value) { AddProduct(-value, value); }
  // Both as two doubles, the product and what its rounding left over.
  void AddProduct(double factor, double value) {
    const double product = factor * value;
    Add(product);
    Add(std::fma(factor, value, -product));
  }
  void SubtractProduct(double factor, double value) { AddProduct(-factor, value); }

  // The sum, rounded once.
  double value() const;
  // Its one form as doubles: the sum rounded, and what each rounding left over; at most five, none
  // of 0.
  std::vector<double> parts() const;
  // Those, 8 bytes each, the most significant one first.
  std::string bytes() const;

  friend bool operator==(const ExactSum&, const ExactSum&) = default;

  // this - sum*sum/count, to about 1e-31 of this: the sum of squared deviations where this is the
  // sum of squares. Never below 0. REQUIRES: count > 0.
  double MinusSquareOver(const ExactSum& sum, double count) const {
    return std::fmax(0.0, MinusProductOver(sum, sum, count));
  }
  // this - a*b/count, as above: the sum of the products of deviations where this is that of
  // products.
  double MinusProductOver(const ExactSum& a, const ExactSum& b, double count) const;

 private:
  // The least significant first; two's complement.
  std::array<uint64_t, 4> limbs_ = {};
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_EXACT_SUM_H_
