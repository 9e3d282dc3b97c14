#include "experiment_service/store/arm_counts_store.h"

#include <string>

#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

ExactSum SumAt(const sql::Statement& row, int column) {
  return ExactSum::FromBytes(row.View(column)).value_or(ExactSum());
}

ValueHistogram HistogramAt(const sql::Statement& row, int column) {
  return ValueHistogram::Decode(row.View(column)).value_or(ValueHistogram());
}

}  // namespace

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
      SELECT metric, units, outcomes, matured_units, other_units, value_sum, square_sum,
             denominator_sum, denominator_square_sum, product_sum, histogram
      FROM metric_tallies WHERE experiment = ? AND arm = ?)sql");
  select.Bind(experiment, static_cast<int64_t>(arm));
  while (select.Next()) {
    OutcomeCounts::Parts parts;
    parts.units = select.Int64(1);
    parts.outcomes = select.Int64(2);
    parts.matured_units = select.Int64(3);
    parts.other_units = select.Int64(4);
    parts.sum = SumAt(select, 5);
    parts.sum_of_squares = SumAt(select, 6);
    parts.denominator_sum = SumAt(select, 7);
    parts.denominator_sum_of_squares = SumAt(select, 8);
    parts.product_sum = SumAt(select, 9);
    parts.histogram = HistogramAt(select, 10);
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
    const std::string sum = parts.sum.bytes();
    const std::string squares = parts.sum_of_squares.bytes();
    const std::string denominators = parts.denominator_sum.bytes();
    const std::string denominator_squares = parts.denominator_sum_of_squares.bytes();
    const std::string products = parts.product_sum.bytes();
    const std::string histogram = parts.histogram.Encode();
    sql::Statement put = connection_.Prepare(R"sql(
        INSERT INTO metric_tallies (
          experiment, arm, metric, units, outcomes, matured_units, other_units, value_sum,
          square_sum, denominator_sum, denominator_square_sum, product_sum, histogram)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (experiment, arm, metric) DO UPDATE SET
          units = excluded.units, outcomes = excluded.outcomes,
          matured_units = excluded.matured_units, other_units = excluded.other_units,
          value_sum = excluded.value_sum, square_sum = excluded.square_sum,
          denominator_sum = excluded.denominator_sum,
          denominator_square_sum = excluded.denominator_square_sum,
          product_sum = excluded.product_sum, histogram = excluded.histogram)sql");
    put.Bind(stored.experiment, arm, static_cast<int64_t>(i), parts.units, parts.outcomes,
             parts.matured_units, parts.other_units, sql::Blob{sum}, sql::Blob{squares},
             sql::Blob{denominators}, sql::Blob{denominator_squares}, sql::Blob{products},
             sql::Blob{histogram});
    RETURN_IF_ERROR(put.Run());
  }
  return absl::OkStatus();
}

}  // namespace flywheel::experiment
