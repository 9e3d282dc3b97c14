// Point reads, lists and statistics of interactions, with what was said about them.
#ifndef FLYWHEEL_INGEST_SERVICE_RECORD_INTERACTION_READER_H_
#define FLYWHEEL_INGEST_SERVICE_RECORD_INTERACTION_READER_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "ingest_service/payloads/payload_reader.h"
#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/interaction_list.h"
#include "ingest_service/store/interaction_store.h"
#include "ingest_service/store/signal_store.h"
#include "shared/sql/database.h"

namespace flywheel::ingest {

// An interaction with the payloads of the signals that count for it.
struct InteractionWithSignals {
  StoredInteraction interaction;
  CurrentSignals signals;
};

// Reads beside the writer. Thread-safe.
class InteractionReader {
 public:
  // Both outlive this object.
  InteractionReader(sql::Database* database, PayloadReader* payloads)
      : database_(database), payloads_(payloads) {}

  // NOT_FOUND where the project has none of this id.
  absl::StatusOr<InteractionWithSignals> Get(const std::string& project,
                                             const std::string& interaction_id);

  // Up to `limit` in the order of the filter, as InteractionList::Read.
  absl::StatusOr<InteractionPage> List(const std::string& project, const InteractionFilter& filter,
                                       int64_t after, int64_t limit);

  // Calls `on_signal` with each signal that counts for the session, as
  // SignalStore::ForEachOfSession, and returns how many interactions it has. NOT_FOUND where the
  // project knows nothing of the session.
  absl::StatusOr<int64_t> ReadSession(
      const std::string& project, const std::string& session_id,
      absl::FunctionRef<absl::Status(const StoredSignal&)> on_signal);

  // The same signals page by page, as SignalStore::ReadOfSession. An unknown session has none.
  absl::StatusOr<SignalPage> ListSessionSignals(const std::string& project,
                                                const std::string& session_id, int64_t after,
                                                int64_t limit);

  absl::StatusOr<StoreStats> Stats(const std::string& project,
                                   const std::string& group_by_attribute);

 private:
  sql::Database* const database_;
  PayloadReader* const payloads_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RECORD_INTERACTION_READER_H_
