// Unit hasher: keyed pseudonymisation of unit ids.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_UNIT_HASHER_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_UNIT_HASHER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "shared/privacy/pseudonymiser.h"

namespace flywheel::experiment {

// Hashes users and sessions under a key, because whoever has only the store must not find out who
// was in an experiment by hashing all likely ids. The arm of a unit does not depend on it. Without
// the key's file known units would count as new ones. Immutable, so thread-safe.
class UnitHasher {
 public:
  // Reads the key; makes the file (mode 0600) where it does not exist. INVALID_CONFIGURATION where
  // it cannot be read or made, or is too short.
  static absl::StatusOr<UnitHasher> FromFile(const std::string& path);

  // 16 bytes: the same for the same unit in a project, different in another.
  std::string Hash(std::string_view project, std::string_view unit_id) const;

  // HMAC-SHA-256 of content that begins with a byte below 0x20 under one of the keys, 32 bytes. No
  // hash of a unit is one, because no project's name begins so.
  std::string Mac(std::string_view content, size_t generation) const {
    return pseudonymiser_.ContentMac(content, generation);
  }
  // Of the keys; 0 is the newest.
  size_t generations() const { return pseudonymiser_.generations(); }

 private:
  explicit UnitHasher(Pseudonymiser pseudonymiser) : pseudonymiser_(std::move(pseudonymiser)) {}

  Pseudonymiser pseudonymiser_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_UNIT_HASHER_H_
