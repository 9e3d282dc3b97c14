// Doubles as bytes: 8 each, the most significant one first.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_DOUBLE_BYTES_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_DOUBLE_BYTES_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace flywheel::experiment {

inline constexpr size_t kBytesOfDouble = 8;

inline void AppendDouble(double number, std::string& bytes) {
  const auto bits = std::bit_cast<uint64_t>(number);
  for (size_t i = kBytesOfDouble; i-- > 0;) bytes.push_back(static_cast<char>(bits >> (8 * i)));
}

// REQUIRES: at least so many bytes.
inline double TakeDouble(std::string_view& bytes) {
  uint64_t bits = 0;
  for (size_t i = 0; i < kBytesOfDouble; ++i) bits = bits << 8 | static_cast<uint8_t>(bytes[i]);
  bytes.remove_prefix(kBytesOfDouble);
  return std::bit_cast<double>(bits);
}

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_DOUBLE_BYTES_H_
