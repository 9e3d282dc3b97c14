// Noise for segments: counts and means by value that are differentially private.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_NOISY_SEGMENTS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_NOISY_SEGMENTS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/segment_counts.h"
#include "statistics/discrete_laplace.h"

namespace flywheel::experiment {

// An epsilon is a whole number of millionths, so that noise is exact and sums of them are too.
inline constexpr int64_t kMillionthsPerEpsilon = 1'000'000;
// A unit of which another value of a segment is told leaves one cell and enters another: so much do
// the counts of a segment change together.
inline constexpr int64_t kCountSensitivity = 2;
// Of a metric's bound: what a unit adds to a sum is rounded to such a part of it.
inline constexpr int64_t kStepsPerBound = 1024;

// A unit's value counts as 0 below that and as this above it, which is in the plan and does not
// come from the data: 1 under AGGREGATION_ANY, else the cap. Nothing where there is none above 0,
// and of a ratio or a quantile: of such a metric the units are counted, and no mean is told.
std::optional<double> BoundOf(const Metric& metric);

// Whole numbers that an answer about a plan consists of: of every segment, value and arm the
// exposed units, and of every metric the units that count, and, where it has a bound, their sum in
// steps. Exact, and in that order.
std::vector<int64_t> ExactNumbers(const AnalysisPlan& plan, const SegmentCounts& cells);

// What noise of an epsilon does to an answer. Each unit is in one cell of a segment, so the numbers
// of one kind share one part of the epsilon over all cells; the parts of the kinds and segments add
// up.
class NoiseScale {
 public:
  // REQUIRES: the plan has a segment; epsilon_millionths >= 1.
  NoiseScale(const AnalysisPlan& plan, int64_t epsilon_millionths);

  // How many parts there are.
  int64_t parts() const { return parts_; }
  const statistics::DiscreteLaplace& counts() const { return counts_; }
  // Of sums in steps.
  const statistics::DiscreteLaplace& sums() const { return sums_; }

 private:
  int64_t parts_;
  statistics::DiscreteLaplace counts_;
  statistics::DiscreteLaplace sums_;
};

// One metric of the units of one arm with one value, with noise.
struct NoisyMetric {
  int64_t units = 0;           // Never below 0.
  std::optional<double> mean;  // From 0 to the bound; nothing without a bound or a unit.
};

struct NoisyCell {
  int64_t exposed_units = 0;  // Never below 0.
  std::vector<NoisyMetric> metrics;
};

// By segment, value and arm.
using NoisySegments = std::vector<std::vector<std::vector<NoisyCell>>>;

// `exact` are ExactNumbers of the plan with so many arms.
NoisySegments AddNoise(const AnalysisPlan& plan, size_t arms, const NoiseScale& scale,
                       const std::vector<int64_t>& exact, statistics::RandomBits bits);

// Values of which an arm is shown with fewer than `least` units, by segment and value. Of what has
// noise already, so it costs nothing and needs no other value to hide it.
std::vector<std::vector<bool>> FindSmall(const NoisySegments& segments, int64_t least);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_NOISY_SEGMENTS_H_
