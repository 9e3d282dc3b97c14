#include "curation_service/store/training_run_store.h"

#include "curation_service/store/json_columns.h"
#include "curation_service/store/label_store.h"
#include "shared/sql/text.h"
#include "shared/sql/text_map.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

constexpr int kOpen = static_cast<int>(TrainingRunState::kOpen);
constexpr int kLeased = static_cast<int>(TrainingRunState::kLeased);
constexpr int kSucceeded = static_cast<int>(TrainingRunState::kSucceeded);
constexpr int kFailed = static_cast<int>(TrainingRunState::kFailed);
constexpr int kCancelled = static_cast<int>(TrainingRunState::kCancelled);

constexpr auto kSelectRun =
    sql::Text(R"sql(
    SELECT training_run_id, ordinal, request_hash, dataset_version_id, agent, state, trigger_reason,
           trigger_message, trigger_new_interactions, trigger_high_quality_rate, create_time_us,
           trainer, lease_expire_time_us, complete_time_us, completion_hash, model_version,
           artifact_uri, metrics, failure, cancel_reason, created_by, leased_by,
           completed_by, )sql") +
    sql::LabelsColumn<Labelled::kTrainingRun>("training_runs", "training_run_id") + R"sql(
    FROM training_runs )sql";

// Of one agent, in the words of the index training_runs_under_way.
constexpr auto kUnderWay = kSelectRun + "WHERE project = ? AND agent = ? AND state IN (" +
                           sql::kLiteral<TrainingRunState::kOpen> + ", " +
                           sql::kLiteral<TrainingRunState::kLeased> + ") ";

// Reads a row of kSelectRun.
absl::StatusOr<StoredTrainingRun> ReadRun(const sql::Statement& row) {
  StoredTrainingRun stored;
  stored.ordinal = row.Int64(1);
  stored.request_hash = row.Text(2);
  stored.completion_hash = row.Text(14);
  TrainingRun& run = stored.run;
  run.training_run_id = row.Text(0);
  run.dataset_version_id = row.Text(3);
  run.agent = row.Text(4);
  run.state = static_cast<TrainingRunState>(row.Int64(5));
  run.trigger = {/*should_train=*/true, static_cast<TriggerReason>(row.Int64(6)), row.Text(7),
                 row.Int64(8), row.Double(9)};
  run.create_time = row.Time(10);
  run.trainer = row.Text(11);
  run.lease_expire_time = row.Time(12);
  run.complete_time = row.Time(13);
  run.result.succeeded = run.state == TrainingRunState::kSucceeded;
  run.result.model_version = row.Text(15);
  run.result.artifact_uri = row.Text(16);
  ASSIGN_OR_RETURN(run.result.metrics, MetricsFromJson(row.View(17)));
  run.result.failure = row.Text(18);
  run.cancel_reason = row.Text(19);
  run.created_by = row.Text(20);
  run.leased_by = row.Text(21);
  run.completed_by = row.Text(22);
  ASSIGN_OR_RETURN(run.labels, sql::TextMapFromJson(row.View(23)));
  return stored;
}

absl::StatusOr<std::optional<StoredTrainingRun>> FirstRun(sql::Statement select) {
  std::optional<StoredTrainingRun> found;
  if (select.Next()) {
    ASSIGN_OR_RETURN(found, ReadRun(select));
  }
  RETURN_IF_ERROR(select.status());
  return found;
}

void KeepOlder(std::optional<StoredTrainingRun> found, std::optional<StoredTrainingRun>& oldest) {
  if (found && (!oldest || found->ordinal < oldest->ordinal)) oldest = std::move(found);
}

}  // namespace

absl::Status TrainingRunStore::Add(const std::string& project, const std::string& request_hash,
                                   const TrainingRun& run) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO training_runs (project, training_run_id, ordinal, request_hash,
                                     dataset_version_id, agent, state, trigger_reason,
                                     trigger_message, trigger_new_interactions,
                                     trigger_high_quality_rate, create_time_us, trainer,
                                     lease_expire_time_us, complete_time_us, completion_hash,
                                     model_version, artifact_uri, metrics, failure,
                                     cancel_reason, created_by, leased_by, completed_by)
          VALUES (?, ?,
                  (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM training_runs WHERE project = ?),
                  ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, 0, x'', '', '', '{}', '', '', ?, '',
                  ''))sql")
      .Bind(project, run.training_run_id, project, sql::Blob{request_hash}, run.dataset_version_id,
            run.agent, static_cast<int>(run.state), static_cast<int>(run.trigger.reason),
            run.trigger.message, run.trigger.new_interactions, run.trigger.high_quality_rate,
            run.create_time, run.created_by)
      .Run();
}

absl::StatusOr<std::optional<StoredTrainingRun>> TrainingRunStore::Find(
    const std::string& project, const std::string& training_run_id) {
  sql::Statement select =
      connection_.Prepare(kSelectRun + "WHERE project = ? AND training_run_id = ?");
  select.Bind(project, training_run_id);
  return FirstRun(std::move(select));
}

absl::StatusOr<std::optional<StoredTrainingRun>> TrainingRunStore::FindForLease(
    const std::string& project, const Trainer& trainer, const std::vector<std::string>& agents,
    absl::Time now) {
  // Its own run first: a trainer that was restarted goes on with what it holds.
  std::optional<StoredTrainingRun> held;
  std::optional<StoredTrainingRun> waiting;
  for (const std::string& agent : agents) {
    ASSIGN_OR_RETURN(std::optional<StoredTrainingRun> found, FindHeld(project, trainer, agent));
    KeepOlder(std::move(found), held);
    ASSIGN_OR_RETURN(found, FindWaiting(project, agent, now));
    KeepOlder(std::move(found), waiting);
  }
  return held ? std::move(held) : std::move(waiting);
}

absl::StatusOr<std::optional<StoredTrainingRun>> TrainingRunStore::FindHeld(
    const std::string& project, const Trainer& trainer, const std::string& agent) {
  static constexpr auto kSql =
      kUnderWay + "AND state = ? AND trainer = ? AND leased_by = ? ORDER BY ordinal LIMIT 1";
  sql::Statement select = connection_.Prepare(kSql);
  select.Bind(project, agent, kLeased, trainer.name, trainer.key_id);
  return FirstRun(std::move(select));
}

absl::StatusOr<std::optional<StoredTrainingRun>> TrainingRunStore::FindWaiting(
    const std::string& project, const std::string& agent, absl::Time now) {
  static constexpr auto kSql =
      kUnderWay + "AND (state = ? OR lease_expire_time_us <= ?) ORDER BY ordinal LIMIT 1";
  sql::Statement select = connection_.Prepare(kSql);
  select.Bind(project, agent, kOpen, now);
  return FirstRun(std::move(select));
}

absl::StatusOr<std::optional<StoredTrainingRun>> TrainingRunStore::FindUnderWay(
    const std::string& project, const std::string& agent) {
  static constexpr auto kSql = kUnderWay + "ORDER BY ordinal DESC LIMIT 1";
  sql::Statement select = connection_.Prepare(kSql);
  select.Bind(project, agent);
  return FirstRun(std::move(select));
}

absl::Status TrainingRunStore::SetLease(const std::string& project, const TrainingRun& run) {
  return connection_
      .Prepare(R"sql(
          UPDATE training_runs
          SET state = ?, trainer = ?, leased_by = ?, lease_expire_time_us = ?
          WHERE project = ? AND training_run_id = ?)sql")
      .Bind(kLeased, run.trainer, run.leased_by, run.lease_expire_time, project,
            run.training_run_id)
      .Run();
}

absl::Status TrainingRunStore::SetComplete(const std::string& project, const TrainingRun& run,
                                           const std::string& completion_hash) {
  const TrainingResult& result = run.result;
  return connection_
      .Prepare(R"sql(
          UPDATE training_runs
          SET state = ?, lease_expire_time_us = 0, complete_time_us = ?, completed_by = ?,
              completion_hash = ?, model_version = ?, artifact_uri = ?, metrics = ?, failure = ?
          WHERE project = ? AND training_run_id = ?)sql")
      .Bind(result.succeeded ? kSucceeded : kFailed, run.complete_time, run.completed_by,
            sql::Blob{completion_hash}, result.model_version, result.artifact_uri,
            MetricsToJson(result.metrics), result.failure, project, run.training_run_id)
      .Run();
}

absl::Status TrainingRunStore::SetCancelled(const std::string& project, const TrainingRun& run) {
  return connection_
      .Prepare(R"sql(
          UPDATE training_runs
          SET state = ?, lease_expire_time_us = 0, complete_time_us = ?, completed_by = ?,
              cancel_reason = ?
          WHERE project = ? AND training_run_id = ?)sql")
      .Bind(kCancelled, run.complete_time, run.completed_by, run.cancel_reason, project,
            run.training_run_id)
      .Run();
}

absl::StatusOr<std::vector<StoredTrainingRun>> TrainingRunStore::List(const std::string& project,
                                                                      const sql::ListRange& range,
                                                                      int64_t limit) {
  sql::Statement select =
      sql::PrepareList(connection_, kSelectRun + "WHERE ", project, range, limit);
  std::vector<StoredTrainingRun> runs;
  while (select.Next()) {
    ASSIGN_OR_RETURN(StoredTrainingRun run, ReadRun(select));
    runs.push_back(std::move(run));
  }
  RETURN_IF_ERROR(select.status());
  return runs;
}

absl::StatusOr<std::optional<LastTraining>> TrainingRunStore::FindLastTraining(
    const std::string& project, const std::string& agent) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT r.complete_time_us, v.feed_sequence
      FROM training_runs AS r
      JOIN dataset_versions AS v
        ON v.project = r.project AND v.dataset_version_id = r.dataset_version_id
      WHERE r.project = ? AND r.agent = ? AND r.state = ?
      ORDER BY r.complete_time_us DESC, r.ordinal DESC LIMIT 1)sql");
  select.Bind(project, agent, kSucceeded);
  std::optional<LastTraining> last;
  if (select.Next()) last = LastTraining{select.Time(0), select.Int64(1)};
  RETURN_IF_ERROR(select.status());
  return last;
}

}  // namespace flywheel::curation
