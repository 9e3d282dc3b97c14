// Values of dataset builds: the state of a version, how far its build is, and why it failed.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_DATASET_BUILD_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_DATASET_BUILD_H_

#include <cstdint>
#include <string>

#include "shared/status/reason.h"

namespace flywheel::curation {

// The numbers of flywheel.curation.v1.DatasetVersionState.
enum class DatasetVersionState { kBuilding = 1, kReady = 2, kFailed = 3, kCancelled = 4 };

// The numbers of flywheel.curation.v1.BuildStage.
enum class BuildStage {
  kWaitingForFeed = 1,
  kWaitingForTurn = 2,
  kReading = 3,
  kCurating = 4,
  kWriting = 5,
};

// How far a build is.
struct BuildProgress {
  BuildStage stage = BuildStage::kWaitingForTurn;
  // From kWriting on.
  int64_t rows = 0;
  int64_t written_rows = 0;
  // In kWaitingForFeed: why the feed could not be followed the last time; empty where it could.
  std::string detail = {};

  friend bool operator==(const BuildProgress&, const BuildProgress&) = default;
};

// Why a build ended without a version.
struct BuildFailure {
  Reason reason = Reason::kUnspecified;
  std::string message;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_DATASET_BUILD_H_
