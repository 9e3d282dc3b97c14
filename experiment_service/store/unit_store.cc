#include "experiment_service/store/unit_store.h"

#include <utility>

#include "experiment_service/store/unit_totals_bytes.h"
#include "shared/hashing/sha256.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

// From the columns expose_time_us, mixed_outcomes, mixed_fallbacks, totals and segments, the first
// at `column`.
UnitState StateAt(const sql::Statement& row, int column, size_t columns) {
  UnitState state;
  state.mixed_outcomes = row.Int64(column + 1);
  state.mixed_fallbacks = row.Int64(column + 2);
  if (row.IsNull(column)) return state;
  state.expose_time = row.Time(column);
  state.totals = ParseUnitTotals(row.View(column + 3), columns);
  state.segments = row.Text(column + 4);
  return state;
}

std::string ErasureKey(const UnitKey& key) {
  constexpr size_t kBytes = 16;
  return Sha256(key.unit_hash).substr(0, kBytes);
}

}  // namespace

absl::StatusOr<UnitState> UnitStore::Find(const UnitKey& key, size_t columns) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT expose_time_us, mixed_outcomes, mixed_fallbacks, totals, segments
      FROM experiment_units WHERE experiment = ? AND unit_hash = ?)sql");
  select.Bind(key.experiment, sql::Blob{key.unit_hash});
  UnitState state;
  if (select.Next()) state = StateAt(select, 0, columns);
  RETURN_IF_ERROR(select.status());
  return state;
}

absl::Status UnitStore::Put(const UnitKey& key, const UnitState& before, const UnitState& after) {
  const bool differs = before.expose_time != after.expose_time ||
                       before.mixed_outcomes != after.mixed_outcomes ||
                       before.mixed_fallbacks != after.mixed_fallbacks ||
                       before.totals != after.totals || before.segments != after.segments;
  if (!differs) return absl::OkStatus();
  sql::Statement put = connection_.Prepare(R"sql(
      INSERT INTO experiment_units (
        experiment, unit_hash, arm, expose_time_us, mixed_outcomes, mixed_fallbacks, totals,
        segments)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (experiment, unit_hash) DO UPDATE SET
        arm = excluded.arm, expose_time_us = excluded.expose_time_us,
        mixed_outcomes = excluded.mixed_outcomes, mixed_fallbacks = excluded.mixed_fallbacks,
        totals = excluded.totals, segments = excluded.segments)sql");
  const std::string totals = UnitTotalsBytes(after.totals);
  put.Bind(key.experiment, sql::Blob{key.unit_hash}, static_cast<int64_t>(key.arm),
           after.expose_time, after.mixed_outcomes, after.mixed_fallbacks, sql::Blob{totals},
           sql::Blob{after.segments});
  return put.Run();
}

absl::StatusOr<int64_t> UnitStore::Remove(const UnitKey& key) {
  RETURN_IF_ERROR(
      connection_.Prepare("DELETE FROM experiment_units WHERE experiment = ? AND unit_hash = ?")
          .Bind(key.experiment, sql::Blob{key.unit_hash})
          .Run());
  return connection_.ChangedRows();
}

absl::Status UnitStore::PutErasure(const UnitKey& key, absl::Time time) {
  const std::string erasure_key = ErasureKey(key);
  sql::Statement put = connection_.Prepare(R"sql(
      INSERT INTO erased_units (experiment, erasure_key, erase_time_us) VALUES (?, ?, ?)
      ON CONFLICT (experiment, erasure_key) DO UPDATE SET
        erase_time_us = excluded.erase_time_us)sql");
  put.Bind(key.experiment, sql::Blob{erasure_key}, time);
  return put.Run();
}

absl::StatusOr<std::optional<absl::Time>> UnitStore::FindErasure(const UnitKey& key) {
  const std::string erasure_key = ErasureKey(key);
  sql::Statement select = connection_.Prepare(
      "SELECT erase_time_us FROM erased_units WHERE experiment = ? AND erasure_key = ?");
  select.Bind(key.experiment, sql::Blob{erasure_key});
  std::optional<absl::Time> time;
  if (select.Next()) time = select.Time(0);
  RETURN_IF_ERROR(select.status());
  return time;
}

absl::StatusOr<int64_t> UnitStore::RemoveSome(int64_t experiment, int64_t limit) {
  RETURN_IF_ERROR(
      connection_.Prepare("DELETE FROM erased_units WHERE experiment = ?").Bind(experiment).Run());
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
                          DELETE FROM experiment_units
                          WHERE experiment = ?1 AND unit_hash IN (
                            SELECT unit_hash FROM experiment_units WHERE experiment = ?1
                            ORDER BY unit_hash LIMIT ?2))sql")
                      .Bind(experiment, limit)
                      .Run());
  return connection_.ChangedRows();
}

absl::StatusOr<bool> UnitStore::HasUnitsIn(int64_t experiment, absl::Time after,
                                           absl::Time before) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT 1 FROM experiment_units
      WHERE experiment = ? AND expose_time_us > ? AND expose_time_us <= ? LIMIT 1)sql");
  select.Bind(experiment, after, before);
  const bool found = select.Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<absl::Time> UnitStore::EndOfRange(int64_t experiment, absl::Time after,
                                                 absl::Time before, int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT expose_time_us FROM experiment_units
      WHERE experiment = ? AND expose_time_us > ? AND expose_time_us <= ?
      ORDER BY expose_time_us LIMIT 1 OFFSET ?)sql");
  select.Bind(experiment, after, before, limit - 1);
  const absl::Time end = select.Next() ? select.Time(0) : before;
  RETURN_IF_ERROR(select.status());
  return end;
}

absl::Status UnitStore::ForEachIn(int64_t experiment, absl::Time after, absl::Time through,
                                  size_t columns,
                                  absl::FunctionRef<absl::Status(const StoredUnit&)> on_unit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT unit_hash, arm, expose_time_us, mixed_outcomes, mixed_fallbacks, totals, segments
      FROM experiment_units
      WHERE experiment = ? AND expose_time_us > ? AND expose_time_us <= ?)sql");
  select.Bind(experiment, after, through);
  while (select.Next()) {
    RETURN_IF_ERROR(on_unit({{experiment, select.Text(0), static_cast<size_t>(select.Int64(1))},
                             StateAt(select, 2, columns)}));
  }
  return select.status();
}

absl::StatusOr<bool> UnitStore::HasUnits() {
  sql::Statement select = connection_.Prepare("SELECT 1 FROM experiment_units LIMIT 1");
  const bool found = select.Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

}  // namespace flywheel::experiment
