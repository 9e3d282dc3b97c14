#include "ingest_service/store/span_store.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "ingest_service/domain/trace_ids.h"
#include "ingest_service/store/trace_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// The contents that earlier parts of a trace had, by identity. Views into what it was made of.
using KnownContents = absl::flat_hash_map<std::string_view, std::string_view>;

KnownContents IndexKnown(std::string_view known) {
  KnownContents contents;
  contents.reserve(known.size() / kKnownSpanBytes);
  for (size_t place = 0; place + kKnownSpanBytes <= known.size(); place += kKnownSpanBytes) {
    contents.emplace(known.substr(place, kIdentityBytes),
                     known.substr(place + kIdentityBytes, kKnownSpanBytes - kIdentityBytes));
  }
  return contents;
}

// The content that the trace has under this identity, from whichever part; nullopt for none.
absl::StatusOr<std::optional<std::string>> FindContent(sql::Connection& connection,
                                                       const TraceKey& key, const TraceRow& trace,
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
                        TraceRow& trace, SpanCounts& counts) {
  ASSIGN_OR_RETURN(const std::optional<std::string> content,
                   FindContent(connection, key, trace, known, span.identity));
  if (content.has_value()) {
    const auto& older = span.older_contents;
    const bool same =
        *content == span.content || std::find(older.begin(), older.end(), *content) != older.end();
    ++(same ? counts.replayed : counts.conflicts);
    return absl::OkStatus();
  }
  if (trace.spans() >= limits.max_known_spans) {
    ++counts.overlong;
    return absl::OkStatus();
  }
  ++trace.last_number;
  ++trace.waiting_spans;
  trace.waiting_bytes += static_cast<int64_t>(span.payload.size());
  trace.has_root = trace.has_root || span.is_root;
  ++counts.stored;
  return connection
      .Prepare(R"sql(
          INSERT INTO otlp_spans (project, trace_id, identity, content, number, arrival_time_us,
                                  user_pseudonym, session_id, payload)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))sql")
      .Bind(key.project, key.trace_id, sql::Blob{span.identity}, sql::Blob{span.content},
            trace.last_number, now, span.user_pseudonym, span.session_id, sql::Blob{span.payload})
      .Run();
}

// Whose and where the first interaction of the trace was.
absl::Status ReadFirstPart(sql::Connection& connection, WaitingTrace& trace) {
  sql::Statement select = connection.Prepare(R"sql(
      SELECT session_id, user_pseudonym, agent FROM interactions
      WHERE project = ? AND interaction_id = ?)sql");
  select.Bind(trace.key.project, InteractionIdOf(trace.key.trace_id, 0));
  if (select.Next()) {
    trace.session_id = select.Text(0);
    trace.user_pseudonym = select.Text(1);
    trace.agent = select.Text(2);
  }
  return select.status();
}

// Identity and content of what is taken out, one span after the other: 16 bytes for each of the
// spans that ReadTrace read, of which TraceLimits bounds the number.
absl::StatusOr<std::string> ReadKnown(sql::Connection& connection, const TraceKey& key,
                                      int64_t last_number) {
  sql::Statement select = connection.Prepare(R"sql(
      SELECT identity, content FROM otlp_spans
      WHERE project = ? AND trace_id = ? AND number <= ? ORDER BY number)sql");
  select.Bind(key.project, key.trace_id, last_number);
  std::string known_spans;
  while (select.Next()) known_spans.append(select.View(0)).append(select.View(1));
  RETURN_IF_ERROR(select.status());
  return known_spans;
}

}  // namespace

absl::StatusOr<InsertedSpans> SpanStore::Insert(const std::string& project,
                                                const std::vector<WaitingSpan>& spans,
                                                const TraceLimits& limits, absl::Time now) {
  RETURN_IF_ERROR(TraceStore(connection_).CheckQuota(project, spans, limits));
  std::map<std::string_view, std::vector<const WaitingSpan*>> by_trace;
  for (const WaitingSpan& span : spans) by_trace[span.trace_id].push_back(&span);
  InsertedSpans inserted;
  int64_t bytes = 0;
  for (const auto& [trace_id, members] : by_trace) {
    const TraceKey key{project, std::string(trace_id)};
    ASSIGN_OR_RETURN(const std::optional<TraceRow> found, TraceStore(connection_).Find(key));
    const TraceRow before = found.value_or(TraceRow{});
    TraceRow trace = before;
    if (trace.waiting_spans == 0) trace.first_arrival = now;
    const KnownContents known = IndexKnown(before.known_spans);
    for (const WaitingSpan* span : members) {
      RETURN_IF_ERROR(
          InsertSpan(connection_, key, *span, limits, now, known, trace, inserted.counts));
    }
    if (trace.waiting_spans == before.waiting_spans) continue;
    trace.due_time = trace.DueTime(limits, now);
    inserted.due_time = std::min(inserted.due_time, trace.due_time);
    bytes += trace.waiting_bytes - before.waiting_bytes;
    RETURN_IF_ERROR(TraceStore(connection_).Put(key, trace));
  }
  if (inserted.counts.stored > 0) {
    RETURN_IF_ERROR(TraceStore(connection_).AddToWaiting(project, inserted.counts.stored, bytes));
  }
  return inserted;
}

absl::StatusOr<std::optional<WaitingTrace>> SpanStore::ReadTrace(const TraceKey& key,
                                                                 const TraceLimits& limits) {
  ASSIGN_OR_RETURN(const std::optional<TraceRow> found, TraceStore(connection_).Find(key));
  if (!found || found->waiting_spans == 0) return std::nullopt;
  WaitingTrace trace;
  trace.key = key;
  trace.has_root = found->has_root;
  trace.first_arrival = found->first_arrival;
  trace.parts = found->parts;
  if (trace.parts > 0) RETURN_IF_ERROR(ReadFirstPart(connection_, trace));
  sql::Statement select = connection_.Prepare(R"sql(
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

absl::Status SpanStore::RemoveTrace(const WaitingTrace& trace, bool became_part,
                                    const TraceLimits& limits, absl::Time now) {
  ASSIGN_OR_RETURN(const std::optional<TraceRow> found, TraceStore(connection_).Find(trace.key));
  const auto changed = [&](const char* what) {
    return errors::ChangedMeanwhile("trace", trace.key.trace_id, what);
  };
  if (!found || found->parts != trace.parts) return changed("another part");
  if (!trace.cut && found->last_number != trace.last_number) return changed("further spans");
  ASSIGN_OR_RETURN(const std::string known, ReadKnown(connection_, trace.key, trace.last_number));
  if (static_cast<int64_t>(known.size() / kKnownSpanBytes) != trace.spans) {
    return changed("fewer spans");
  }
  TraceRow rest = *found;
  if (became_part || trace.parts > 0) rest.known_spans += known;
  RETURN_IF_ERROR(
      connection_
          .Prepare("DELETE FROM otlp_spans WHERE project = ? AND trace_id = ? AND number <= ?")
          .Bind(trace.key.project, trace.key.trace_id, trace.last_number)
          .Run());
  RETURN_IF_ERROR(
      TraceStore(connection_).AddToWaiting(trace.key.project, -trace.spans, -trace.bytes));
  rest.waiting_spans -= trace.spans;
  rest.waiting_bytes -= trace.bytes;
  if (became_part) ++rest.parts;
  if (rest.parts == 0 && rest.waiting_spans == 0) return TraceStore(connection_).Delete(trace.key);
  rest.first_arrival = now;
  rest.due_time = rest.DueTime(limits, now);
  return TraceStore(connection_).Put(trace.key, rest);
}

absl::StatusOr<std::set<std::string>> SpanStore::WaitingInteractions(const std::string& project,
                                                                     SubjectKind kind,
                                                                     const std::string& name) {
  std::set<std::string> interaction_ids;
  // 1. A trace that names no session is one by itself, under the id of its first interaction.
  if (kind != SubjectKind::kUser && name == FirstPartOf(name)) {
    ASSIGN_OR_RETURN(const std::optional<TraceRow> trace,
                     TraceStore(connection_).Find({project, TraceIdOf(name)}));
    if (trace && trace->waiting_spans > 0) interaction_ids.insert(name);
  }
  if (kind == SubjectKind::kInteraction) return interaction_ids;
  // 2. Traces with a span that names it. Not DISTINCT or in order: for that SQLite would read all
  // that waits of the project.
  sql::Statement select = connection_.Prepare(kind == SubjectKind::kUser ? R"sql(
      SELECT trace_id FROM otlp_spans
      WHERE project = ? AND user_pseudonym <> '' AND user_pseudonym = ?)sql"
                                                                         : R"sql(
      SELECT trace_id FROM otlp_spans
      WHERE project = ? AND session_id <> '' AND session_id = ?)sql");
  select.Bind(project, name);
  while (select.Next()) interaction_ids.insert(InteractionIdOf(select.View(0), 0));
  RETURN_IF_ERROR(select.status());
  return interaction_ids;
}

absl::StatusOr<int64_t> SpanStore::ForgetTraceOf(const std::string& project,
                                                 const std::string& interaction_id) {
  const TraceKey key{project, TraceIdOf(interaction_id)};
  if (key.trace_id.empty()) return 0;
  ASSIGN_OR_RETURN(const std::optional<TraceRow> trace, TraceStore(connection_).Find(key));
  if (!trace) return 0;
  RETURN_IF_ERROR(connection_.Prepare("DELETE FROM otlp_spans WHERE project = ? AND trace_id = ?")
                      .Bind(project, key.trace_id)
                      .Run());
  RETURN_IF_ERROR(TraceStore(connection_).Delete(key));
  RETURN_IF_ERROR(
      TraceStore(connection_).AddToWaiting(project, -trace->waiting_spans, -trace->waiting_bytes));
  return trace->waiting_spans;
}

}  // namespace flywheel::ingest
