#include "experiment_service/store/outcome_store.h"

#include "shared/status/status_macros.h"

namespace flywheel::experiment {

absl::StatusOr<std::optional<StoredOutcome>> OutcomeStore::Find(const std::string& project,
                                                                const std::string& outcome_id) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT content_hash, experiment, unit_hash, metric, value, event_time_us, receive_time_us,
             served_version, fallback, revision
      FROM outcomes WHERE project = ? AND outcome_id = ?)sql");
  select.Bind(project, outcome_id);
  std::optional<StoredOutcome> found;
  if (select.Next()) {
    found = {outcome_id,     select.Text(0),   select.Int64(1), select.Text(2),
             select.Text(3), select.Double(4), select.Time(5),  select.Time(6),
             select.Text(7), select.Bool(8),   select.Int64(9)};
  }
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<bool> OutcomeStore::Insert(const std::string& project,
                                          const StoredOutcome& outcome) {
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO outcomes (
        project, outcome_id, content_hash, experiment, unit_hash, metric, value,
        event_time_us, receive_time_us, served_version, fallback, revision)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (project, outcome_id) DO NOTHING)sql");
  insert.Bind(project, outcome.outcome_id, sql::Blob{outcome.content_hash}, outcome.experiment,
              sql::Blob{outcome.unit_hash}, outcome.metric, outcome.value, outcome.event_time,
              outcome.receive_time, outcome.served_version, outcome.fallback, outcome.revision);
  RETURN_IF_ERROR(insert.Run());
  return connection_.ChangedRows() == 1;
}

absl::Status OutcomeStore::Replace(const std::string& project, const StoredOutcome& outcome) {
  sql::Statement update = connection_.Prepare(R"sql(
      UPDATE outcomes SET
        content_hash = ?, value = ?, event_time_us = ?, receive_time_us = ?, served_version = ?,
        fallback = ?, revision = ?
      WHERE project = ? AND outcome_id = ?)sql");
  update.Bind(sql::Blob{outcome.content_hash}, outcome.value, outcome.event_time,
              outcome.receive_time, outcome.served_version, outcome.fallback, outcome.revision,
              project, outcome.outcome_id);
  return update.Run();
}

absl::Status OutcomeStore::Remove(const std::string& project, const std::string& outcome_id) {
  return connection_.Prepare("DELETE FROM outcomes WHERE project = ? AND outcome_id = ?")
      .Bind(project, outcome_id)
      .Run();
}

absl::StatusOr<RemovedOutcomes> OutcomeStore::RemoveOfUnit(int64_t experiment,
                                                           const std::string& unit_hash) {
  RemovedOutcomes removed;
  {
    sql::Statement select = connection_.Prepare(R"sql(
        SELECT COUNT(*), COALESCE(SUM(fallback), 0) FROM outcomes
        WHERE experiment = ? AND unit_hash = ?)sql");
    select.Bind(experiment, sql::Blob{unit_hash});
    if (select.Next()) removed = {select.Int64(0), select.Int64(1)};
    RETURN_IF_ERROR(select.status());
  }
  RETURN_IF_ERROR(connection_.Prepare("DELETE FROM outcomes WHERE experiment = ? AND unit_hash = ?")
                      .Bind(experiment, sql::Blob{unit_hash})
                      .Run());
  return removed;
}

absl::StatusOr<int64_t> OutcomeStore::RemoveSome(int64_t experiment, int64_t limit) {
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
                          DELETE FROM outcomes WHERE (project, outcome_id) IN (
                            SELECT project, outcome_id FROM outcomes WHERE experiment = ?
                            ORDER BY unit_hash LIMIT ?))sql")
                      .Bind(experiment, limit)
                      .Run());
  return connection_.ChangedRows();
}

}  // namespace flywheel::experiment
