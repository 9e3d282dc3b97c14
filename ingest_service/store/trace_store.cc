#include "ingest_service/store/trace_store.h"

#include <algorithm>

#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr absl::Duration kQuotaRetry = absl::Seconds(5);

}  // namespace

int64_t TraceRow::spans() const {
  return waiting_spans + static_cast<int64_t>(known_spans.size() / kKnownSpanBytes);
}

absl::Time TraceRow::DueTime(const TraceLimits& limits, absl::Time now) const {
  if (waiting_spans == 0) return absl::UnixEpoch();
  // Full: it becomes an interaction as it is, rather than grow.
  if (waiting_spans >= limits.max_trace_spans || waiting_bytes >= limits.max_trace_bytes) {
    return now;
  }
  // Each span that comes begins the wait for the next anew, but for the latest end.
  const absl::Time latest = first_arrival + limits.max_wait;
  return has_root ? std::min(now + limits.settle, latest) : latest;
}

absl::StatusOr<std::optional<TraceRow>> TraceStore::Find(const TraceKey& key) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT due_time_us, first_arrival_time_us, has_root, last_number, waiting_spans,
             waiting_bytes, parts, known_spans
      FROM otlp_traces WHERE project = ? AND trace_id = ?)sql");
  if (!select.Bind(key.project, key.trace_id).Next()) {
    RETURN_IF_ERROR(select.status());
    return std::nullopt;
  }
  return TraceRow{select.Time(0),  select.Time(1),  select.Bool(2),  select.Int64(3),
                  select.Int64(4), select.Int64(5), select.Int64(6), select.Text(7)};
}

absl::Status TraceStore::Put(const TraceKey& key, const TraceRow& trace) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO otlp_traces (project, trace_id, due_time_us, first_arrival_time_us, has_root,
                                   last_number, waiting_spans, waiting_bytes, parts, known_spans)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (project, trace_id) DO UPDATE SET
            due_time_us = excluded.due_time_us,
            first_arrival_time_us = excluded.first_arrival_time_us,
            has_root = excluded.has_root, last_number = excluded.last_number,
            waiting_spans = excluded.waiting_spans, waiting_bytes = excluded.waiting_bytes,
            parts = excluded.parts, known_spans = excluded.known_spans)sql")
      .Bind(key.project, key.trace_id, trace.due_time, trace.first_arrival, trace.has_root,
            trace.last_number, trace.waiting_spans, trace.waiting_bytes, trace.parts,
            sql::Blob{trace.known_spans})
      .Run();
}

absl::Status TraceStore::Delete(const TraceKey& key) {
  return connection_.Prepare("DELETE FROM otlp_traces WHERE project = ? AND trace_id = ?")
      .Bind(key.project, key.trace_id)
      .Run();
}

absl::Status TraceStore::AddToWaiting(const std::string& project, int64_t spans, int64_t bytes) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO otlp_waiting (project, spans, bytes) VALUES (?, ?, ?)
          ON CONFLICT (project) DO UPDATE SET spans = otlp_waiting.spans + excluded.spans,
                                              bytes = otlp_waiting.bytes + excluded.bytes)sql")
      .Bind(project, spans, bytes)
      .Run();
}

absl::StatusOr<std::vector<TraceKey>> TraceStore::Due(absl::Time now, int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT project, trace_id FROM otlp_traces WHERE due_time_us > 0 AND due_time_us <= ?
      ORDER BY due_time_us LIMIT ?)sql");
  select.Bind(now, limit);
  std::vector<TraceKey> keys;
  while (select.Next()) keys.push_back({select.Text(0), select.Text(1)});
  RETURN_IF_ERROR(select.status());
  return keys;
}

absl::StatusOr<absl::Time> TraceStore::NextDueTime() {
  sql::Statement select = connection_.Prepare(
      "SELECT due_time_us FROM otlp_traces WHERE due_time_us > 0 ORDER BY due_time_us LIMIT 1");
  const absl::Time next = select.Next() ? select.Time(0) : absl::InfiniteFuture();
  RETURN_IF_ERROR(select.status());
  return next;
}

absl::Status TraceStore::CheckQuota(const std::string& project,
                                    const std::vector<WaitingSpan>& spans,
                                    const TraceLimits& limits) {
  sql::Statement select =
      connection_.Prepare("SELECT spans, bytes FROM otlp_waiting WHERE project = ?");
  const bool found = select.Bind(project).Next();
  RETURN_IF_ERROR(select.status());
  // As if all of them were new: which are is only known once they have been looked up.
  int64_t waiting = static_cast<int64_t>(spans.size()) + (found ? select.Int64(0) : 0);
  int64_t bytes = found ? select.Int64(1) : 0;
  for (const WaitingSpan& span : spans) bytes += static_cast<int64_t>(span.payload.size());
  if (waiting > limits.max_project_spans) {
    return errors::QuotaExceeded(project, "spans that wait for their trace",
                                 limits.max_project_spans, kQuotaRetry);
  }
  if (bytes > limits.max_project_bytes) {
    return errors::QuotaExceeded(project, "bytes of spans that wait for their trace",
                                 limits.max_project_bytes, kQuotaRetry);
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> TraceStore::CountWaitingSpans() {
  sql::Statement select = connection_.Prepare("SELECT COALESCE(SUM(spans), 0) FROM otlp_waiting");
  const int64_t count = select.Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return count;
}

}  // namespace flywheel::ingest
