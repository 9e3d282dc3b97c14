// Assigner: which model version serves a user or a session, from memory alone.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_ASSIGNER_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_ASSIGNER_H_

#include <string>

#include "absl/status/statusor.h"
#include "experiment_service/exposure_recorder.h"
#include "experiment_service/serving_cache.h"
#include "experiment_service/unit_hasher.h"

namespace flywheel::experiment {

// The version to serve, and what decided it.
struct AssignedVersion {
  std::string model_version;
  // Both empty where the active version serves.
  std::string experiment_id;
  std::string arm_id;
};

// Deals users or sessions to versions, from memory alone. Thread-safe.
class Assigner {
 public:
  // Both pointers outlive this object.
  Assigner(const ServingCache* serving, ExposureRecorder* exposures, const UnitHasher* units)
      : serving_(serving), exposures_(exposures), units_(units) {}

  // The same arm for the same unit as long as an experiment runs, else the active version.
  // NOT_FOUND for an agent with neither.
  absl::StatusOr<AssignedVersion> Assign(const std::string& project, const std::string& agent,
                                         const std::string& unit_id);

 private:
  const ServingCache* const serving_;
  ExposureRecorder* const exposures_;
  const UnitHasher* const units_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_ASSIGNER_H_
