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

PairedCounts Scaled(const PairedCounts& counts, double cases) {
  const double factor = cases / counts.cases;
  return {cases, counts.only_baseline * factor, counts.only_candidate * factor};
}

// The fewest cases at which the lower bound exceeds -margin; kMostCases where none do.
double CasesToBeNotWorse(const PairedCounts& counts, double margin, double alpha) {
  const auto enough = [&](double cases) {
    return PairedLowerBound(Scaled(counts, cases), alpha) > -margin;
  };
  if (counts.difference() <= -margin) return kMostCases;
  // Doubles the sample until it is enough, then halves the gap.
  double high = counts.cases;
  while (high < kMostCases && !enough(high)) high *= 2.0;
  if (high >= kMostCases) return kMostCases;
  double low = high / 2.0;
  while (high - low > 0.5) {
    const double middle = (low + high) / 2.0;
    (enough(middle) ? high : low) = middle;
  }
  return high;
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

int64_t PairedCasesToDecide(const PairedCounts& counts, double margin, double alpha) {
  double needed = CasesToBeNotWorse(counts, margin, alpha);
  // Or, where cases were lost, until McNemar's test finds that significant.
  const double lost = counts.only_baseline - counts.only_candidate;
  if (lost > 0.0) {
    const double z = statistics::NormalQuantile(alpha);
    const double discordant = counts.only_baseline + counts.only_candidate;
    needed = std::min(needed, counts.cases * z * z * discordant / (lost * lost));
  }
  if (needed >= kMostCases) return 0;
  return static_cast<int64_t>(std::ceil(std::max(needed, counts.cases + 1.0)));
}

}  // namespace flywheel::evalgate
