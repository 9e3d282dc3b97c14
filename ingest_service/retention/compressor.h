// Compresses old payloads in their rows.
#ifndef FLYWHEEL_INGEST_SERVICE_RETENTION_COMPRESSOR_H_
#define FLYWHEEL_INGEST_SERVICE_RETENTION_COMPRESSOR_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/payloads/paced_writer.h"
#include "ingest_service/payloads/payload_reader.h"
#include "ingest_service/store/retention_store.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::ingest {

// Compresses payloads in their rows, with a dictionary of the project's own. Not thread-safe.
class Compressor {
 public:
  // All pointers outlive this object.
  Compressor(sql::Database* database, PacedWriter* writer, PayloadReader* payloads,
             const Clock* clock)
      : database_(database), writer_(writer), payloads_(payloads), clock_(clock) {}

  // Compresses the rows of a page that are not yet. Returns how many it did: what does not become
  // smaller stays, such as turns that share a long history with others.
  absl::StatusOr<int64_t> Compress(const std::string& project,
                                   const std::vector<AgedInteraction>& page);

 private:
  // What the store gets back of a row whose payload leaves it.
  absl::StatusOr<int64_t> OwnBytes(const AgedInteraction& row);
  // The payload of a row; empty where it has left or is damaged.
  absl::StatusOr<std::optional<std::string>> Decode(const AgedInteraction& row);
  // The project's newest dictionary. Made from `page` and what lies behind it where there is none
  // yet or the newest has grown old, once a page has enough to learn from; null where it has not.
  absl::StatusOr<std::shared_ptr<const ZstdDictionary>> Dictionary(
      const std::string& project, const std::vector<AgedInteraction>& page);
  absl::StatusOr<int64_t> MakeNewDictionary(const std::string& project, int64_t after);

  sql::Database* const database_;
  PacedWriter* const writer_;
  PayloadReader* const payloads_;
  const Clock* const clock_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RETENTION_COMPRESSOR_H_
