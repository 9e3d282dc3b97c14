// Exposure intake: takes the exposures of clients that assign by themselves.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_EXPOSURE_INTAKE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_EXPOSURE_INTAKE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/assignment_tokens.h"
#include "experiment_service/evidence_cache.h"
#include "experiment_service/evidence_writer.h"
#include "experiment_service/outcome.h"
#include "experiment_service/serving_cache.h"
#include "experiment_service/unit_hasher.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {

// What a client says: this arm served this unit.
struct ReportedExposure {
  std::string experiment_id;
  std::string user_id;
  std::string session_id;
  std::string arm_id;
  absl::Time expose_time;
  // For the plan's segments.
  Attributes attributes;
  // Not OK where the item breaks the contract: it is rejected with this.
  absl::Status malformed;
};

// What became of one; with a token where it is not rejected.
struct ExposureResult {
  OutcomeResult result;
  std::string token;
};

// Stores exposures that clients computed by themselves. Unlike the exposures of Assign, which are
// written in the background, they are on disk before they are answered: the client keeps them until
// then. Believes nobody: the arm and the coverage are computed anew. Thread-safe.
class ExposureIntake {
 public:
  // All pointers outlive this object.
  ExposureIntake(sql::Database* database, const ServingCache* serving, EvidenceCache* evidence,
                 const UnitHasher* units, const Clock* clock)
      : database_(database),
        serving_(serving),
        evidence_(evidence),
        units_(units),
        tokens_(units),
        clock_(clock) {}

  // Stores what is new, in one commit, and answers in the order of the batch. The earliest exposure
  // of a unit counts. An error means that nothing was stored.
  absl::StatusOr<std::vector<ExposureResult>> Record(const std::string& project,
                                                     const std::vector<ReportedExposure>& exposures,
                                                     int64_t size_bytes);

 private:
  // An exposure that the experiment itself would have made.
  struct Checked {
    LiveExperimentPtr live;
    ExposureProof proof;
  };

  absl::StatusOr<Checked> Check(const std::string& project, const ReportedExposure& exposure,
                                absl::Time now) const;
  // Sets the proof's time to the one that counts.
  static absl::StatusOr<OutcomeResult> Store(EvidenceWriter& writer, Checked& checked);

  sql::Database* const database_;
  const ServingCache* const serving_;
  EvidenceCache* const evidence_;
  const UnitHasher* const units_;
  const AssignmentTokens tokens_;
  const Clock* const clock_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_EXPOSURE_INTAKE_H_
