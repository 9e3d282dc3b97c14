#include "experiment_service/store/outcome_store.h"

#include "shared/status/status_macros.h"

namespace flywheel::experiment {

absl::StatusOr<std::optional<std::string>> OutcomeStore::FindContentHash(
    const std::string& project, const std::string& outcome_id) {
  sql::Statement select =
      connection_.Prepare("SELECT content_hash FROM outcomes WHERE project = ? AND outcome_id = ?");
  select.Bind(project, outcome_id);
  const bool found = select.Next();
  RETURN_IF_ERROR(select.status());
  if (!found) return std::nullopt;
  return select.Text(0);
}

absl::Status OutcomeStore::Insert(const std::string& project, const StoredOutcome& outcome) {
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO outcomes (
        project, outcome_id, content_hash, experiment, unit_hash, metric, value,
        event_time_us, receive_time_us)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))sql");
  insert.Bind(project, outcome.outcome_id, sql::Blob{outcome.content_hash}, outcome.experiment,
              sql::Blob{outcome.unit_hash}, outcome.metric, outcome.value, outcome.event_time,
              outcome.receive_time);
  return insert.Run();
}

}  // namespace flywheel::experiment
