#include "statistics/moments.h"

#include <limits>

namespace flywheel::statistics {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

}  // namespace

Moments Moments::OfProportion(std::int64_t successes, std::int64_t trials) {
  if (trials == 0) return Moments();
  const double n = static_cast<double>(trials);
  const double hits = static_cast<double>(successes);
  // The sum of squares about the mean of ones and zeros, in closed form.
  return Moments(trials, hits / n, hits * (n - hits) / n);
}

void Moments::Add(double value) {
  // Welford: the second factor uses the new mean, so no large numbers are subtracted.
  ++count_;
  const double delta = value - mean_;
  mean_ += delta / static_cast<double>(count_);
  m2_ += delta * (value - mean_);
}

void Moments::Merge(const Moments& other) {
  if (other.count_ == 0) return;
  if (count_ == 0) {
    *this = other;
    return;
  }
  // Chan: the last term is what the two means lie apart.
  const double n1 = static_cast<double>(count_);
  const double n2 = static_cast<double>(other.count_);
  const double n = n1 + n2;
  const double delta = other.mean_ - mean_;
  mean_ += delta * (n2 / n);
  m2_ += other.m2_ + delta * delta * (n1 * n2 / n);
  count_ += other.count_;
}

double Moments::variance() const {
  return count_ < 2 ? kUndefined : m2_ / static_cast<double>(count_ - 1);
}

double Moments::variance_of_mean() const { return variance() / static_cast<double>(count_); }

void BivariateMoments::Add(double x, double y) {
  // One mean from before the value and one from after it, as in Moments::Add.
  const double delta_x = x - x_.mean();
  x_.Add(x);
  y_.Add(y);
  co_moment_ += delta_x * (y - y_.mean());
}

void BivariateMoments::Merge(const BivariateMoments& other) {
  if (other.count() == 0) return;
  const double n1 = static_cast<double>(count());
  const double n2 = static_cast<double>(other.count());
  const double delta_x = other.x_.mean() - x_.mean();
  const double delta_y = other.y_.mean() - y_.mean();
  // By the means as they are before the merge below.
  co_moment_ += other.co_moment_ + delta_x * delta_y * (n1 * n2 / (n1 + n2));
  x_.Merge(other.x_);
  y_.Merge(other.y_);
}

double BivariateMoments::covariance() const {
  return count() < 2 ? kUndefined : co_moment_ / static_cast<double>(count() - 1);
}

}  // namespace flywheel::statistics
