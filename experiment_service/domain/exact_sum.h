// Double-double accumulator: a sum of doubles that values can be taken out of again.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_EXACT_SUM_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_EXACT_SUM_H_

#include <cmath>

namespace flywheel::experiment {

// A sum of doubles in twice their precision (about 32 digits): the pair high + low of Dekker 1971,
// added to by Knuth's two-sum. Taking a value out again leaves what would be there had it never
// come in, to about 1e-31 of the largest sum in between, and the order of the values does not
// matter; this is what lets a unit's old mean be replaced by its new one a million times. A value
// type.
//
// REQUIRES: values of a magnitude of at most 1e12. A larger one's square would push the others out
// of the low part, and subtracting it again would not bring them back.
class ExactSum {
 public:
  ExactSum() = default;
  // Restores stored parts.
  ExactSum(double high, double low) : high_(high), low_(low) {}

  void Add(double value) { AddParts(value, 0); }
  void Subtract(double value) { AddParts(-value, 0); }
  void AddSquare(double value) {
    const double square = value * value;
    AddParts(square, std::fma(value, value, -square));
  }
  void AddProduct(double factor, double value) {
    const double product = factor * value;
    AddParts(product, std::fma(factor, value, -product));
  }
  void SubtractSquare(double value) {
    const double square = value * value;
    AddParts(-square, -std::fma(value, value, -square));
  }

  // The sum, rounded once.
  double value() const { return high_ + low_; }
  double high() const { return high_; }
  double low() const { return low_; }

  friend bool operator==(const ExactSum&, const ExactSum&) = default;

  // this - sum*sum/count, without the loss of digits that doubles would have: the sum of squared
  // deviations where this is the sum of squares. Never below 0. REQUIRES: count > 0.
  double MinusSquareOver(const ExactSum& sum, double count) const {
    // sum/count as quotient + rest, each in turn multiplied by the sum.
    const double quotient = sum.high_ / count;
    const double rest = (std::fma(-quotient, count, sum.high_) + sum.low_) / count;
    ExactSum result = *this;
    const double product = quotient * sum.high_;
    result.AddParts(-product, -std::fma(quotient, sum.high_, -product));
    result.Add(-(quotient * sum.low_ + rest * (sum.high_ + sum.low_)));
    return std::fmax(0.0, result.value());
  }

 private:
  void AddParts(double high, double low) {
    const double sum = high_ + high;
    const double part = sum - high_;
    const double error = (high_ - (sum - part)) + (high - part);
    const double rest = error + (low_ + low);
    high_ = sum + rest;
    low_ = rest - (high_ - sum);
  }

  double high_ = 0;
  double low_ = 0;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_EXACT_SUM_H_
