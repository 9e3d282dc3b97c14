#include "experiment_service/store/experiment_store.h"

#include <utility>

#include "experiment_service/store/label_store.h"
#include "experiment_service/store/ramp_store.h"
#include "experiment_service/store/segment_store.h"
#include "shared/sql/text.h"
#include "shared/sql/text_map.h"
#include "shared/status/status_macros.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {
namespace {

constexpr auto kSelectExperiment = sql::Text(R"sql(
    SELECT ordinal, project, experiment_id, request_hash, agent, unit, alpha, planned_units,
           min_units_per_arm, outcome_window_us, waiver_owner, waiver_reason, create_time_us, state,
           stop_time_us, stop_reason, created_by, stopped_by, min_units, min_duration_us,
           max_duration_us, hold_untrusted_harm, ramp_phase, ramp_promote, ramp_step,
           ramp_step_time_us, ramp_message, assignment_salt,
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
  experiment.plan.metrics.clear();
  experiment.plan.alpha = row.Double(6);
  experiment.plan.planned_units = row.Int64(7);
  experiment.plan.min_units_per_arm = row.Int64(8);
  experiment.plan.outcome_window = absl::Microseconds(row.Int64(9));
  experiment.waiver = {row.Text(10), row.Text(11)};
  experiment.create_time = row.Time(12);
  experiment.state = static_cast<State>(row.Int64(13));
  experiment.stop_time = row.Time(14);
  experiment.stop_reason = row.Text(15);
  experiment.created_by = row.Text(16);
  experiment.stopped_by = row.Text(17);
  experiment.plan.min_units = row.Int64(18);
  experiment.plan.min_duration = absl::Microseconds(row.Int64(19));
  experiment.plan.max_duration = absl::Microseconds(row.Int64(20));
  experiment.plan.hold_untrusted_harm = row.Bool(21);
  if (row.Int64(22) != 0) {
    Ramp& ramp = experiment.ramp.emplace();
    ramp.promote = row.Bool(23);
    ramp.state = {static_cast<size_t>(row.Int64(24)), row.Time(25),
                  static_cast<RampPhase>(row.Int64(22)), row.Text(26)};
  }
  stored.assignment_salt = row.Text(27);
  ASSIGN_OR_RETURN(experiment.labels, sql::TextMapFromJson(row.View(28)));
  return stored;
}

}  // namespace

absl::StatusOr<int64_t> ExperimentStore::Insert(const std::string& project,
                                                const Experiment& experiment,
                                                const std::string& request_hash,
                                                std::string_view assignment_salt) {
  sql::Statement last =
      connection_.Prepare("SELECT COALESCE(MAX(ordinal), 0) AS last FROM experiments");
  const int64_t ordinal = last.Next() ? last.Int64(0) + 1 : 0;
  RETURN_IF_ERROR(last.status());

  const AnalysisPlan& plan = experiment.plan;
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO experiments (
        ordinal, project, experiment_id, request_hash, agent, unit, alpha, planned_units,
        min_units_per_arm, outcome_window_us, waiver_owner, waiver_reason, create_time_us, state,
        stop_time_us, stop_reason, created_by, stopped_by, min_units, min_duration_us,
        max_duration_us, hold_untrusted_harm, assignment_salt)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', ?, '', ?, ?, ?, ?, ?))sql");
  insert.Bind(ordinal, project, experiment.experiment_id, sql::Blob{request_hash}, experiment.agent,
              static_cast<int>(experiment.unit), plan.alpha, plan.planned_units,
              plan.min_units_per_arm, absl::ToInt64Microseconds(plan.outcome_window),
              experiment.waiver.owner, experiment.waiver.reason, experiment.create_time,
              static_cast<int>(State::kRunning), experiment.created_by, plan.min_units,
              absl::ToInt64Microseconds(plan.min_duration),
              absl::ToInt64Microseconds(plan.max_duration), plan.hold_untrusted_harm,
              sql::Blob{assignment_salt});
  RETURN_IF_ERROR(insert.Run());
  RETURN_IF_ERROR(InsertMetrics(ordinal, plan.metrics));
  RETURN_IF_ERROR(SegmentStore(connection_).Insert(ordinal, plan.segments));

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
  if (experiment.ramp) RETURN_IF_ERROR(RampStore(connection_).Insert(ordinal, *experiment.ramp));
  return ordinal;
}

absl::Status ExperimentStore::InsertMetrics(int64_t ordinal, const std::vector<Metric>& metrics) {
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO experiment_metrics (
        experiment, position, name, goal, min_lift, margin, value_without_outcome, aggregation,
        direction, scale, cap, denominator, secondary, quantile, cap_quantile, source,
        source_signals, source_every_interaction, source_name, source_number)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql");
  for (size_t i = 0; i < metrics.size(); ++i) {
    const Metric& metric = metrics[i];
    const OutcomeSource source = metric.source.value_or(OutcomeSource{});
    insert.Bind(ordinal, static_cast<int64_t>(i), metric.name, static_cast<int>(metric.goal),
                metric.min_lift, metric.margin, metric.value_without_outcome,
                static_cast<int>(metric.aggregation), static_cast<int>(metric.direction),
                static_cast<int>(metric.scale), metric.cap, metric.denominator, metric.secondary,
                metric.quantile, metric.cap_quantile,
                metric.source ? static_cast<int>(source.kind) : 0, source.signals,
                source.every_interaction, source.name, static_cast<int>(source.number));
    RETURN_IF_ERROR(insert.Run());
  }
  return absl::OkStatus();
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

absl::StatusOr<ExperimentProgress> ExperimentStore::Progress(int64_t ordinal) {
  sql::Statement select = connection_.Prepare(
      "SELECT state, stop_time_us, matured_through_us FROM experiments WHERE ordinal = ?");
  select.Bind(ordinal);
  ExperimentProgress progress;
  if (select.Next()) {
    if (static_cast<State>(select.Int64(0)) == State::kStopped) progress.stop_time = select.Time(1);
    progress.matured_through = select.Time(2);
  }
  RETURN_IF_ERROR(select.status());
  return progress;
}

absl::Status ExperimentStore::SetMaturedThrough(int64_t ordinal, absl::Time time) {
  sql::Statement update =
      connection_.Prepare("UPDATE experiments SET matured_through_us = ? WHERE ordinal = ?");
  update.Bind(time, ordinal);
  return update.Run();
}

absl::StatusOr<std::optional<StoredExperiment>> ExperimentStore::FindRunning(
    const std::string& project, const std::string& agent) {
  static constexpr auto kSql = kSelectExperiment + "WHERE project = ? AND agent = ? AND state = " +
                               sql::kLiteral<State::kRunning>;
  sql::Statement select = connection_.Prepare(kSql);
  select.Bind(project, agent);
  return ReadOne(select);
}

absl::StatusOr<int64_t> ExperimentStore::Count(const std::string& project,
                                               const std::string& agent) {
  sql::Statement select =
      connection_.Prepare("SELECT COUNT(*) FROM experiments WHERE project = ? AND agent = ?");
  select.Bind(project, agent);
  const int64_t count = select.Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return count;
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
    RETURN_IF_ERROR(ReadMetrics(stored));
    ASSIGN_OR_RETURN(stored.experiment.plan.segments,
                     SegmentStore(connection_).Read(stored.ordinal));
    if (stored.experiment.ramp) {
      ASSIGN_OR_RETURN(stored.experiment.ramp->steps,
                       RampStore(connection_).ReadSteps(stored.ordinal));
    }
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

// Without a limit, as the arms: validation bounds them.
absl::Status ExperimentStore::ReadMetrics(StoredExperiment& stored) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT name, goal, min_lift, margin, aggregation, direction, scale, cap,
             value_without_outcome, denominator, secondary, quantile, cap_quantile, source,
             source_signals, source_every_interaction, source_name, source_number
      FROM experiment_metrics WHERE experiment = ? ORDER BY position)sql");
  select.Bind(stored.ordinal);
  while (select.Next()) {
    Metric metric;
    metric.name = select.Text(0);
    metric.goal = static_cast<Goal>(select.Int64(1));
    metric.min_lift = select.Double(2);
    metric.margin = select.Double(3);
    metric.aggregation = static_cast<Aggregation>(select.Int64(4));
    metric.direction = static_cast<Direction>(select.Int64(5));
    metric.scale = static_cast<Scale>(select.Int64(6));
    if (!select.IsNull(7)) metric.cap = select.Double(7);
    if (!select.IsNull(8)) metric.value_without_outcome = select.Double(8);
    metric.denominator = select.Text(9);
    metric.secondary = select.Bool(10);
    if (!select.IsNull(11)) metric.quantile = select.Double(11);
    if (!select.IsNull(12)) metric.cap_quantile = select.Double(12);
    if (select.Int64(13) != 0) {
      metric.source = OutcomeSource{static_cast<SourceKind>(select.Int64(13)), select.Int64(14),
                                    select.Bool(15), select.Text(16),
                                    static_cast<InteractionNumber>(select.Int64(17))};
    }
    stored.experiment.plan.metrics.push_back(std::move(metric));
  }
  return select.status();
}

}  // namespace flywheel::experiment
