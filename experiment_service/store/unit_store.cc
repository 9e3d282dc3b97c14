#include "experiment_service/store/unit_store.h"

#include <map>
#include <utility>

#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

// In the place of a metric: the outcomes that were served another version without an assignment.
constexpr int64_t kMixedFallbacks = -1;

}  // namespace

absl::StatusOr<UnitState> UnitStore::Find(const UnitKey& key, size_t metrics) {
  UnitState state;
  {
    sql::Statement select = connection_.Prepare(R"sql(
        SELECT expose_time_us, mixed_outcomes FROM exposed_units
        WHERE experiment = ? AND unit_hash = ?)sql");
    select.Bind(key.experiment, sql::Blob{key.unit_hash});
    if (select.Next()) {
      state.expose_time = select.Time(0);
      state.mixed_outcomes = select.Int64(1);
    }
    RETURN_IF_ERROR(select.status());
  }
  if (state.exposed()) state.totals.resize(metrics);
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT metric, outcomes, value_sum, value_sum_rest FROM experiment_unit_totals
      WHERE experiment = ? AND unit_hash = ?)sql");
  select.Bind(key.experiment, sql::Blob{key.unit_hash});
  while (select.Next()) {
    if (select.Int64(0) == kMixedFallbacks) state.mixed_fallbacks = select.Int64(1);
    const auto metric = static_cast<size_t>(select.Int64(0));
    if (metric >= state.totals.size()) continue;
    state.totals[metric] = {select.Int64(1), ExactSum(select.Double(2), select.Double(3))};
  }
  RETURN_IF_ERROR(select.status());
  return state;
}

absl::Status UnitStore::Put(const UnitKey& key, const UnitState& before, const UnitState& after) {
  if (before.mixed_fallbacks != after.mixed_fallbacks) {
    RETURN_IF_ERROR(PutTotal(key, kMixedFallbacks, {after.mixed_fallbacks, ExactSum()}));
  }
  const bool row_differs =
      before.expose_time != after.expose_time || before.mixed_outcomes != after.mixed_outcomes;
  if (after.exposed() && row_differs) {
    sql::Statement put = connection_.Prepare(R"sql(
        INSERT INTO exposed_units (experiment, unit_hash, arm, expose_time_us, mixed_outcomes)
        VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (experiment, unit_hash) DO UPDATE SET
          expose_time_us = excluded.expose_time_us, mixed_outcomes = excluded.mixed_outcomes)sql");
    put.Bind(key.experiment, sql::Blob{key.unit_hash}, static_cast<int64_t>(key.arm),
             *after.expose_time, after.mixed_outcomes);
    RETURN_IF_ERROR(put.Run());
  }
  for (size_t i = 0; i < after.totals.size(); ++i) {
    const UnitTotal& total = after.totals[i];
    const UnitTotal known = i < before.totals.size() ? before.totals[i] : UnitTotal();
    if (known != total) RETURN_IF_ERROR(PutTotal(key, static_cast<int64_t>(i), total));
  }
  return absl::OkStatus();
}

absl::Status UnitStore::PutTotal(const UnitKey& key, int64_t metric, const UnitTotal& total) {
  sql::Statement put = connection_.Prepare(R"sql(
      INSERT INTO experiment_unit_totals (
        experiment, unit_hash, metric, outcomes, value_sum, value_sum_rest)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (experiment, unit_hash, metric) DO UPDATE SET
        outcomes = excluded.outcomes, value_sum = excluded.value_sum,
        value_sum_rest = excluded.value_sum_rest)sql");
  put.Bind(key.experiment, sql::Blob{key.unit_hash}, metric, total.outcomes, total.sum.high(),
           total.sum.low());
  return put.Run();
}

absl::StatusOr<int64_t> UnitStore::Remove(const UnitKey& key) {
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
                          DELETE FROM experiment_unit_totals
                          WHERE experiment = ? AND unit_hash = ?)sql")
                      .Bind(key.experiment, sql::Blob{key.unit_hash})
                      .Run());
  const int64_t totals = connection_.ChangedRows();
  RETURN_IF_ERROR(
      connection_.Prepare("DELETE FROM exposed_units WHERE experiment = ? AND unit_hash = ?")
          .Bind(key.experiment, sql::Blob{key.unit_hash})
          .Run());
  return totals + connection_.ChangedRows();
}

absl::StatusOr<int64_t> UnitStore::RemoveSome(int64_t experiment, int64_t limit) {
  // Both tables have no row id: their rows are found by the unit.
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
                          DELETE FROM experiment_unit_totals
                          WHERE experiment = ?1 AND unit_hash IN (
                            SELECT unit_hash FROM experiment_unit_totals WHERE experiment = ?1
                            ORDER BY unit_hash LIMIT ?2))sql")
                      .Bind(experiment, limit)
                      .Run());
  if (const int64_t totals = connection_.ChangedRows(); totals > 0) return totals;
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
                          DELETE FROM exposed_units
                          WHERE experiment = ?1 AND unit_hash IN (
                            SELECT unit_hash FROM exposed_units WHERE experiment = ?1
                            ORDER BY unit_hash LIMIT ?2))sql")
                      .Bind(experiment, limit)
                      .Run());
  return connection_.ChangedRows();
}

absl::StatusOr<bool> UnitStore::HasUnitsIn(int64_t experiment, absl::Time after,
                                           absl::Time before) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT 1 FROM exposed_units
      WHERE experiment = ? AND expose_time_us > ? AND expose_time_us <= ? LIMIT 1)sql");
  select.Bind(experiment, after, before);
  const bool found = select.Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<absl::Time> UnitStore::EndOfRange(int64_t experiment, absl::Time after,
                                                 absl::Time before, int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT expose_time_us FROM exposed_units
      WHERE experiment = ? AND expose_time_us > ? AND expose_time_us <= ?
      ORDER BY expose_time_us LIMIT 1 OFFSET ?)sql");
  select.Bind(experiment, after, before, limit - 1);
  const absl::Time end = select.Next() ? select.Time(0) : before;
  RETURN_IF_ERROR(select.status());
  return end;
}

absl::StatusOr<std::vector<MaturedUnits>> UnitStore::CountRange(int64_t experiment,
                                                                absl::Time after,
                                                                absl::Time through,
                                                                size_t metrics) {
  std::map<size_t, MaturedUnits> arms;
  {
    sql::Statement select = connection_.Prepare(R"sql(
        SELECT arm, COUNT(*) FROM exposed_units
        WHERE experiment = ?1 AND expose_time_us > ?2 AND expose_time_us <= ?3
          AND mixed_outcomes = 0
          AND NOT EXISTS (SELECT 1 FROM experiment_unit_totals AS f
                          WHERE f.experiment = ?1 AND f.unit_hash = exposed_units.unit_hash
                            AND f.metric = -1 AND f.outcomes > 0)
        GROUP BY arm)sql");
    select.Bind(experiment, after, through);
    while (select.Next()) {
      const auto arm = static_cast<size_t>(select.Int64(0));
      arms[arm] = {arm, select.Int64(1), std::vector<int64_t>(metrics)};
    }
    RETURN_IF_ERROR(select.status());
  }
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT u.arm, t.metric, COUNT(*) FROM exposed_units AS u
      JOIN experiment_unit_totals AS t
        ON t.experiment = u.experiment AND t.unit_hash = u.unit_hash AND t.metric >= 0
          AND t.outcomes > 0
      WHERE u.experiment = ?1 AND u.expose_time_us > ?2 AND u.expose_time_us <= ?3
        AND u.mixed_outcomes = 0
        AND NOT EXISTS (SELECT 1 FROM experiment_unit_totals AS f
                        WHERE f.experiment = ?1 AND f.unit_hash = u.unit_hash
                          AND f.metric = -1 AND f.outcomes > 0)
      GROUP BY u.arm, t.metric)sql");
  select.Bind(experiment, after, through);
  while (select.Next()) {
    const auto metric = static_cast<size_t>(select.Int64(1));
    if (metric < metrics) {
      arms[static_cast<size_t>(select.Int64(0))].with_outcome[metric] = select.Int64(2);
    }
  }
  RETURN_IF_ERROR(select.status());
  std::vector<MaturedUnits> counts;
  for (auto& [arm, units] : arms) counts.push_back(std::move(units));
  return counts;
}

absl::StatusOr<bool> UnitStore::HasUnits() {
  sql::Statement select = connection_.Prepare("SELECT 1 FROM exposed_units LIMIT 1");
  const bool found = select.Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

}  // namespace flywheel::experiment
