#include "ingest_service/store/signal_store.h"

#include <algorithm>

#include "ingest_service/domain/record_limits.h"
#include "ingest_service/store/known_id.h"
#include "shared/sql/read_bytes.h"
#include "shared/sql/text.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr size_t kMaxSignals = 1'000;
constexpr int64_t kMaxSessionSignals = 10'000;

// The newest revisions of the signals of a session and of those of its interactions, each along its
// own index. To be ordered by a term, for SQLite would read the second in the order of the column,
// which is all signals of the project. Without their payloads, which the sort would hold.
constexpr sql::Text kOfSession(R"sql(
    SELECT one.sequence
    FROM (SELECT sequence, project, signal_id, revision FROM signals
          WHERE project = ? AND session_id <> '' AND session_id = ?
          UNION ALL
          SELECT sequence, project, signal_id, revision FROM signals
          WHERE project = ? AND interaction_id <> '' AND interaction_id IN (
            SELECT interaction_id FROM interactions
            WHERE project = ? AND session_id <> '' AND session_id = ?)) AS one
    WHERE one.sequence > ?
      AND one.revision = (SELECT MAX(revision) FROM signals AS every
                          WHERE every.project = one.project AND every.signal_id = one.signal_id)
    )sql");

}  // namespace

absl::StatusOr<ItemResult> SignalStore::Insert(const std::string& project,
                                               const SignalRecord& record, int64_t sequence,
                                               absl::Time commit_time) {
  const EvaluationScore evaluation = record.evaluation.value_or(EvaluationScore{});
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO signals (sequence, project, signal_id, revision, content_hash, interaction_id,
                           session_id, event_time_us, commit_time_us, evaluation_name,
                           evaluation_score,
                           payload, actor_pseudonym, kind)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (project, signal_id, revision) DO NOTHING)sql");
  RETURN_IF_ERROR(insert
                      .Bind(sequence, project, record.signal_id, record.revision,
                            sql::Blob{record.content_hash}, record.interaction_id,
                            record.session_id, record.event_time, commit_time, evaluation.name,
                            evaluation.score, sql::Blob{record.payload}, record.actor_pseudonym,
                            static_cast<int64_t>(record.kind))
                      .Run());
  if (connection_.ChangedRows() != 0) {
    return ItemResult{record.signal_id, ItemStatus::kStored, sequence, Reason::kUnspecified, ""};
  }
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT sequence, content_hash FROM signals
      WHERE project = ? AND signal_id = ? AND revision = ?)sql");
  select.Bind(project, record.signal_id, record.revision);
  if (!select.Next()) {
    RETURN_IF_ERROR(select.status());
    return errors::Internal("a signal conflicts with one that is not there");
  }
  return ResultOnKnownId("signal", record.signal_id, select.Int64(0),
                         HasContent(record, select.View(1)),
                         "Send a new statement under a higher revision, another signal under a new "
                         "id.");
}

absl::StatusOr<bool> SignalStore::HasRevision(const std::string& project,
                                              const std::string& signal_id, int64_t revision) {
  sql::Statement select = connection_.Prepare(
      "SELECT 1 FROM signals WHERE project = ? AND signal_id = ? AND revision = ?");
  const bool found = select.Bind(project, signal_id, revision).Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<CurrentSignals> SignalStore::ReadCurrent(const std::string& project,
                                                        const std::string& interaction_id) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT payload FROM signals AS one
      WHERE project = ? AND interaction_id <> '' AND interaction_id = ?
        AND revision = (SELECT MAX(revision) FROM signals AS every
                        WHERE every.project = one.project AND every.signal_id = one.signal_id)
      ORDER BY sequence DESC LIMIT ?)sql");
  select.Bind(project, interaction_id, static_cast<int64_t>(kMaxSignals) + 1);
  CurrentSignals signals;
  size_t bytes = 0;
  while (select.Next()) {
    // None beyond the bound: they stand beside an interaction, which may be long.
    bytes += select.View(0).size();
    signals.truncated = signals.payloads.size() == kMaxSignals || bytes > kMaxPageBytes;
    if (signals.truncated) break;
    signals.payloads.push_back(select.Text(0));
  }
  RETURN_IF_ERROR(select.status());
  std::reverse(signals.payloads.begin(), signals.payloads.end());
  return signals;
}

absl::Status SignalStore::ForEachOfSession(
    const std::string& project, const std::string& session_id,
    absl::FunctionRef<absl::Status(const StoredSignal&)> on_signal) {
  static constexpr auto kSql = kOfSession + "ORDER BY one.sequence + 0 DESC LIMIT ?";
  sql::Statement select = connection_.Prepare(kSql);
  select.Bind(project, session_id, project, project, session_id, /*after=*/0, kMaxSessionSignals);
  while (select.Next()) {
    sql::Statement payload = connection_.Prepare("SELECT payload FROM signals WHERE sequence = ?");
    if (!payload.Bind(select.Int64(0)).Next()) return payload.status();
    RETURN_IF_ERROR(on_signal({select.Int64(0), payload.Text(0)}));
  }
  return select.status();
}

absl::StatusOr<SignalPage> SignalStore::ReadOfSession(const std::string& project,
                                                      const std::string& session_id, int64_t after,
                                                      int64_t limit) {
  static constexpr auto kSql = kOfSession + "ORDER BY one.sequence + 0 LIMIT ?";
  sql::Statement select = connection_.Prepare(kSql);
  select.Bind(project, session_id, project, project, session_id, after, limit + 1);
  SignalPage page;
  size_t bytes = 0;
  while (select.Next()) {
    if (static_cast<int64_t>(page.signals.size()) == limit || bytes >= kMaxPageBytes) {
      page.next_after = page.signals.back().sequence;
      break;
    }
    sql::Statement payload = connection_.Prepare("SELECT payload FROM signals WHERE sequence = ?");
    if (!payload.Bind(select.Int64(0)).Next()) return payload.status();
    page.signals.push_back({select.Int64(0), payload.Text(0)});
    bytes += page.signals.back().payload.size();
  }
  RETURN_IF_ERROR(select.status());
  return page;
}

absl::StatusOr<std::optional<std::string>> SignalStore::FindPayload(int64_t sequence) {
  sql::Statement select = connection_.Prepare("SELECT payload FROM signals WHERE sequence = ?");
  std::optional<std::string> payload;
  if (select.Bind(sequence).Next()) payload = select.Text(0);
  RETURN_IF_ERROR(select.status());
  return payload;
}

absl::StatusOr<std::vector<StoredSignal>> SignalStore::WithoutKind(int64_t limit) {
  static constexpr auto kSql = sql::Text("SELECT sequence, payload FROM signals WHERE kind = ") +
                               sql::kLiteral<SignalKind::kUnknown> + " ORDER BY sequence LIMIT ?";
  sql::Statement select = connection_.Prepare(kSql);
  select.Bind(limit);
  std::vector<StoredSignal> signals;
  size_t bytes = 0;
  while (bytes < sql::kMaxReadBytes && select.Next()) {
    signals.push_back({select.Int64(0), select.Text(1)});
    bytes += signals.back().payload.size();
  }
  RETURN_IF_ERROR(select.status());
  return signals;
}

absl::Status SignalStore::SetColumns(int64_t sequence, SignalKind kind,
                                     const std::string& actor_pseudonym) {
  return connection_.Prepare("UPDATE signals SET kind = ?, actor_pseudonym = ? WHERE sequence = ?")
      .Bind(static_cast<int64_t>(kind), actor_pseudonym, sequence)
      .Run();
}

}  // namespace flywheel::ingest
