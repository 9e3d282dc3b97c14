// Streaming mean, variance and covariance (Welford), which merge (Chan).
#ifndef FLYWHEEL_STATISTICS_MOMENTS_H_
#define FLYWHEEL_STATISTICS_MOMENTS_H_

#include <cstdint>

namespace flywheel::statistics {

// Count, mean and sum of squared deviations (M2) of the values of some units, kept so that they
// can be added one by one, merged, stored as three numbers and restored.
//
// Why not sums and sums of squares: on NIST's NumAcc4 they keep no correct digit of the standard
// deviation where this update keeps eight. Source: Welford 1962 for Add, Chan, Golub and LeVeque
// 1983 for Merge. Merging is independent of order to about 1e-12, relative.
//
// A value type, not thread-safe. A value that is not finite poisons mean and variance for good:
// reject it at the boundary.
//
//   Moments moments;
//   for (double latency_ms : latencies) moments.Add(latency_ms);
//   shards_total.Merge(moments);
class Moments {
 public:
  Moments() = default;

  // Restores stored parts. REQUIRES: count >= 0, m2 >= 0, and mean == m2 == 0 when count == 0.
  Moments(std::int64_t count, double mean, double m2) : count_(count), mean_(mean), m2_(m2) {}

  // The moments of `trials` values of which `successes` are 1 and the rest 0, exactly.
  // REQUIRES: 0 <= successes <= trials.
  static Moments OfProportion(std::int64_t successes, std::int64_t trials);

  void Add(double value);
  void Merge(const Moments& other);

  std::int64_t count() const { return count_; }
  // 0 when empty.
  double mean() const { return mean_; }
  // The sum of squared deviations from the mean.
  double m2() const { return m2_; }
  // The unbiased variance m2/(n-1); NaN when count() < 2, because one value shows no spread.
  double variance() const;
  // The variance of the mean, variance()/n; NaN when count() < 2.
  double variance_of_mean() const;

 private:
  std::int64_t count_ = 0;
  double mean_ = 0.0;
  double m2_ = 0.0;
};

// Moments of pairs (x, y) with their co-moment, for covariate adjustment (CUPED) and ratio
// metrics. Same properties as Moments; the covariance merges by C += dx*dy*n1*n2/n.
class BivariateMoments {
 public:
  BivariateMoments() = default;

  // Restores stored parts. REQUIRES: x.count() == y.count().
  BivariateMoments(const Moments& x, const Moments& y, double co_moment)
      : x_(x), y_(y), co_moment_(co_moment) {}

  void Add(double x, double y);
  void Merge(const BivariateMoments& other);

  std::int64_t count() const { return x_.count(); }
  const Moments& x() const { return x_; }
  const Moments& y() const { return y_; }
  // The sum of (x - mean x)(y - mean y).
  double co_moment() const { return co_moment_; }
  // co_moment/(n-1); NaN when count() < 2.
  double covariance() const;

 private:
  Moments x_;
  Moments y_;
  double co_moment_ = 0.0;
};

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_MOMENTS_H_
