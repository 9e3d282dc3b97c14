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
  std::string payload;
};

// Which interactions a list shows; an empty field does not filter.
struct InteractionFilter {
  std::string agent;
  std::string session_id;
  std::string model_version;
};

// One page of a list.
struct InteractionPage {
  std::vector<StoredInteraction> interactions;
  // The sequence to go on after; 0 on the last page.
  int64_t next_after = 0;
};

// All functions work inside the transaction of `connection`, if one is open.

// Stores a record under `sequence`, unless its id is known: then the verdict says whether the
// content is the same, and `sequence` stays free.
absl::StatusOr<ItemVerdict> InsertInteraction(sql::Connection& connection,
                                              const std::string& project,
                                              const InteractionRecord& record, int64_t sequence,
                                              absl::Time commit_time);

// NOT_FOUND where the project has none of this id.
absl::StatusOr<StoredInteraction> FindInteraction(sql::Connection& connection,
                                                  const std::string& project,
                                                  const std::string& interaction_id);

// Up to `limit` with a sequence above `after`, rising; fewer where they hold more than about 1 MiB,
// or where 20,000 rows were looked at.
absl::StatusOr<InteractionPage> ListInteractions(sql::Connection& connection,
                                                 const std::string& project,
                                                 const InteractionFilter& filter, int64_t after,
                                                 int64_t limit);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_INTERACTION_STORE_H_
