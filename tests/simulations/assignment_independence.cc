#include "tests/simulations/assignment_independence.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "assign/core/assignment.h"

namespace flywheel::simulations {
namespace {

constexpr size_t kExperiments = 100;
constexpr size_t kWordBits = 64;
constexpr size_t kUnits = 1'600 * kWordBits;

// A bit a unit: whether it is in the second of two equal arms.
std::vector<uint64_t> Deal(uint64_t seed) {
  const assign::Assignment assignment(seed, {1, 1}, /*control=*/0, /*coverage=*/1);
  std::vector<uint64_t> arms(kUnits / kWordBits);
  for (size_t unit = 0; unit < kUnits; ++unit) {
    const uint64_t arm = assignment.ArmOf(fmt::format("user-{}", unit));
    arms[unit / kWordBits] |= arm << (unit % kWordBits);
  }
  return arms;
}

// The largest |phi| of any two, times the root of the number of units.
double LargestCorrelation(const std::vector<uint64_t>& seeds) {
  std::vector<std::vector<uint64_t>> dealt;
  for (const uint64_t seed : seeds) dealt.push_back(Deal(seed));
  double largest = 0;
  for (size_t a = 0; a < dealt.size(); ++a) {
    for (size_t b = a + 1; b < dealt.size(); ++b) {
      int64_t same = 0;
      for (size_t i = 0; i < dealt[a].size(); ++i) {
        same += std::popcount(~(dealt[a][i] ^ dealt[b][i]));
      }
      const double phi = 2 * static_cast<double>(same) / double{kUnits} - 1;
      largest = std::max(largest, std::fabs(phi) * std::sqrt(double{kUnits}));
    }
  }
  return largest;
}

}  // namespace

std::vector<Property> MeasureAssignmentIndependence() {
  std::mt19937_64 random(20'261'130);
  std::vector<uint64_t> salted, unsalted, seeds_in_a_row;
  for (size_t i = 0; i < kExperiments; ++i) {
    std::string salt(16, '\0');
    for (char& byte : salt) byte = static_cast<char>(random());
    const std::string id = fmt::format("exp{}", i);
    salted.push_back(assign::SeedOf("project", id, salt));
    unsalted.push_back(assign::SeedOf("project", id, ""));
    seeds_in_a_row.push_back(i);
  }
  constexpr double kLimit = 5;
  return {
      ExactlyAtMost("assignment: largest phi sqrt(n) of 4,950 pairs, with salts",
                    LargestCorrelation(salted), kLimit),
      ExactlyAtMost("assignment: the same by names alone", LargestCorrelation(unsalted), kLimit),
      ExactlyAtMost("assignment: the same of the seeds 0 to 99", LargestCorrelation(seeds_in_a_row),
                    kLimit)};
}

}  // namespace flywheel::simulations
