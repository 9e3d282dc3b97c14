// Store of the signals that outcomes follow from, the table feed_signals.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_FEED_SIGNAL_STORE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_FEED_SIGNAL_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/domain/feed_record.h"
#include "experiment_service/store/feed_store.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// The newest revision of a signal.
struct FedSignal {
  // Without session_id, which is kept as its hash. Its interaction_id is the one that it counts
  // for; empty where none of the session is known yet.
  FeedSignal signal;
  int64_t sequence = 0;      // In ingest's feed.
  std::string session_hash;  // Empty: it is about an interaction.
  int64_t experiment = 0;    // That of the interaction; 0 while it waits for it.
  absl::Time receive_time;
};

// Reads and writes the table `feed_signals`. Works in the caller's transaction.
class FeedSignalStore {
 public:
  explicit FeedSignalStore(sql::Connection& connection) : connection_(connection) {}

  // Adds it, or takes it in the place of the one with its id.
  absl::Status Put(const std::string& project, const FedSignal& signal);
  absl::StatusOr<std::optional<FedSignal>> Find(const std::string& project,
                                                const std::string& signal_id);
  absl::StatusOr<std::optional<FedSignal>> FindBySequence(const std::string& project,
                                                          int64_t sequence);
  absl::Status Remove(const std::string& project, const std::string& signal_id);

  // The newest of an interaction and of a session, the newest first.
  absl::StatusOr<std::vector<FedSignal>> ForInteraction(const std::string& project,
                                                        const std::string& interaction_id,
                                                        int64_t limit);
  absl::StatusOr<std::vector<FedSignal>> OfSession(const std::string& project,
                                                   const std::string& session_hash, int64_t limit);

  // Has those of the newest `limit` of a session that are from `from` or later, and from before
  // `until`, count for this interaction of it; returns, sorted, what they counted for before.
  absl::StatusOr<std::vector<std::string>> Redirect(const std::string& project,
                                                    const FedInteraction& interaction,
                                                    absl::Time from, absl::Time until,
                                                    int64_t limit);

  // Whether one of an experiment, or one that waits (0), came at `before` or earlier; and removes
  // up to `limit` of them, and returns how many there were.
  absl::StatusOr<bool> HasAny(int64_t experiment, absl::Time before);
  absl::StatusOr<int64_t> RemoveSome(int64_t experiment, absl::Time before, int64_t limit);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_FEED_SIGNAL_STORE_H_
