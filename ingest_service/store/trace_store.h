// The SQL of traces that are not complete yet, and of how much waits of each project.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_TRACE_STORE_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_TRACE_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/domain/waiting_span.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// The bytes of a span in `TraceRow::known_spans`: its identity, then its content.
inline constexpr size_t kIdentityBytes = 8;
inline constexpr size_t kKnownSpanBytes = 16;

// What is known of a trace: what waits of it, and what became of the rest.
struct TraceRow {
  // When what waits is complete; the epoch where nothing waits.
  absl::Time due_time = absl::UnixEpoch();
  // Of what waits.
  absl::Time first_arrival = absl::UnixEpoch();
  bool has_root = false;
  // Spans are numbered in the order of their arrival.
  int64_t last_number = 0;
  int64_t waiting_spans = 0;
  int64_t waiting_bytes = 0;
  // How many interactions it became.
  int64_t parts = 0;
  // The spans of these, kKnownSpanBytes each.
  std::string known_spans;

  // Those that wait and those that are known.
  int64_t spans() const;
  // When it is complete if nothing more comes after `now`.
  absl::Time DueTime(const TraceLimits& limits, absl::Time now) const;
};

// The SQL of traces, and of how much of each project waits. In the caller's transaction.
class TraceStore {
 public:
  explicit TraceStore(sql::Connection& connection) : connection_(connection) {}

  absl::StatusOr<std::optional<TraceRow>> Find(const TraceKey& key);
  absl::Status Put(const TraceKey& key, const TraceRow& trace);
  absl::Status Delete(const TraceKey& key);

  // Up to `limit` traces that are complete at `now`, the longest waiting first.
  absl::StatusOr<std::vector<TraceKey>> Due(absl::Time now, int64_t limit);

  // When the next trace will be due; InfiniteFuture where none waits.
  absl::StatusOr<absl::Time> NextDueTime();

  // Counts what begins to wait; negative for what waits no longer.
  absl::Status AddToWaiting(const std::string& project, int64_t spans, int64_t bytes);

  // QUOTA_EXCEEDED where too much of the project would wait with `spans`.
  absl::Status CheckQuota(const std::string& project, const std::vector<WaitingSpan>& spans,
                          const TraceLimits& limits);

  // Of all projects.
  absl::StatusOr<int64_t> CountWaitingSpans();

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_TRACE_STORE_H_
