#include "eval_gate_service/domain/paired_bound.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "statistics/distributions.h"

namespace flywheel::evalgate {
namespace {

constexpr double kMostCases = 1'099'511'627'776.0;  // 2^40
constexpr int kBisections = 60;                     // Beyond the precision of a double.

// How many standard errors the observed difference lies above `difference`.
double Score(const PairedCounts& counts, double difference) {
  const double n = counts.cases;
  const double b = counts.only_baseline;
  const double c = counts.only_candidate;
  const double linear = (2.0 * n - c + b) * difference - b - c;
  const double constant = -b * difference * (1.0 - difference);
  const double root = std::sqrt(std::max(0.0, linear * linear - 8.0 * n * constant));
  const double q = (root - linear) / (4.0 * n);
  const double variance = n * (2.0 * q + difference * (1.0 - difference));
  const double distance = c - b - n * difference;
  if (!(variance > 0.0)) {
    return distance > 0.0 ? std::numeric_limits<double>::infinity() : 0.0;
  }
  return distance / std::sqrt(variance);
}

}  // namespace

double PairedLowerBound(const PairedCounts& counts, double alpha) {
  const double z = -statistics::NormalQuantile(alpha);
  // The score falls as the difference grows, so the bound is found by bisection.
  double low = -1.0;
  double high = counts.difference();
  for (int i = 0; i < kBisections && low < high; ++i) {
    const double middle = (low + high) / 2.0;
    (Score(counts, middle) > z ? low : high) = middle;
  }
  return low;
}

double PairedUpperBound(const PairedCounts& counts, double alpha) {
  return -PairedLowerBound({counts.cases, counts.only_candidate, counts.only_baseline}, alpha);
}

int64_t PairedCasesToDecide(const PairedCounts& counts, double margin, double alpha, double power) {
  const double z = -statistics::NormalQuantile(alpha);
  const double both = z + statistics::NormalQuantile(power);
  const double difference = counts.difference();
  const double differing = (counts.only_baseline + counts.only_candidate) / counts.cases;
  const double spread = both * both * (differing - difference * difference);
  double needed = kMostCases;
  if (const double reach = difference + margin; reach > 0.0) {
    // As many equal answers have a lower bound of -reach: see PairedLowerBound.
    const double least = z * z * (1.0 / reach - 1.0);
    needed = std::max(least, spread / (reach * reach));
  }
  if (difference < 0.0) needed = std::min(needed, spread / (difference * difference));
  if (!(needed < kMostCases)) return 0;
  return static_cast<int64_t>(std::ceil(std::max(needed, counts.cases + 1.0)));
}

}  // namespace flywheel::evalgate
