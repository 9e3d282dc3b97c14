#include "experiment_service/store/unit_store.h"

#include "shared/status/status_macros.h"

namespace flywheel::experiment {

absl::StatusOr<UnitChange> UnitStore::Record(const UnitKey& key, std::optional<double> value,
                                             absl::Time now) {
  UnitChange change;
  change.arm = key.arm;
  // What is known of the unit. An outcome may come before its exposure was written: then it is what
  // exposes the unit.
  {
    sql::Statement select = connection_.Prepare(R"sql(
        SELECT outcomes, value_sum, value_sum_rest FROM experiment_units
        WHERE experiment = ? AND unit_hash = ?)sql");
    select.Bind(key.experiment, sql::Blob{key.unit_hash});
    change.newly_exposed = !select.Next();
    RETURN_IF_ERROR(select.status());
    if (!change.newly_exposed) {
      change.before = {select.Int64(0), ExactSum(select.Double(1), select.Double(2))};
    }
  }
  change.after = change.before;
  if (value) change.after.Add(*value);
  const UnitTotal& after = change.after;
  if (change.newly_exposed) {
    sql::Statement insert = connection_.Prepare(R"sql(
        INSERT INTO experiment_units (
          experiment, unit_hash, arm, expose_time_us, outcomes, value_sum, value_sum_rest)
        VALUES (?, ?, ?, ?, ?, ?, ?))sql");
    insert.Bind(key.experiment, sql::Blob{key.unit_hash}, static_cast<int64_t>(key.arm), now,
                after.outcomes, after.sum.high(), after.sum.low());
    RETURN_IF_ERROR(insert.Run());
  } else if (value) {
    sql::Statement update = connection_.Prepare(R"sql(
        UPDATE experiment_units SET outcomes = ?, value_sum = ?, value_sum_rest = ?
        WHERE experiment = ? AND unit_hash = ?)sql");
    update.Bind(after.outcomes, after.sum.high(), after.sum.low(), key.experiment,
                sql::Blob{key.unit_hash});
    RETURN_IF_ERROR(update.Run());
  }
  return change;
}

absl::StatusOr<bool> UnitStore::HasUnits() {
  sql::Statement select = connection_.Prepare("SELECT 1 FROM experiment_units LIMIT 1");
  const bool found = select.Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

}  // namespace flywheel::experiment
