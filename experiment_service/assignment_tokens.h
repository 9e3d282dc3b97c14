// Assignment tokens: what Assign gives a caller as proof of an exposure.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_ASSIGNMENT_TOKENS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_ASSIGNMENT_TOKENS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "experiment_service/domain/segments.h"
#include "experiment_service/unit_hasher.h"

namespace flywheel::experiment {

// That a unit was exposed, to what and when.
struct ExposureProof {
  uint64_t experiment = 0;  // LiveExperiment::token_key.
  std::string unit_hash;
  size_t arm = 0;
  absl::Time expose_time;  // In whole microseconds.
  // Of the unit, by what Assign was told; those beyond the plan's segments are 0.
  SegmentValues segments = {};
};

// Seals proofs under the units' key, so that an outcome can prove an exposure that was never
// written because the process was killed, and nobody can invent one. Immutable, so thread-safe.
class AssignmentTokens {
 public:
  // Outlives this object.
  explicit AssignmentTokens(const UnitHasher* units) : units_(units) {}

  // 68 of A-Z a-z 0-9 - _. Says nothing about the unit but its hash and its values' numbers.
  std::string Seal(std::string_view project, const ExposureProof& proof) const;

  // Nothing where Seal did not give it for this project, under a key that is still in the file.
  // Tokens of before there were segments are opened too.
  std::optional<ExposureProof> Open(std::string_view project, std::string_view token) const;

 private:
  std::string Mac(std::string_view project, std::string_view content, size_t generation) const;

  const UnitHasher* const units_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_ASSIGNMENT_TOKENS_H_
