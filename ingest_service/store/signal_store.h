// The SQL of signals.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_SIGNAL_STORE_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_SIGNAL_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/domain/record.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// The signals that count for an interaction.
struct CurrentSignals {
  // Of the newest revision of each signal, in commit order.
  std::vector<std::string> payloads;
  // There are older ones.
  bool truncated = false;
};

// One page of the signals of a session.
struct SignalPage {
  std::vector<StoredSignal> signals;
  // The sequence to go on after; 0 on the last page.
  int64_t next_after = 0;
};

// The SQL of signals. In the caller's transaction.
class SignalStore {
 public:
  explicit SignalStore(sql::Connection& connection) : connection_(connection) {}

  // As InteractionStore::Insert; the id is signal_id and revision together.
  absl::StatusOr<ItemResult> Insert(const std::string& project, const SignalRecord& record,
                                    int64_t sequence, absl::Time commit_time);

  absl::StatusOr<bool> HasRevision(const std::string& project, const std::string& signal_id,
                                   int64_t revision);

  // The newest 1,000, fewer where they hold more than about 1 MiB.
  absl::StatusOr<CurrentSignals> ReadCurrent(const std::string& project,
                                             const std::string& interaction_id);

  // Calls `on_signal` with the newest revision of each signal of a session and of its interactions:
  // the newest 10,000, the newest first. One payload is in memory at a time. An error of
  // `on_signal` ends it.
  absl::Status ForEachOfSession(const std::string& project, const std::string& session_id,
                                absl::FunctionRef<absl::Status(const StoredSignal&)> on_signal);

  // The same signals with a sequence above `after`, rising: up to `limit`, fewer where they hold
  // more than about 1 MiB.
  absl::StatusOr<SignalPage> ReadOfSession(const std::string& project,
                                           const std::string& session_id, int64_t after,
                                           int64_t limit);

  // Of one revision; nothing where it left.
  absl::StatusOr<std::optional<std::string>> FindPayload(int64_t sequence);

  // Up to `limit` that were stored before kinds were; fewer where they hold more than about 1 MiB,
  // and none only where there is none.
  absl::StatusOr<std::vector<StoredSignal>> WithoutKind(int64_t limit);
  absl::Status SetColumns(int64_t sequence, SignalKind kind, const std::string& actor_pseudonym);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_SIGNAL_STORE_H_
