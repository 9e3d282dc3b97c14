#include "ingest_service/store/signal_store.h"

#include <algorithm>

#include "ingest_service/store/verdicts.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr size_t kMaxSignals = 1'000;
constexpr size_t kMaxSignalBytes = 1 << 20;

}  // namespace

absl::StatusOr<ItemVerdict> InsertSignal(sql::Connection& connection, const std::string& project,
                                         const SignalRecord& record, int64_t sequence,
                                         absl::Time commit_time) {
  const EvaluationScore evaluation = record.evaluation.value_or(EvaluationScore{});
  sql::Statement insert = connection.Prepare(R"sql(
      INSERT INTO signals (sequence, project, signal_id, revision, content_hash, interaction_id,
                           session_id, event_time, commit_time, evaluation_name, evaluation_score,
                           payload)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (project, signal_id, revision) DO NOTHING)sql");
  RETURN_IF_ERROR(insert
                      .Bind(sequence, project, record.signal_id, record.revision,
                            sql::Blob{record.content_hash}, record.interaction_id,
                            record.session_id, record.event_time, commit_time, evaluation.name,
                            evaluation.score, sql::Blob{record.payload})
                      .Run());
  if (connection.ChangedRows() != 0) {
    return ItemVerdict{record.signal_id, ItemOutcome::kStored, sequence, Reason::kUnspecified, ""};
  }
  sql::Statement select = connection.Prepare(R"sql(
      SELECT sequence, content_hash FROM signals
      WHERE project = ? AND signal_id = ? AND revision = ?)sql");
  select.Bind(project, record.signal_id, record.revision);
  if (!select.Next()) {
    RETURN_IF_ERROR(select.status());
    return errors::Internal("a signal conflicts with one that is not there");
  }
  return VerdictOnKnownId("signal", record.signal_id, select.Int64(0),
                          select.View(1) == record.content_hash);
}

absl::StatusOr<CurrentSignals> ReadCurrentSignals(sql::Connection& connection,
                                                  const std::string& project,
                                                  const std::string& interaction_id) {
  sql::Statement select = connection.Prepare(R"sql(
      SELECT payload FROM signals AS one
      WHERE project = ? AND interaction_id <> '' AND interaction_id = ?
        AND revision = (SELECT MAX(revision) FROM signals AS every
                        WHERE every.project = one.project AND every.signal_id = one.signal_id)
      ORDER BY sequence DESC)sql");
  select.Bind(project, interaction_id);
  CurrentSignals signals;
  size_t bytes = 0;
  while (select.Next()) {
    signals.truncated = signals.payloads.size() == kMaxSignals || bytes >= kMaxSignalBytes;
    if (signals.truncated) break;
    signals.payloads.push_back(select.Text(0));
    bytes += signals.payloads.back().size();
  }
  RETURN_IF_ERROR(select.status());
  std::reverse(signals.payloads.begin(), signals.payloads.end());
  return signals;
}

}  // namespace flywheel::ingest
