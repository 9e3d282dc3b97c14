#include "assign/core/assignment.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace flywheel::assign {
namespace {

constexpr size_t kWordBytes = 8;
// 2^64 over the golden ratio: keeps a chain of equal words from standing still.
constexpr uint64_t kGolden = 0x9E3779B97F4A7C15;

constexpr uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

// Up to eight bytes as a little-endian number, the same on every machine.
uint64_t Word(std::string_view bytes) {
  uint64_t word = 0;
  if constexpr (std::endian::native == std::endian::little) {
    if (bytes.size() == kWordBytes) {
      std::memcpy(&word, bytes.data(), kWordBytes);
      return word;
    }
  }
  for (size_t i = 0; i < bytes.size(); ++i) {
    word |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return word;
}

}  // namespace

uint64_t HashText(uint64_t seed, std::string_view text) {
  uint64_t hash = Mix((seed + kGolden) ^ text.size());
  for (size_t i = 0; i < text.size(); i += kWordBytes) {
    hash = Mix((hash + kGolden) ^ Word(text.substr(i, kWordBytes)));
  }
  return Mix(hash + kGolden);
}

uint64_t SeedOf(std::string_view project, std::string_view experiment_id, std::string_view salt) {
  const uint64_t by_ids = HashText(HashText(/*seed=*/0, project), experiment_id);
  return salt.empty() ? by_ids : HashText(by_ids, salt);
}

Assignment::Assignment(uint64_t seed, const std::vector<double>& weights, size_t control,
                       double coverage)
    : seed_(seed), coverage_(coverage), control_(control) {
  // By the largest first, so that no sum of finite weights overflows.
  double largest = 0;
  for (const double weight : weights) largest = std::max(largest, weight);
  double total = 0;
  for (const double weight : weights) total += weight / largest;
  double end = 0;
  for (const double weight : weights) {
    shares_.push_back(weight / largest / total);
    end += shares_.back();
    upper_ends_.push_back(end);
  }
}

Place Assignment::PlaceAt(uint64_t hash) const {
  const double position = PositionAt(hash);
  const size_t arm = ArmAt(position);
  if (coverage_ >= 1) return {arm, /*covered=*/true};
  const double covered = coverage_ * shares_[arm];
  if (arm == control_) return {arm, position >= upper_ends_[arm] - covered};
  return {arm, position < (arm == 0 ? 0 : upper_ends_[arm - 1]) + covered};
}

size_t Assignment::ArmAt(double position) const {
  size_t arm = 0;
  // The last end may have been rounded below 1: what lies beyond it is the last arm's.
  while (arm + 1 < upper_ends_.size() && position >= upper_ends_[arm]) ++arm;
  return arm;
}

}  // namespace flywheel::assign
