#include "experiment_service/store/arm_counts_store.h"

#include "shared/status/status_macros.h"

namespace flywheel::experiment {
absl::StatusOr<ArmCounts> ArmCountsStore::Find(int64_t experiment, size_t arm, size_t metrics) {
  ArmCounts counts(metrics);
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT exposed_units, mixed_units, matured_units, fallback_outcomes FROM arm_tallies
      WHERE experiment = ? AND arm = ?)sql");
  select.Bind(experiment, static_cast<int64_t>(arm));
  const bool found = select.Next();
  if (found) {
    counts.exposed_units = select.Int64(0);
    counts.mixed_units = select.Int64(1);
    counts.matured_units = select.Int64(2);
    counts.fallback_outcomes = select.Int64(3);
  }
  RETURN_IF_ERROR(select.status());
  if (found) RETURN_IF_ERROR(ReadMetrics(experiment, arm, counts));
  return counts;
}

absl::Status ArmCountsStore::ReadMetrics(int64_t experiment, size_t arm, ArmCounts& counts) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT metric, units, outcomes, matured_units, other_units, value_sum, value_sum_rest,
             square_sum, square_sum_rest
      FROM metric_tallies WHERE experiment = ? AND arm = ?)sql");
  select.Bind(experiment, static_cast<int64_t>(arm));
  while (select.Next()) {
    OutcomeCounts::Parts parts;
    parts.units = select.Int64(1);
    parts.outcomes = select.Int64(2);
    parts.matured_units = select.Int64(3);
    parts.other_units = select.Int64(4);
    parts.sum = ExactSum(select.Double(5), select.Double(6));
    parts.sum_of_squares = ExactSum(select.Double(7), select.Double(8));
    const auto metric = static_cast<size_t>(select.Int64(0));
    if (metric < counts.metrics.size()) counts.metrics[metric] = OutcomeCounts(parts);
  }
  return select.status();
}

absl::Status ArmCountsStore::Put(const StoredCounts& stored) {
  const ArmCounts& counts = stored.counts;
  const auto arm = static_cast<int64_t>(stored.arm);
  sql::Statement put_arm = connection_.Prepare(R"sql(
      INSERT INTO arm_tallies (
        experiment, arm, exposed_units, mixed_units, matured_units, fallback_outcomes)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (experiment, arm) DO UPDATE SET
        exposed_units = excluded.exposed_units, mixed_units = excluded.mixed_units,
        matured_units = excluded.matured_units, fallback_outcomes = excluded.fallback_outcomes
      )sql");
  put_arm.Bind(stored.experiment, arm, counts.exposed_units, counts.mixed_units,
               counts.matured_units, counts.fallback_outcomes);
  RETURN_IF_ERROR(put_arm.Run());
  for (size_t i = 0; i < counts.metrics.size(); ++i) {
    const OutcomeCounts::Parts& parts = counts.metrics[i].parts();
    sql::Statement put = connection_.Prepare(R"sql(
        INSERT INTO metric_tallies (
          experiment, arm, metric, units, outcomes, matured_units, other_units, value_sum,
          value_sum_rest, square_sum, square_sum_rest)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (experiment, arm, metric) DO UPDATE SET
          units = excluded.units, outcomes = excluded.outcomes,
          matured_units = excluded.matured_units, other_units = excluded.other_units,
          value_sum = excluded.value_sum, value_sum_rest = excluded.value_sum_rest,
          square_sum = excluded.square_sum, square_sum_rest = excluded.square_sum_rest)sql");
    put.Bind(stored.experiment, arm, static_cast<int64_t>(i), parts.units, parts.outcomes,
             parts.matured_units, parts.other_units, parts.sum.high(), parts.sum.low(),
             parts.sum_of_squares.high(), parts.sum_of_squares.low());
    RETURN_IF_ERROR(put.Run());
  }
  return absl::OkStatus();
}

}  // namespace flywheel::experiment
