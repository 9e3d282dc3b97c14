#include "ingest_service/store/span_store.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr size_t kIdentityBytes = 8;
// Identity and content.
constexpr size_t kKnownBytes = 16;
constexpr absl::Duration kQuotaRetry = absl::Seconds(5);
constexpr std::string_view kInteractionPrefix = "otel-";
constexpr size_t kTraceIdDigits = 32;

// A row of otlp_traces.
struct Trace {
  absl::Time due_time = absl::UnixEpoch();
  absl::Time first_arrival = absl::UnixEpoch();
  bool has_root = false;
  int64_t last_number = 0;
  int64_t waiting_spans = 0;
  int64_t waiting_bytes = 0;
  int64_t parts = 0;
  std::string known_spans;

  int64_t spans() const {
    return waiting_spans + static_cast<int64_t>(known_spans.size() / kKnownBytes);
  }

  absl::Time DueTime(const TraceLimits& limits, absl::Time now) const {
    if (waiting_spans == 0) return absl::UnixEpoch();
    if (waiting_spans >= limits.max_trace_spans || waiting_bytes >= limits.max_trace_bytes) {
      return now;
    }
    const absl::Time latest = first_arrival + limits.max_wait;
    return has_root ? std::min(now + limits.settle, latest) : latest;
  }
};

absl::StatusOr<std::optional<Trace>> FindTrace(sql::Connection& connection, const TraceKey& key) {
  sql::Statement select = connection.Prepare(R"sql(
      SELECT due_time, first_arrival, has_root, last_number, waiting_spans, waiting_bytes, parts,
             known_spans
      FROM otlp_traces WHERE project = ? AND trace_id = ?)sql");
  if (!select.Bind(key.project, key.trace_id).Next()) {
    RETURN_IF_ERROR(select.status());
    return std::nullopt;
  }
  return Trace{select.Time(0),  select.Time(1),  select.Bool(2),  select.Int64(3),
               select.Int64(4), select.Int64(5), select.Int64(6), select.Text(7)};
}

absl::Status PutTrace(sql::Connection& connection, const TraceKey& key, const Trace& trace) {
  return connection
      .Prepare(R"sql(
          INSERT INTO otlp_traces (project, trace_id, due_time, first_arrival, has_root,
                                   last_number, waiting_spans, waiting_bytes, parts, known_spans)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (project, trace_id) DO UPDATE SET
            due_time = excluded.due_time, first_arrival = excluded.first_arrival,
            has_root = excluded.has_root, last_number = excluded.last_number,
            waiting_spans = excluded.waiting_spans, waiting_bytes = excluded.waiting_bytes,
            parts = excluded.parts, known_spans = excluded.known_spans)sql")
      .Bind(key.project, key.trace_id, trace.due_time, trace.first_arrival, trace.has_root,
            trace.last_number, trace.waiting_spans, trace.waiting_bytes, trace.parts,
            sql::Blob{trace.known_spans})
      .Run();
}

absl::Status DeleteTrace(sql::Connection& connection, const TraceKey& key) {
  return connection.Prepare("DELETE FROM otlp_traces WHERE project = ? AND trace_id = ?")
      .Bind(key.project, key.trace_id)
      .Run();
}

absl::Status AddToWaiting(sql::Connection& connection, const std::string& project, int64_t spans,
                          int64_t bytes) {
  return connection
      .Prepare(R"sql(
          INSERT INTO otlp_waiting (project, spans, bytes) VALUES (?, ?, ?)
          ON CONFLICT (project) DO UPDATE SET spans = otlp_waiting.spans + excluded.spans,
                                              bytes = otlp_waiting.bytes + excluded.bytes)sql")
      .Bind(project, spans, bytes)
      .Run();
}

absl::Status CheckQuota(sql::Connection& connection, const std::string& project,
                        const std::vector<WaitingSpan>& spans, const TraceLimits& limits) {
  sql::Statement select =
      connection.Prepare("SELECT spans, bytes FROM otlp_waiting WHERE project = ?");
  const bool found = select.Bind(project).Next();
  RETURN_IF_ERROR(select.status());
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

// The contents that earlier parts of a trace had, by identity. Views into what it was made of.
using KnownContents = absl::flat_hash_map<std::string_view, std::string_view>;

KnownContents IndexKnown(std::string_view known) {
  KnownContents contents;
  contents.reserve(known.size() / kKnownBytes);
  for (size_t place = 0; place + kKnownBytes <= known.size(); place += kKnownBytes) {
    contents.emplace(known.substr(place, kIdentityBytes),
                     known.substr(place + kIdentityBytes, kKnownBytes - kIdentityBytes));
  }
  return contents;
}

// The content that the trace has under this identity, from whichever part; nullopt for none.
absl::StatusOr<std::optional<std::string>> FindContent(sql::Connection& connection,
                                                       const TraceKey& key, const Trace& trace,
                                                       const KnownContents& known,
                                                       const std::string& identity) {
  if (const auto found = known.find(identity); found != known.end()) {
    return std::string(found->second);
  }
  if (trace.waiting_spans == 0) return std::nullopt;
  sql::Statement select = connection.Prepare(
      "SELECT content FROM otlp_spans WHERE project = ? AND trace_id = ? AND identity = ?");
  const bool found = select.Bind(key.project, key.trace_id, sql::Blob{identity}).Next();
  RETURN_IF_ERROR(select.status());
  if (!found) return std::nullopt;
  return select.Text(0);
}

absl::Status InsertSpan(sql::Connection& connection, const TraceKey& key, const WaitingSpan& span,
                        const TraceLimits& limits, absl::Time now, const KnownContents& known,
                        Trace& trace, SpanVerdicts& verdicts) {
  ASSIGN_OR_RETURN(const std::optional<std::string> content,
                   FindContent(connection, key, trace, known, span.identity));
  if (content.has_value()) {
    const auto& older = span.older_contents;
    const bool same =
        *content == span.content || std::find(older.begin(), older.end(), *content) != older.end();
    ++(same ? verdicts.replayed : verdicts.conflicts);
    return absl::OkStatus();
  }
  if (trace.spans() >= limits.max_known_spans) {
    ++verdicts.overlong;
    return absl::OkStatus();
  }
  ++trace.last_number;
  ++trace.waiting_spans;
  trace.waiting_bytes += static_cast<int64_t>(span.payload.size());
  trace.has_root = trace.has_root || span.is_root;
  ++verdicts.stored;
  return connection
      .Prepare(R"sql(
          INSERT INTO otlp_spans (project, trace_id, identity, content, number, arrival_time,
                                  user_pseudonym, payload)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?))sql")
      .Bind(key.project, key.trace_id, sql::Blob{span.identity}, sql::Blob{span.content},
            trace.last_number, now, span.user_pseudonym, sql::Blob{span.payload})
      .Run();
}

// Whose and where the first interaction of the trace was.
absl::Status ReadFirstPart(sql::Connection& connection, WaitingTrace& trace) {
  sql::Statement select = connection.Prepare(R"sql(
      SELECT session_id, user_pseudonym, agent FROM interactions
      WHERE project = ? AND interaction_id = ?)sql");
  select.Bind(trace.key.project, std::string(kInteractionPrefix) + trace.key.trace_id);
  if (select.Next()) {
    trace.session_id = select.Text(0);
    trace.user_pseudonym = select.Text(1);
    trace.agent = select.Text(2);
  }
  return select.status();
}

// Appends identity and content of what is taken out to what is known.
absl::Status AppendKnown(sql::Connection& connection, const TraceKey& key, int64_t last_number,
                         std::string& known_spans) {
  sql::Statement select = connection.Prepare(R"sql(
      SELECT identity, content FROM otlp_spans
      WHERE project = ? AND trace_id = ? AND number <= ? ORDER BY number)sql");
  select.Bind(key.project, key.trace_id, last_number);
  while (select.Next()) known_spans.append(select.View(0)).append(select.View(1));
  return select.status();
}

}  // namespace

absl::StatusOr<InsertedSpans> InsertSpans(sql::Connection& connection, const std::string& project,
                                          const std::vector<WaitingSpan>& spans,
                                          const TraceLimits& limits, absl::Time now) {
  RETURN_IF_ERROR(CheckQuota(connection, project, spans, limits));
  std::map<std::string_view, std::vector<const WaitingSpan*>> by_trace;
  for (const WaitingSpan& span : spans) by_trace[span.trace_id].push_back(&span);
  InsertedSpans inserted;
  int64_t bytes = 0;
  for (const auto& [trace_id, members] : by_trace) {
    const TraceKey key{project, std::string(trace_id)};
    ASSIGN_OR_RETURN(const std::optional<Trace> found, FindTrace(connection, key));
    const Trace before = found.value_or(Trace{});
    Trace trace = before;
    if (trace.waiting_spans == 0) trace.first_arrival = now;
    const KnownContents known = IndexKnown(before.known_spans);
    for (const WaitingSpan* span : members) {
      RETURN_IF_ERROR(
          InsertSpan(connection, key, *span, limits, now, known, trace, inserted.verdicts));
    }
    if (trace.waiting_spans == before.waiting_spans) continue;
    trace.due_time = trace.DueTime(limits, now);
    inserted.due_time = std::min(inserted.due_time, trace.due_time);
    bytes += trace.waiting_bytes - before.waiting_bytes;
    RETURN_IF_ERROR(PutTrace(connection, key, trace));
  }
  if (inserted.verdicts.stored > 0) {
    RETURN_IF_ERROR(AddToWaiting(connection, project, inserted.verdicts.stored, bytes));
  }
  return inserted;
}

absl::StatusOr<std::vector<TraceKey>> DueTraces(sql::Connection& connection, absl::Time now,
                                                int64_t limit) {
  sql::Statement select = connection.Prepare(R"sql(
      SELECT project, trace_id FROM otlp_traces WHERE due_time > 0 AND due_time <= ?
      ORDER BY due_time LIMIT ?)sql");
  select.Bind(now, limit);
  std::vector<TraceKey> keys;
  while (select.Next()) keys.push_back({select.Text(0), select.Text(1)});
  RETURN_IF_ERROR(select.status());
  return keys;
}

absl::StatusOr<absl::Time> NextDueTime(sql::Connection& connection) {
  sql::Statement select = connection.Prepare(
      "SELECT due_time FROM otlp_traces WHERE due_time > 0 ORDER BY due_time LIMIT 1");
  const absl::Time next = select.Next() ? select.Time(0) : absl::InfiniteFuture();
  RETURN_IF_ERROR(select.status());
  return next;
}

absl::StatusOr<std::optional<WaitingTrace>> ReadWaitingTrace(sql::Connection& connection,
                                                             const TraceKey& key,
                                                             const TraceLimits& limits) {
  RETURN_IF_ERROR(connection.Execute("BEGIN"));
  ASSIGN_OR_RETURN(const std::optional<Trace> found, FindTrace(connection, key));
  if (!found || found->waiting_spans == 0) return std::nullopt;
  WaitingTrace trace;
  trace.key = key;
  trace.has_root = found->has_root;
  trace.first_arrival = found->first_arrival;
  trace.parts = found->parts;
  if (trace.parts > 0) RETURN_IF_ERROR(ReadFirstPart(connection, trace));
  sql::Statement select = connection.Prepare(R"sql(
      SELECT number, payload FROM otlp_spans WHERE project = ? AND trace_id = ?
      ORDER BY number)sql");
  select.Bind(key.project, key.trace_id);
  while (select.Next()) {
    trace.cut = trace.spans >= limits.max_trace_spans || trace.bytes >= limits.max_trace_bytes;
    if (trace.cut) break;
    trace.last_number = select.Int64(0);
    trace.payloads.push_back(select.Text(1));
    ++trace.spans;
    trace.bytes += static_cast<int64_t>(trace.payloads.back().size());
  }
  RETURN_IF_ERROR(select.status());
  return trace;
}

absl::Status RemoveWaitingTrace(sql::Connection& connection, const WaitingTrace& trace,
                                bool became_part, const TraceLimits& limits, absl::Time now) {
  ASSIGN_OR_RETURN(const std::optional<Trace> found, FindTrace(connection, trace.key));
  const auto changed = [&](const char* what) {
    return errors::WrongState("trace", trace.key.trace_id, what, "what was read of it");
  };
  if (!found || found->parts != trace.parts) return changed("another part");
  if (!trace.cut && found->last_number != trace.last_number) return changed("further spans");
  Trace rest = *found;
  if (became_part || trace.parts > 0) {
    RETURN_IF_ERROR(AppendKnown(connection, trace.key, trace.last_number, rest.known_spans));
  }
  RETURN_IF_ERROR(
      connection
          .Prepare("DELETE FROM otlp_spans WHERE project = ? AND trace_id = ? AND number <= ?")
          .Bind(trace.key.project, trace.key.trace_id, trace.last_number)
          .Run());
  if (connection.ChangedRows() != trace.spans) return changed("fewer spans");
  RETURN_IF_ERROR(AddToWaiting(connection, trace.key.project, -trace.spans, -trace.bytes));
  rest.waiting_spans -= trace.spans;
  rest.waiting_bytes -= trace.bytes;
  if (became_part) ++rest.parts;
  if (rest.parts == 0 && rest.waiting_spans == 0) return DeleteTrace(connection, trace.key);
  rest.first_arrival = now;
  rest.due_time = rest.DueTime(limits, now);
  return PutTrace(connection, trace.key, rest);
}

std::string TraceInteractionId(const std::string& interaction_id) {
  if (interaction_id.rfind(kInteractionPrefix, 0) != 0) return "";
  return interaction_id.substr(0, kInteractionPrefix.size() + kTraceIdDigits);
}

absl::StatusOr<std::vector<std::string>> EraseWaitingTracesOfUser(
    sql::Connection& connection, const std::string& project, const std::string& user_pseudonym) {
  sql::Statement select = connection.Prepare(R"sql(
      SELECT DISTINCT trace_id FROM otlp_spans
      WHERE project = ? AND user_pseudonym <> '' AND user_pseudonym = ? ORDER BY trace_id)sql");
  select.Bind(project, user_pseudonym);
  std::vector<std::string> interaction_ids;
  while (select.Next()) {
    interaction_ids.push_back(std::string(kInteractionPrefix) + select.Text(0));
  }
  RETURN_IF_ERROR(select.status());
  for (const std::string& interaction_id : interaction_ids) {
    RETURN_IF_ERROR(ForgetTraceOf(connection, project, interaction_id));
  }
  return interaction_ids;
}

absl::Status ForgetTraceOf(sql::Connection& connection, const std::string& project,
                           const std::string& interaction_id) {
  const std::string first_part = TraceInteractionId(interaction_id);
  if (first_part.empty()) return absl::OkStatus();
  const TraceKey key{project, first_part.substr(kInteractionPrefix.size())};
  ASSIGN_OR_RETURN(const std::optional<Trace> trace, FindTrace(connection, key));
  if (!trace) return absl::OkStatus();
  RETURN_IF_ERROR(connection.Prepare("DELETE FROM otlp_spans WHERE project = ? AND trace_id = ?")
                      .Bind(project, key.trace_id)
                      .Run());
  RETURN_IF_ERROR(DeleteTrace(connection, key));
  return AddToWaiting(connection, project, -trace->waiting_spans, -trace->waiting_bytes);
}

absl::StatusOr<int64_t> CountWaitingSpans(sql::Connection& connection) {
  sql::Statement select = connection.Prepare("SELECT COALESCE(SUM(spans), 0) FROM otlp_waiting");
  const int64_t count = select.Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return count;
}

}  // namespace flywheel::ingest
