// Pseudo-random numbers that are the same everywhere: standard distributions differ by library.
#ifndef FLYWHEEL_EXAMPLES_SUPPORT_AGENT_RANDOM_H_
#define FLYWHEEL_EXAMPLES_SUPPORT_AGENT_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace flywheel::example {

// A stream of chance from a seed.
class Random {
 public:
  explicit Random(uint64_t seed) : generator_(seed) {}

  // Uniform in [0, 1).
  double Uniform() { return static_cast<double>(generator_() >> 11) * 0x1.0p-53; }

  // True with this probability.
  bool Chance(double probability) { return Uniform() < probability; }

  // Uniform in [0, bound).
  size_t Below(size_t bound) { return static_cast<size_t>(Uniform() * static_cast<double>(bound)); }

  template <typename T>
  void Shuffle(std::vector<T>& items) {
    for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[Below(i)]);
  }

 private:
  std::mt19937_64 generator_;
};

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_SUPPORT_AGENT_RANDOM_H_
