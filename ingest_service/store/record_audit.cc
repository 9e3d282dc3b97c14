#include "ingest_service/store/record_audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ingest_service/store/archive_store.h"
#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/message_store.h"
#include "shared/sql/text.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// Rows that leave in one transaction.
constexpr int64_t kRowsPerPiece = 10'000;
constexpr size_t kMaxFindings = 100;

// What project_totals say, and what the rows say (tables.* of the same columns). Rows whose payload
// was thinned out are not counted.
constexpr auto kCountedSql = sql::Text(R"sql(
    SELECT project, SUM(interactions), SUM(signals), SUM(tool_calls)
    FROM (SELECT project, COUNT(*) AS interactions, 0 AS signals, SUM(tool_calls) AS tool_calls
          FROM interactions WHERE payload_form <> )sql") +
                             sql::kLiteral<PayloadForm::kThinned> +
                             R"sql( GROUP BY project
          UNION ALL
          SELECT project, 0, COUNT(*), 0 FROM signals GROUP BY project) AS counted
    GROUP BY project ORDER BY project)sql";

absl::StatusOr<int64_t> NewestRow(sql::Connection& connection) {
  sql::Statement select = connection.Prepare(R"sql(
      SELECT COALESCE(MAX(newest), 0)
      FROM (SELECT MAX(sequence) AS newest FROM interactions
            UNION ALL
            SELECT MAX(sequence) FROM signals
            UNION ALL
            SELECT MAX(sequence) FROM privacy_records) AS newest_rows)sql");
  const int64_t newest = select.Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return newest;
}

void AddFinding(std::string finding, RecordAudit& audit) {
  if (audit.findings.size() > kMaxFindings) return;
  const bool full = audit.findings.size() == kMaxFindings;
  audit.findings.push_back(full ? "there is more, which is not listed" : std::move(finding));
}

// Compares one project's rows with its totals.
absl::Status CompareTotals(sql::Connection& connection, const sql::Statement& counted,
                           RecordAudit& audit) {
  sql::Statement totals = connection.Prepare(
      "SELECT interactions, signals, tool_calls FROM project_totals WHERE project = ?");
  const bool known = totals.Bind(counted.View(0)).Next();
  RETURN_IF_ERROR(totals.status());
  constexpr const char* kNames[] = {"interactions", "signals", "tool calls"};
  for (int i = 0; i < 3; ++i) {
    const int64_t total = known ? totals.Int64(i) : 0;
    if (total == counted.Int64(i + 1)) continue;
    AddFinding(fmt::format("project {}: {} {} in the totals, {} in the rows", counted.View(0),
                           total, kNames[i], counted.Int64(i + 1)),
               audit);
  }
  return absl::OkStatus();
}

absl::Status DeletePiece(sql::Connection& connection, int64_t first, int64_t last,
                         int64_t& removed) {
  RETURN_IF_ERROR(
      connection.Prepare("DELETE FROM interaction_attributes WHERE sequence BETWEEN ? AND ?")
          .Bind(first, last)
          .Run());
  for (const char* sql : {"DELETE FROM interactions WHERE sequence BETWEEN ? AND ?",
                          "DELETE FROM signals WHERE sequence BETWEEN ? AND ?"}) {
    RETURN_IF_ERROR(connection.Prepare(sql).Bind(first, last).Run());
    removed += connection.ChangedRows();
  }
  return absl::OkStatus();
}

// Spans of traces that began to wait after `time`.
absl::Status ForgetWaitingSpans(sql::Connection& connection, absl::Time time) {
  RETURN_IF_ERROR(connection
                      .Prepare(R"sql(
          DELETE FROM otlp_spans WHERE EXISTS (
            SELECT 1 FROM otlp_traces AS trace
            WHERE trace.project = otlp_spans.project AND trace.trace_id = otlp_spans.trace_id
              AND trace.first_arrival_time_us > ?))sql")
                      .Bind(time)
                      .Run());
  return connection
      .Prepare(R"sql(
          UPDATE otlp_traces
          SET due_time_us = 0, waiting_spans = 0, waiting_bytes = 0
          WHERE waiting_spans > 0 AND first_arrival_time_us > ?)sql")
      .Bind(time)
      .Run();
}

// Parts of traces whose interactions have left: the newest of a trace, and all behind the newest
// that is there. Which spans were theirs is not told apart from those of the parts that stay, so
// none is known any more: what is sent again becomes the next part, rather than be taken for a
// replay of what is gone.
absl::Status ForgetParts(sql::Connection& connection) {
  return connection
      .Prepare(R"sql(
          UPDATE otlp_traces
          SET known_spans = ?,
              parts = (
                SELECT COALESCE(MAX(
                         CASE WHEN one.interaction_id = 'otel-' || otlp_traces.trace_id THEN 1
                         ELSE CAST(SUBSTR(one.interaction_id,
                                          LENGTH('otel-' || otlp_traces.trace_id) + 2) AS INTEGER)
                         END), 0)
                FROM interactions AS one
                WHERE one.project = otlp_traces.project
                  AND (one.interaction_id = 'otel-' || otlp_traces.trace_id
                       OR (one.interaction_id > 'otel-' || otlp_traces.trace_id || '.'
                           AND one.interaction_id < 'otel-' || otlp_traces.trace_id || '/')))
          WHERE parts > 0 AND NOT EXISTS (
            SELECT 1 FROM interactions AS newest
            WHERE newest.project = otlp_traces.project
              AND newest.interaction_id = 'otel-' || otlp_traces.trace_id ||
                CASE WHEN otlp_traces.parts = 1 THEN '' ELSE '.' || otlp_traces.parts END))sql")
      .Bind(sql::Blob{""})
      .Run();
}

// What began to wait after `time`, and what became interactions that have left: what is sent of it
// again is new.
absl::Status ForgetTraces(sql::Connection& connection, absl::Time time) {
  RETURN_IF_ERROR(ForgetWaitingSpans(connection, time));
  RETURN_IF_ERROR(ForgetParts(connection));
  RETURN_IF_ERROR(
      connection.Execute("DELETE FROM otlp_traces WHERE waiting_spans = 0 AND parts = 0"));
  RETURN_IF_ERROR(connection.Execute("DELETE FROM otlp_waiting"));
  return connection.Execute(R"sql(
      INSERT INTO otlp_waiting (project, spans, bytes)
        SELECT project, COUNT(*), SUM(LENGTH(payload)) FROM otlp_spans GROUP BY project)sql");
}

}  // namespace

absl::StatusOr<RecordAudit> AuditRecord(sql::Connection& connection) {
  RETURN_IF_ERROR(connection.Execute("BEGIN"));
  RecordAudit audit;
  ASSIGN_OR_RETURN(audit.last_sequence, FeedStore(connection).LastSequence());
  ASSIGN_OR_RETURN(const int64_t newest, NewestRow(connection));
  if (newest > audit.last_sequence) {
    AddFinding(fmt::format("the head of the feed is {}, before the newest record, {}",
                           audit.last_sequence, newest),
               audit);
  }
  sql::Statement counted = connection.Prepare(kCountedSql);
  int64_t projects = 0;
  while (counted.Next()) {
    ++projects;
    audit.interactions += counted.Int64(1);
    audit.signals += counted.Int64(2);
    RETURN_IF_ERROR(CompareTotals(connection, counted, audit));
  }
  RETURN_IF_ERROR(counted.status());
  sql::Statement others = connection.Prepare(
      "SELECT COUNT(*) FROM project_totals WHERE interactions <> 0 OR signals <> 0");
  if (others.Next() && others.Int64(0) > projects) {
    AddFinding(fmt::format("the totals name {} projects with records, the rows {}", others.Int64(0),
                           projects),
               audit);
  }
  RETURN_IF_ERROR(others.status());
  ASSIGN_OR_RETURN(const int64_t miscounted, MessageStore(connection).CountMiscounted());
  if (miscounted > 0) {
    AddFinding(
        fmt::format("{} shared messages have a number of uses that the rows do not", miscounted),
        audit);
  }
  return audit;
}

absl::StatusOr<int64_t> LastSequenceAt(sql::Connection& connection, absl::Time time) {
  ASSIGN_OR_RETURN(const int64_t last, FeedStore(connection).LastSequence());
  sql::Statement select = connection.Prepare(R"sql(
      SELECT MIN(sequence) FROM (
        SELECT MIN(sequence) AS sequence FROM interactions WHERE commit_time_us > ?
        UNION ALL
        SELECT MIN(sequence) FROM signals WHERE commit_time_us > ?) AS firsts
      WHERE sequence IS NOT NULL)sql");
  const int64_t first = select.Bind(time, time).Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return first == 0 ? last : first - 1;
}

absl::StatusOr<int64_t> RewindRecord(sql::Connection& connection, int64_t last_sequence,
                                     absl::Time time) {
  ASSIGN_OR_RETURN(const int64_t head, FeedStore(connection).LastSequence());
  int64_t removed = 0;
  // From the newest to the oldest: after a crash, what is left is still the beginning of the
  // record.
  for (int64_t last = head; last > last_sequence; last -= kRowsPerPiece) {
    const int64_t first = std::max(last_sequence, last - kRowsPerPiece) + 1;
    sql::Transaction transaction(connection);
    RETURN_IF_ERROR(transaction.Begin());
    RETURN_IF_ERROR(DeletePiece(connection, first, last, removed));
    RETURN_IF_ERROR(transaction.Commit());
  }
  sql::Transaction transaction(connection);
  RETURN_IF_ERROR(transaction.Begin());
  RETURN_IF_ERROR(MessageStore(connection).CountUsesAnew());
  RETURN_IF_ERROR(ForgetTraces(connection, time));
  RETURN_IF_ERROR(CountTotalsAnew(connection));
  RETURN_IF_ERROR(transaction.Commit());
  return removed;
}

absl::Status CountTotalsAnew(sql::Connection& connection) {
  RETURN_IF_ERROR(connection.Execute("DELETE FROM project_totals"));
  return connection
      .Prepare(
          sql::Text("INSERT INTO project_totals (project, interactions, signals, tool_calls) ") +
          kCountedSql)
      .Run();
}

absl::Status ForgetReportsAfter(sql::Connection& connection, absl::Time time) {
  return connection.Prepare("DELETE FROM erasure_reports WHERE clean_time_us > ?").Bind(time).Run();
}

absl::StatusOr<std::vector<std::string>> ArchiveFileNames(sql::Connection& connection) {
  sql::Statement select =
      connection.Prepare("SELECT name FROM archive_files WHERE state = ? ORDER BY archive_id");
  select.Bind(static_cast<int>(ArchiveState::kInUse));
  // Whole, because a backup lists them all: a name for each file of up to 16 MiB.
  std::vector<std::string> names;
  while (select.Next()) names.push_back(select.Text(0));
  RETURN_IF_ERROR(select.status());
  return names;
}

}  // namespace flywheel::ingest
