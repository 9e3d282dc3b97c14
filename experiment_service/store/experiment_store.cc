#include "experiment_service/store/experiment_store.h"

#include <utility>

#include "experiment_service/store/label_store.h"
#include "shared/sql/text.h"
#include "shared/sql/text_map.h"
#include "shared/status/status_macros.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {
namespace {

constexpr auto kSelectExperiment = sql::Text(R"sql(
    SELECT ordinal, project, experiment_id, request_hash, agent, unit, metric, goal, min_lift,
           margin, alpha, planned_units, min_units_per_arm, waiver_owner, waiver_reason,
           create_time_us, state, stop_time_us, stop_reason, created_by, stopped_by,
           )sql") + sql::LabelsColumn<Labelled::kExperiment>("experiments", "experiment_id") +
                                   R"sql(
    FROM experiments )sql";

// Reads a row of kSelectExperiment.
absl::StatusOr<StoredExperiment> ReadRow(const sql::Statement& row) {
  StoredExperiment stored;
  stored.ordinal = row.Int64(0);
  stored.project = row.Text(1);
  stored.request_hash = row.Text(3);
  Experiment& experiment = stored.experiment;
  experiment.experiment_id = row.Text(2);
  experiment.agent = row.Text(4);
  experiment.unit = static_cast<Unit>(row.Int64(5));
  experiment.plan.metric = row.Text(6);
  experiment.plan.goal = static_cast<Goal>(row.Int64(7));
  experiment.plan.min_lift = row.Double(8);
  experiment.plan.margin = row.Double(9);
  experiment.plan.alpha = row.Double(10);
  experiment.plan.planned_units = row.Int64(11);
  experiment.plan.min_units_per_arm = row.Int64(12);
  experiment.waiver = {row.Text(13), row.Text(14)};
  experiment.create_time = row.Time(15);
  experiment.state = static_cast<State>(row.Int64(16));
  experiment.stop_time = row.Time(17);
  experiment.stop_reason = row.Text(18);
  experiment.created_by = row.Text(19);
  experiment.stopped_by = row.Text(20);
  ASSIGN_OR_RETURN(experiment.labels, sql::TextMapFromJson(row.View(21)));
  return stored;
}

}  // namespace

absl::StatusOr<int64_t> ExperimentStore::Insert(const std::string& project,
                                                const Experiment& experiment,
                                                const std::string& request_hash) {
  sql::Statement last =
      connection_.Prepare("SELECT COALESCE(MAX(ordinal), 0) AS last FROM experiments");
  const int64_t ordinal = last.Next() ? last.Int64(0) + 1 : 0;
  RETURN_IF_ERROR(last.status());

  const AnalysisPlan& plan = experiment.plan;
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO experiments (
        ordinal, project, experiment_id, request_hash, agent, unit, metric, goal, min_lift, margin,
        alpha, planned_units, min_units_per_arm, waiver_owner, waiver_reason, create_time_us,
        state, stop_time_us, stop_reason, created_by, stopped_by)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', ?, ''))sql");
  insert.Bind(ordinal, project, experiment.experiment_id, sql::Blob{request_hash}, experiment.agent,
              static_cast<int>(experiment.unit), plan.metric, static_cast<int>(plan.goal),
              plan.min_lift, plan.margin, plan.alpha, plan.planned_units, plan.min_units_per_arm,
              experiment.waiver.owner, experiment.waiver.reason, experiment.create_time,
              static_cast<int>(State::kRunning), experiment.created_by);
  RETURN_IF_ERROR(insert.Run());

  sql::Statement insert_arm = connection_.Prepare(R"sql(
      INSERT INTO experiment_arms (
        experiment, position, arm_id, model_version, weight, control, waived)
      VALUES (?, ?, ?, ?, ?, ?, ?))sql");
  for (size_t i = 0; i < experiment.arms.size(); ++i) {
    const Arm& arm = experiment.arms[i];
    insert_arm.Bind(ordinal, static_cast<int64_t>(i), arm.arm_id, arm.model_version, arm.weight,
                    arm.control, arm.waived);
    RETURN_IF_ERROR(insert_arm.Run());
  }
  return ordinal;
}

absl::Status ExperimentStore::Stop(const ExperimentStop& stop, StoredExperiment& stored) {
  stored.experiment.state = State::kStopped;
  stored.experiment.stop_time = stop.time;
  stored.experiment.stop_reason = stop.reason;
  stored.experiment.stopped_by = stop.key_id;
  sql::Statement update = connection_.Prepare(R"sql(
      UPDATE experiments SET state = ?, stop_time_us = ?, stop_reason = ?, stopped_by = ?
      WHERE ordinal = ?)sql");
  update.Bind(static_cast<int>(State::kStopped), stop.time, stop.reason, stop.key_id,
              stored.ordinal);
  return update.Run();
}

absl::StatusOr<std::optional<StoredExperiment>> ExperimentStore::Find(
    const std::string& project, const std::string& experiment_id) {
  sql::Statement select =
      connection_.Prepare(kSelectExperiment + "WHERE project = ? AND experiment_id = ?");
  select.Bind(project, experiment_id);
  return ReadOne(select);
}

absl::StatusOr<std::optional<absl::Time>> ExperimentStore::StopTime(int64_t ordinal) {
  sql::Statement select =
      connection_.Prepare("SELECT state, stop_time_us FROM experiments WHERE ordinal = ?");
  select.Bind(ordinal);
  std::optional<absl::Time> stop_time;
  if (select.Next() && static_cast<State>(select.Int64(0)) == State::kStopped) {
    stop_time = select.Time(1);
  }
  RETURN_IF_ERROR(select.status());
  return stop_time;
}

absl::StatusOr<std::optional<StoredExperiment>> ExperimentStore::FindRunning(
    const std::string& project, const std::string& agent) {
  static constexpr auto kSql = kSelectExperiment + "WHERE project = ? AND agent = ? AND state = " +
                               sql::kLiteral<State::kRunning>;
  sql::Statement select = connection_.Prepare(kSql);
  select.Bind(project, agent);
  return ReadOne(select);
}

absl::StatusOr<std::vector<StoredExperiment>> ExperimentStore::List(const std::string& project,
                                                                    const sql::ListRange& range,
                                                                    int64_t limit) {
  sql::Statement select =
      sql::PrepareList(connection_, kSelectExperiment + "WHERE ", project, range, limit);
  std::vector<StoredExperiment> experiments;
  RETURN_IF_ERROR(ForEachRow(select, [&experiments](StoredExperiment stored) {
    experiments.push_back(std::move(stored));
  }));
  return experiments;
}

absl::Status ExperimentStore::ForEach(absl::FunctionRef<void(StoredExperiment)> on_experiment) {
  sql::Statement select = connection_.Prepare(kSelectExperiment + "ORDER BY ordinal");
  return ForEachRow(select, on_experiment);
}

absl::Status ExperimentStore::ForEachRow(sql::Statement& select,
                                         absl::FunctionRef<void(StoredExperiment)> on_experiment) {
  while (select.Next()) {
    ASSIGN_OR_RETURN(StoredExperiment stored, ReadRow(select));
    RETURN_IF_ERROR(ReadArms(stored));
    on_experiment(std::move(stored));
  }
  return select.status();
}

// By a unique index, so that there is no second row.
absl::StatusOr<std::optional<StoredExperiment>> ExperimentStore::ReadOne(sql::Statement& select) {
  std::optional<StoredExperiment> found;
  RETURN_IF_ERROR(
      ForEachRow(select, [&found](StoredExperiment stored) { found = std::move(stored); }));
  return found;
}

// Without a limit: an experiment has ten arms at most.
absl::Status ExperimentStore::ReadArms(StoredExperiment& stored) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT arm_id, model_version, weight, control, waived FROM experiment_arms
      WHERE experiment = ? ORDER BY position)sql");
  select.Bind(stored.ordinal);
  while (select.Next()) {
    stored.experiment.arms.push_back(
        {select.Text(0), select.Text(1), select.Double(2), select.Bool(3), select.Bool(4)});
  }
  return select.status();
}

}  // namespace flywheel::experiment
