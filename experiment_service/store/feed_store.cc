#include "experiment_service/store/feed_store.h"

#include "shared/sql/text.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

constexpr sql::Text kSelectInteraction(R"sql(
    SELECT interaction_id, sequence, session_hash, experiment, unit_hash, arm, expose_time_us,
           event_time_us, served_version
    FROM feed_interactions )sql");

// Reads the one row of kSelectInteraction.
absl::StatusOr<std::optional<FedInteraction>> ReadOne(sql::Statement& select) {
  std::optional<FedInteraction> found;
  if (select.Next()) {
    found = {select.Text(0),  select.Int64(1), select.Text(2),
             select.Int64(3), select.Text(4),  static_cast<size_t>(select.Int64(5)),
             select.Time(6),  select.Time(7),  select.Text(8)};
  }
  RETURN_IF_ERROR(select.status());
  return found;
}

}  // namespace

absl::StatusOr<int64_t> FeedStore::Cursor() {
  sql::Statement select = connection_.Prepare("SELECT sequence FROM feed_cursor WHERE id = 1");
  const int64_t sequence = select.Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return sequence;
}

absl::Status FeedStore::SetCursor(int64_t sequence) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO feed_cursor (id, sequence) VALUES (1, ?)
          ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence)sql")
      .Bind(sequence)
      .Run();
}

absl::Status FeedStore::Put(const std::string& project, const FedInteraction& interaction) {
  sql::Statement put = connection_.Prepare(R"sql(
      INSERT INTO feed_interactions (
        project, interaction_id, sequence, session_hash, experiment, unit_hash, arm, expose_time_us,
        event_time_us, served_version)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (project, interaction_id) DO UPDATE SET
        sequence = excluded.sequence, session_hash = excluded.session_hash,
        experiment = excluded.experiment, unit_hash = excluded.unit_hash, arm = excluded.arm,
        expose_time_us = excluded.expose_time_us, event_time_us = excluded.event_time_us,
        served_version = excluded.served_version)sql");
  put.Bind(project, interaction.interaction_id, interaction.sequence,
           sql::Blob{interaction.session_hash}, interaction.experiment,
           sql::Blob{interaction.unit_hash}, static_cast<int64_t>(interaction.arm),
           interaction.expose_time, interaction.event_time, interaction.served_version);
  return put.Run();
}

absl::StatusOr<std::optional<FedInteraction>> FeedStore::Find(const std::string& project,
                                                              const std::string& interaction_id) {
  sql::Statement select =
      connection_.Prepare(kSelectInteraction + "WHERE project = ? AND interaction_id = ?");
  select.Bind(project, interaction_id);
  return ReadOne(select);
}

absl::StatusOr<std::optional<FedInteraction>> FeedStore::FindBySequence(const std::string& project,
                                                                        int64_t sequence) {
  sql::Statement select =
      connection_.Prepare(kSelectInteraction + "WHERE project = ? AND sequence = ?");
  select.Bind(project, sequence);
  return ReadOne(select);
}

absl::Status FeedStore::Remove(const std::string& project, const std::string& interaction_id) {
  return connection_
      .Prepare("DELETE FROM feed_interactions WHERE project = ? AND interaction_id = ?")
      .Bind(project, interaction_id)
      .Run();
}

absl::StatusOr<std::optional<FedInteraction>> FeedStore::LastOfSession(
    const std::string& project, const std::string& session_hash, absl::Time time) {
  {
    sql::Statement select = connection_.Prepare(kSelectInteraction + R"sql(
        WHERE project = ? AND session_hash = ? AND session_hash <> x'' AND event_time_us <= ?
        ORDER BY event_time_us DESC, sequence DESC LIMIT 1)sql");
    select.Bind(project, sql::Blob{session_hash}, time);
    ASSIGN_OR_RETURN(std::optional<FedInteraction> last, ReadOne(select));
    if (last) return last;
  }
  sql::Statement select = connection_.Prepare(kSelectInteraction + R"sql(
      WHERE project = ? AND session_hash = ? AND session_hash <> x''
      ORDER BY event_time_us, sequence LIMIT 1)sql");
  select.Bind(project, sql::Blob{session_hash});
  return ReadOne(select);
}

absl::StatusOr<FeedStore::Span> FeedStore::SpanInSession(const std::string& project,
                                                         const FedInteraction& interaction) {
  const sql::Blob session{interaction.session_hash};
  Span span{interaction.event_time, absl::InfiniteFuture()};
  sql::Statement next = connection_.Prepare(R"sql(
      SELECT event_time_us FROM feed_interactions
      WHERE project = ? AND session_hash = ? AND session_hash <> x''
        AND (event_time_us, sequence) > (?, ?)
      ORDER BY event_time_us, sequence LIMIT 1)sql");
  next.Bind(project, session, interaction.event_time, interaction.sequence);
  if (next.Next()) span.until = next.Time(0);
  RETURN_IF_ERROR(next.status());
  sql::Statement before = connection_.Prepare(R"sql(
      SELECT 1 FROM feed_interactions
      WHERE project = ? AND session_hash = ? AND session_hash <> x''
        AND (event_time_us, sequence) < (?, ?)
      LIMIT 1)sql");
  before.Bind(project, session, interaction.event_time, interaction.sequence);
  // The first one has those that came before all too.
  if (!before.Next()) span.from = absl::InfinitePast();
  RETURN_IF_ERROR(before.status());
  return span;
}

absl::StatusOr<bool> FeedStore::HasUnit(int64_t experiment, const std::string& unit_hash) {
  sql::Statement select = connection_.Prepare(
      "SELECT 1 FROM feed_interactions WHERE experiment = ? AND unit_hash = ? LIMIT 1");
  const bool found = select.Bind(experiment, sql::Blob{unit_hash}).Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<int64_t> FeedStore::RemoveSome(int64_t experiment, int64_t limit) {
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
                          DELETE FROM feed_interactions WHERE rowid IN (
                            SELECT rowid FROM feed_interactions WHERE experiment = ?
                            ORDER BY unit_hash LIMIT ?))sql")
                      .Bind(experiment, limit)
                      .Run());
  return connection_.ChangedRows();
}

}  // namespace flywheel::experiment
