#include "experiment_service/domain/assignment.h"

#include <algorithm>

namespace flywheel::experiment {
namespace {

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
  for (size_t i = 0; i < bytes.size(); ++i) {
    word |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return word;
}

}  // namespace

uint64_t HashText(uint64_t seed, std::string_view text) {
  uint64_t hash = Mix((seed + kGolden) ^ text.size());
  for (size_t i = 0; i < text.size(); i += 8) {
    hash = Mix((hash + kGolden) ^ Word(text.substr(i, 8)));
  }
  return Mix(hash + kGolden);
}

Assignment::Assignment(std::string_view project, const Experiment& experiment)
    : seed_(HashText(HashText(/*seed=*/0, project), experiment.experiment_id)),
      coverage_(experiment.coverage()) {
  // By the largest first, so that no sum of finite weights overflows.
  double largest = 0;
  for (const Arm& arm : experiment.arms) largest = std::max(largest, arm.weight);
  double total = 0;
  for (const Arm& arm : experiment.arms) total += arm.weight / largest;
  double end = 0;
  for (const Arm& arm : experiment.arms) {
    if (arm.control) control_ = shares_.size();
    shares_.push_back(arm.weight / largest / total);
    end += shares_.back();
    upper_ends_.push_back(end);
  }
}

double Assignment::PositionOf(std::string_view unit_id) const {
  return static_cast<double>(HashText(seed_, unit_id) >> 11) * 0x1.0p-53;
}

size_t Assignment::ArmOf(std::string_view unit_id) const { return ArmAt(PositionOf(unit_id)); }

bool Assignment::Covers(std::string_view unit_id) const {
  if (coverage_ >= 1) return true;
  const double position = PositionOf(unit_id);
  const size_t arm = ArmAt(position);
  const double covered = coverage_ * shares_[arm];
  if (arm == control_) return position >= upper_ends_[arm] - covered;
  return position < (arm == 0 ? 0 : upper_ends_[arm - 1]) + covered;
}

size_t Assignment::ArmAt(double position) const {
  size_t arm = 0;
  // The last end may have been rounded below 1: what lies beyond it is the last arm's.
  while (arm + 1 < upper_ends_.size() && position >= upper_ends_[arm]) ++arm;
  return arm;
}

}  // namespace flywheel::experiment
