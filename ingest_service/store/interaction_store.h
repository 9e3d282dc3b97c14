// The SQL of interactions.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_INTERACTION_STORE_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_INTERACTION_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/domain/record.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// An interaction as it was stored.
struct StoredInteraction {
  int64_t sequence = 0;
  absl::Time commit_time;
  // As `place` says.
  std::string payload;
  PayloadPlace place = {};
  RecordMarks marks = {};
};

// The SQL of interactions and their attributes. In the caller's transaction.
class InteractionStore {
 public:
  explicit InteractionStore(sql::Connection& connection) : connection_(connection) {}

  // Stores a record under `sequence`, unless its id is known: then the result says whether the
  // content is the same, and `sequence` stays free.
  absl::StatusOr<ItemResult> Insert(const std::string& project, const InteractionRecord& record,
                                    int64_t sequence, absl::Time commit_time);

  absl::StatusOr<bool> Has(const std::string& project, const std::string& interaction_id);

  // NOT_FOUND where the project shows none of this id.
  absl::StatusOr<StoredInteraction> Find(const std::string& project,
                                         const std::string& interaction_id);

  // How many interactions a session shows.
  absl::StatusOr<int64_t> CountOfSession(const std::string& project, const std::string& session_id);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_INTERACTION_STORE_H_
