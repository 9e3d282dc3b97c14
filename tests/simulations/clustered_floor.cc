#include "tests/simulations/clustered_floor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <random>
#include <span>
#include <string>

#include "statistics/clustered_rate.h"
#include "statistics/distributions.h"

namespace flywheel::simulations {
namespace {

using statistics::ClusterSum;

constexpr double kAlpha = 0.05;
// What an approximate bound keeps of it.
constexpr double kApproximately = 0.06;

struct Kind {
  int groups = 0;
  int cases_per_group = 0;
  double correlation = 0;
  double floor = 0;
};

std::vector<Kind> Kinds() {
  std::vector<Kind> kinds;
  for (const int groups : {20, 50, 100, 400}) {
    for (const int cases : {2, 4, 8}) {
      for (const double correlation : {0.05, 0.2, 0.5, 0.8}) {
        for (const double floor : {0.8, 0.9, 0.92, 0.95, 0.99}) {
          kinds.push_back({groups, cases, correlation, floor});
        }
      }
    }
  }
  return kinds;
}

// The cases of a group pass with a chance that is beta distributed around the floor.
std::vector<ClusterSum> Draw(const Kind& kind, std::mt19937_64& random) {
  const double sum = 1.0 / kind.correlation - 1.0;
  std::gamma_distribution<double> passing(kind.floor * sum);
  std::gamma_distribution<double> failing((1.0 - kind.floor) * sum);
  std::vector<ClusterSum> clusters;
  clusters.reserve(static_cast<size_t>(kind.groups));
  for (int i = 0; i < kind.groups; ++i) {
    const double passes = passing(random);
    const double fails = failing(random);
    const double chance = passes + fails > 0 ? passes / (passes + fails) : 1.0;
    const int passed = std::binomial_distribution<int>(kind.cases_per_group, chance)(random);
    clusters.push_back({static_cast<double>(kind.cases_per_group), static_cast<double>(passed),
                        static_cast<double>(passed)});
  }
  return clusters;
}

bool IsAtFloor(std::span<const ClusterSum> clusters, double floor) {
  return statistics::EstimateClusteredRate(clusters, {floor, kAlpha, 1})->p_value_above <= kAlpha;
}

// Korn and Graubard 1998 as it is published: for groups of one size.
bool IsAtFloorByKornAndGraubard(std::span<const ClusterSum> clusters, double floor) {
  const auto groups = static_cast<double>(clusters.size());
  const double size = clusters.front().items;
  const double items = groups * size;
  double passed = 0;
  for (const ClusterSum& one : clusters) passed += one.sum;
  const double rate = passed / items;
  double squares = 0;
  for (const ClusterSum& one : clusters) {
    squares += (one.sum - size * rate) * (one.sum - size * rate);
  }
  const double clustered = groups / (groups - 1.0) * squares / items;
  const double independent = rate * (1.0 - rate);
  const double effect = independent > 0 && clustered > 0 ? clustered / independent : 1.0;
  const double ratio =
      statistics::NormalQuantile(kAlpha) / statistics::StudentTQuantile(kAlpha, groups - 1.0);
  const double worth = std::min(items / effect * ratio * ratio, items);
  return passed > 0 &&
         statistics::BetaCdf(floor, worth * rate, worth * (1.0 - rate) + 1.0) <= kAlpha;
}

using Bound = bool (*)(std::span<const ClusterSum>, double);

int64_t CountAtFloor(const Kind& kind, Bound bound, int64_t releases, uint64_t seed) {
  std::mt19937_64 random(seed);
  int64_t count = 0;
  for (int64_t i = 0; i < releases; ++i) count += bound(Draw(kind, random), kind.floor) ? 1 : 0;
  return count;
}

// Of which the most suites are found to be at their floor.
Kind WorstKind(Bound bound, int64_t releases) {
  constexpr uint64_t kSeed = 20240814;
  Kind worst;
  int64_t most = -1;
  for (const Kind& kind : Kinds()) {
    const int64_t count = CountAtFloor(kind, bound, releases, kSeed);
    if (count <= most) continue;
    most = count;
    worst = kind;
  }
  return worst;
}

struct Measured {
  int64_t count = 0;
  std::string kind;
};

Measured MeasureWorst(Bound bound, int64_t releases) {
  constexpr uint64_t kSeed = 20240815;
  const Kind worst = WorstKind(bound, releases);
  return {CountAtFloor(worst, bound, releases, kSeed),
          fmt::format("{} groups of {}, correlation {}, floor {}", worst.groups,
                      worst.cases_per_group, worst.correlation, worst.floor)};
}

}  // namespace

std::vector<Property> SimulateClusteredFloors(int64_t releases) {
  const Measured ours = MeasureWorst(IsAtFloor, releases);
  const Measured published = MeasureWorst(IsAtFloorByKornAndGraubard, releases);
  return {AtMost(fmt::format("clusters: at the floor, worst of 240 kinds: {}", ours.kind),
                 ours.count, releases, kApproximately),
          AtLeast(fmt::format("clusters: the same by Korn and Graubard: {}", published.kind),
                  published.count, releases, kApproximately)};
}

}  // namespace flywheel::simulations
