#include "shared/ids/uuid.h"

#include <fmt/format.h>

#include <cstdint>
#include <random>

namespace flywheel {

std::string NewUuidV7(absl::Time now) {
  thread_local std::mt19937_64 generator{std::random_device{}()};
  const uint64_t millis = static_cast<uint64_t>(absl::ToUnixMillis(now));
  const uint64_t a = generator();
  const uint64_t b = generator();
  return fmt::format("{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}", (millis >> 16) & 0xffffffff,
                     millis & 0xffff, a & 0xfff, 0x8000 | ((a >> 12) & 0x3fff), b & 0xffffffffffff);
}

}  // namespace flywheel
