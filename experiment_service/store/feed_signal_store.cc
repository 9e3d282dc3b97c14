#include "experiment_service/store/feed_signal_store.h"

#include <algorithm>

#include "shared/sql/text.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

constexpr sql::Text kSelectSignal(R"sql(
    SELECT signal_id, revision, interaction_id, event_time_us, kind, name, value, sequence,
           session_hash, experiment, receive_time_us
    FROM feed_signals )sql");

absl::StatusOr<std::vector<FedSignal>> ReadAll(sql::Statement& select) {
  std::vector<FedSignal> signals;
  while (select.Next()) {
    FedSignal& stored = signals.emplace_back();
    stored.signal.signal_id = select.Text(0);
    stored.signal.revision = select.Int64(1);
    stored.signal.interaction_id = select.Text(2);
    stored.signal.event_time = select.Time(3);
    stored.signal.kind = static_cast<FeedSignalKind>(select.Int64(4));
    stored.signal.name = select.Text(5);
    stored.signal.value = select.Double(6);
    stored.sequence = select.Int64(7);
    stored.session_hash = select.Text(8);
    stored.experiment = select.Int64(9);
    stored.receive_time = select.Time(10);
  }
  RETURN_IF_ERROR(select.status());
  return signals;
}

absl::StatusOr<std::optional<FedSignal>> ReadOne(sql::Statement& select) {
  ASSIGN_OR_RETURN(const std::vector<FedSignal> found, ReadAll(select));
  if (found.empty()) return std::nullopt;
  return found.front();
}

}  // namespace

absl::Status FeedSignalStore::Put(const std::string& project, const FedSignal& stored) {
  const FeedSignal& signal = stored.signal;
  sql::Statement put = connection_.Prepare(R"sql(
      INSERT INTO feed_signals (
        project, signal_id, sequence, revision, kind, name, value, event_time_us, session_hash,
        interaction_id, experiment, receive_time_us)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (project, signal_id) DO UPDATE SET
        sequence = excluded.sequence, revision = excluded.revision, kind = excluded.kind,
        name = excluded.name, value = excluded.value, event_time_us = excluded.event_time_us,
        session_hash = excluded.session_hash, interaction_id = excluded.interaction_id,
        experiment = excluded.experiment, receive_time_us = excluded.receive_time_us)sql");
  put.Bind(project, signal.signal_id, stored.sequence, signal.revision,
           static_cast<int>(signal.kind), signal.name, signal.value, signal.event_time,
           sql::Blob{stored.session_hash}, signal.interaction_id, stored.experiment,
           stored.receive_time);
  return put.Run();
}

absl::StatusOr<std::optional<FedSignal>> FeedSignalStore::Find(const std::string& project,
                                                               const std::string& signal_id) {
  sql::Statement select =
      connection_.Prepare(kSelectSignal + "WHERE project = ? AND signal_id = ?");
  select.Bind(project, signal_id);
  return ReadOne(select);
}

absl::StatusOr<std::optional<FedSignal>> FeedSignalStore::FindBySequence(const std::string& project,
                                                                         int64_t sequence) {
  sql::Statement select = connection_.Prepare(kSelectSignal + "WHERE project = ? AND sequence = ?");
  select.Bind(project, sequence);
  return ReadOne(select);
}

absl::Status FeedSignalStore::Remove(const std::string& project, const std::string& signal_id) {
  return connection_.Prepare("DELETE FROM feed_signals WHERE project = ? AND signal_id = ?")
      .Bind(project, signal_id)
      .Run();
}

absl::StatusOr<std::vector<FedSignal>> FeedSignalStore::ForInteraction(
    const std::string& project, const std::string& interaction_id, int64_t limit) {
  sql::Statement select = connection_.Prepare(kSelectSignal + R"sql(
      WHERE project = ? AND interaction_id = ? ORDER BY sequence DESC LIMIT ?)sql");
  select.Bind(project, interaction_id, limit);
  return ReadAll(select);
}

absl::StatusOr<std::vector<FedSignal>> FeedSignalStore::OfSession(const std::string& project,
                                                                  const std::string& session_hash,
                                                                  int64_t limit) {
  sql::Statement select = connection_.Prepare(kSelectSignal + R"sql(
      WHERE project = ? AND session_hash = ? AND session_hash <> x''
      ORDER BY sequence DESC LIMIT ?)sql");
  select.Bind(project, sql::Blob{session_hash}, limit);
  return ReadAll(select);
}

absl::StatusOr<std::vector<std::string>> FeedSignalStore::Redirect(
    const std::string& project, const FedInteraction& interaction, absl::Time from,
    absl::Time until, int64_t limit) {
  const sql::Blob session{interaction.session_hash};
  sql::Statement oldest = connection_.Prepare(R"sql(
      SELECT sequence FROM feed_signals
      WHERE project = ? AND session_hash = ? AND session_hash <> x''
      ORDER BY sequence DESC LIMIT 1 OFFSET ?)sql");
  oldest.Bind(project, session, limit - 1);
  const int64_t first = oldest.Next() ? oldest.Int64(0) : 0;
  RETURN_IF_ERROR(oldest.status());
  std::vector<std::string> before;
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT interaction_id FROM feed_signals
      WHERE project = ? AND session_hash = ? AND session_hash <> x'' AND sequence >= ?
        AND event_time_us >= ? AND event_time_us < ? AND interaction_id <> ?
      ORDER BY sequence)sql");
  select.Bind(project, session, first, from, until, interaction.interaction_id);
  while (select.Next()) before.push_back(select.Text(0));
  RETURN_IF_ERROR(select.status());
  if (before.empty()) return before;
  sql::Statement update = connection_.Prepare(R"sql(
      UPDATE feed_signals SET interaction_id = ?1, experiment = ?2
      WHERE project = ?3 AND session_hash = ?4 AND session_hash <> x'' AND sequence >= ?5
        AND event_time_us >= ?6 AND event_time_us < ?7 AND interaction_id <> ?1)sql");
  update.Bind(interaction.interaction_id, interaction.experiment, project, session, first, from,
              until);
  RETURN_IF_ERROR(update.Run());
  std::sort(before.begin(), before.end());
  before.erase(std::unique(before.begin(), before.end()), before.end());
  return before;
}

absl::StatusOr<bool> FeedSignalStore::HasAny(int64_t experiment, absl::Time before) {
  sql::Statement select = connection_.Prepare(
      "SELECT 1 FROM feed_signals WHERE experiment = ? AND receive_time_us <= ? LIMIT 1");
  const bool found = select.Bind(experiment, before).Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<int64_t> FeedSignalStore::RemoveSome(int64_t experiment, absl::Time before,
                                                    int64_t limit) {
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
                          DELETE FROM feed_signals WHERE rowid IN (
                            SELECT rowid FROM feed_signals
                            WHERE experiment = ? AND receive_time_us <= ?
                            ORDER BY receive_time_us LIMIT ?))sql")
                      .Bind(experiment, before, limit)
                      .Run());
  return connection_.ChangedRows();
}

}  // namespace flywheel::experiment
