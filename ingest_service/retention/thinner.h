// Outcome-aware sampling: thins out old records that went well and nobody spoke of.
#ifndef FLYWHEEL_INGEST_SERVICE_RETENTION_THINNER_H_
#define FLYWHEEL_INGEST_SERVICE_RETENTION_THINNER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "flywheel/ingest/v1/interaction.pb.h"
#include "ingest_service/payloads/archive.h"
#include "ingest_service/payloads/paced_writer.h"
#include "ingest_service/payloads/payload_reader.h"
#include "ingest_service/store/retention_store.h"
#include "shared/privacy/pseudonymiser.h"
#include "shared/sql/database.h"

namespace flywheel::ingest {

// Whether a tool call failed or an attribute says so: `error`, `error.type` or `exception.type`
// that is neither empty nor "false", or `status` or `otel.status_code` that is "error" in whatever
// case.
bool ShowsFailure(const v1::Interaction& interaction);

// A number from 0 to below 1 that depends on the record alone: the same at every attempt. `stage`,
// the probability with which the record has been kept so far, makes a later draw independent of the
// earlier ones.
double SamplingNumber(const Pseudonymiser& key, const std::string& project,
                      const std::string& interaction_id, double stage);

// Samples by outcome: every failure, every interaction with a signal about it or its session and
// every held person's stays as it is; of the others the share `share` stays, and carries it as its
// inclusion probability. So the sum over what stayed, each weighted by the inverse of its
// probability, is in the mean the sum over everything. Not thread-safe.
class Thinner {
 public:
  // All pointers outlive this object.
  Thinner(sql::Database* database, PacedWriter* writer, PayloadReader* payloads, Archive* archive,
          const Pseudonymiser* key)
      : database_(database), writer_(writer), payloads_(payloads), archive_(archive), key_(*key) {}

  // Thins a page. Returns how many records left.
  absl::StatusOr<int64_t> Thin(const std::string& project, std::vector<AgedInteraction>& page,
                               double share);

 private:
  // Whether chance decides on the record; its payload may be decoded for it.
  absl::StatusOr<bool> IsOrdinary(const std::string& project, AgedInteraction& row);

  sql::Database* const database_;
  PacedWriter* const writer_;
  PayloadReader* const payloads_;
  Archive* const archive_;
  const Pseudonymiser& key_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RETENTION_THINNER_H_
