// Store of what was read of ingest's feed: how far, and which interactions.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_FEED_STORE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_FEED_STORE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// An interaction that was served under an experiment.
struct FedInteraction {
  std::string interaction_id;
  int64_t sequence = 0;      // In ingest's feed.
  std::string session_hash;  // Empty where it belongs to no session.
  int64_t experiment = 0;    // StoredExperiment::ordinal.
  std::string unit_hash;
  size_t arm = 0;
  absl::Time expose_time;      // Of the assignment that served it.
  absl::Time event_time;       // When the answer was there.
  std::string served_version;  // Empty: that of the arm.
};

// Reads and writes the tables `feed_cursor` and `feed_interactions`. Works in the caller's
// transaction.
class FeedStore {
 public:
  explicit FeedStore(sql::Connection& connection) : connection_(connection) {}

  // 0 where nothing was read yet.
  absl::StatusOr<int64_t> Cursor();
  absl::Status SetCursor(int64_t sequence);

  // Adds it, or takes it in the place of the one with its id.
  absl::Status Put(const std::string& project, const FedInteraction& interaction);
  absl::StatusOr<std::optional<FedInteraction>> Find(const std::string& project,
                                                     const std::string& interaction_id);
  absl::StatusOr<std::optional<FedInteraction>> FindBySequence(const std::string& project,
                                                               int64_t sequence);
  absl::Status Remove(const std::string& project, const std::string& interaction_id);

  // The last of a session that had happened at `time`, or else its first; nothing where none is
  // known.
  absl::StatusOr<std::optional<FedInteraction>> LastOfSession(const std::string& project,
                                                              const std::string& session_hash,
                                                              absl::Time time);
  // The times of the signals about its session that count for an interaction: LastOfSession names
  // it for those from `from` on and before `until`.
  struct Span {
    absl::Time from;
    absl::Time until;
  };
  absl::StatusOr<Span> SpanInSession(const std::string& project, const FedInteraction& interaction);
  // Whether any of a unit is known.
  absl::StatusOr<bool> HasUnit(int64_t experiment, const std::string& unit_hash);

  // Removes up to `limit` of an experiment; returns how many there were.
  absl::StatusOr<int64_t> RemoveSome(int64_t experiment, int64_t limit);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_FEED_STORE_H_
