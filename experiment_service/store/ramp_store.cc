#include "experiment_service/store/ramp_store.h"

#include <cstddef>
#include <utility>

#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

RampEvent ReadRow(const sql::Statement& row) {
  RampEvent event;
  event.ordinal = row.Int64(0);
  event.kind = static_cast<RampEventKind>(row.Int64(1));
  event.time = row.Time(2);
  event.from_step = static_cast<size_t>(row.Int64(3));
  event.to_step = static_cast<size_t>(row.Int64(4));
  event.decision = row.Int64(5);
  event.reason = static_cast<Reason>(row.Int64(6));
  event.key_id = row.Text(7);
  event.owner = row.Text(8);
  event.message = row.Text(9);
  return event;
}

}  // namespace

absl::Status RampStore::Insert(int64_t experiment, const Ramp& ramp) {
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO ramp_steps (experiment, position, coverage, min_duration_us, min_units)
      VALUES (?, ?, ?, ?, ?))sql");
  for (size_t i = 0; i < ramp.steps.size(); ++i) {
    const RampStep& step = ramp.steps[i];
    insert.Bind(experiment, static_cast<int64_t>(i), step.coverage,
                absl::ToInt64Microseconds(step.min_duration), step.min_units);
    RETURN_IF_ERROR(insert.Run());
  }
  sql::Statement update =
      connection_.Prepare("UPDATE experiments SET ramp_promote = ? WHERE ordinal = ?");
  RETURN_IF_ERROR(update.Bind(ramp.promote, experiment).Run());
  return PutState(experiment, ramp.state);
}

absl::Status RampStore::PutState(int64_t experiment, const RampState& state) {
  sql::Statement update = connection_.Prepare(R"sql(
      UPDATE experiments
      SET ramp_phase = ?, ramp_step = ?, ramp_step_time_us = ?, ramp_message = ?
      WHERE ordinal = ?)sql");
  update.Bind(static_cast<int>(state.phase), static_cast<int64_t>(state.step), state.step_time,
              state.message, experiment);
  return update.Run();
}

absl::StatusOr<std::vector<RampStep>> RampStore::ReadSteps(int64_t experiment) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT coverage, min_duration_us, min_units FROM ramp_steps
      WHERE experiment = ? ORDER BY position)sql");
  select.Bind(experiment);
  std::vector<RampStep> steps;
  while (select.Next()) {
    steps.push_back({select.Double(0), absl::Microseconds(select.Int64(1)), select.Int64(2)});
  }
  RETURN_IF_ERROR(select.status());
  return steps;
}

absl::Status RampStore::Append(int64_t experiment, const RampEvent& event) {
  sql::Statement last = connection_.Prepare(
      "SELECT COALESCE(MAX(sequence), 0) FROM ramp_events WHERE experiment = ?");
  last.Bind(experiment);
  const int64_t sequence = last.Next() ? last.Int64(0) + 1 : 1;
  RETURN_IF_ERROR(last.status());
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO ramp_events (
        experiment, sequence, kind, event_time_us, from_step, to_step, decision, reason, key_id,
        owner, message)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql");
  insert.Bind(experiment, sequence, static_cast<int>(event.kind), event.time,
              static_cast<int64_t>(event.from_step), static_cast<int64_t>(event.to_step),
              event.decision, static_cast<int>(event.reason), event.key_id, event.owner,
              event.message);
  return insert.Run();
}

absl::StatusOr<bool> RampStore::HasRefusal(int64_t experiment, int64_t decision, Reason reason) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT 1 FROM ramp_events
      WHERE experiment = ? AND decision = ? AND kind = ? AND reason = ? LIMIT 1)sql");
  select.Bind(experiment, decision, static_cast<int>(RampEventKind::kPromotionRefused),
              static_cast<int>(reason));
  const bool found = select.Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<std::vector<RampEvent>> RampStore::List(int64_t experiment, int64_t beyond,
                                                       int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT sequence, kind, event_time_us, from_step, to_step, decision, reason, key_id, owner,
             message
      FROM ramp_events WHERE experiment = ? AND sequence > ? ORDER BY sequence LIMIT ?)sql");
  select.Bind(experiment, beyond, limit);
  std::vector<RampEvent> events;
  while (select.Next()) events.push_back(ReadRow(select));
  RETURN_IF_ERROR(select.status());
  return events;
}

}  // namespace flywheel::experiment
