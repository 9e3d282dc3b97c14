#include "experiment_service/store/outcome_counts_store.h"

#include <map>
#include <utility>

#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

// The parts of a row whose columns are in the order of the queries below, from `first` on.
OutcomeCounts ReadCounts(const sql::Statement& row, int first) {
  OutcomeCounts::Parts parts;
  parts.exposed_units = row.Int64(first);
  parts.units = row.Int64(first + 1);
  parts.outcomes = row.Int64(first + 2);
  parts.other_units = row.Int64(first + 3);
  parts.sum = ExactSum(row.Double(first + 4), row.Double(first + 5));
  parts.sum_of_squares = ExactSum(row.Double(first + 6), row.Double(first + 7));
  return OutcomeCounts(parts);
}

}  // namespace

absl::StatusOr<std::vector<StoredCounts>> OutcomeCountsStore::Update(
    const std::vector<ExperimentChange>& changes) {
  // Each arm is read and written once, however many of its units changed.
  std::map<std::pair<int64_t, size_t>, OutcomeCounts> arms;
  for (const ExperimentChange& each : changes) {
    const auto [place, added] =
        arms.try_emplace({each.experiment, each.change.arm}, OutcomeCounts());
    if (added) {
      ASSIGN_OR_RETURN(place->second, Find(each.experiment, each.change.arm));
    }
    place->second.Count(each.change);
  }
  std::vector<StoredCounts> changed;
  for (const auto& [key, counts] : arms) {
    changed.push_back({key.first, key.second, counts});
    RETURN_IF_ERROR(Put(changed.back()));
  }
  return changed;
}

absl::StatusOr<OutcomeCounts> OutcomeCountsStore::Find(int64_t experiment, size_t arm) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT exposed_units, units, outcomes, other_units, value_sum, value_sum_rest, square_sum,
             square_sum_rest
      FROM experiment_tallies WHERE experiment = ? AND arm = ?)sql");
  select.Bind(experiment, static_cast<int64_t>(arm));
  OutcomeCounts counts;
  if (select.Next()) counts = ReadCounts(select, /*first=*/0);
  RETURN_IF_ERROR(select.status());
  return counts;
}

absl::Status OutcomeCountsStore::Put(const StoredCounts& stored) {
  const OutcomeCounts::Parts& parts = stored.counts.parts();
  sql::Statement put = connection_.Prepare(R"sql(
      INSERT INTO experiment_tallies (
        experiment, arm, exposed_units, units, outcomes, other_units, value_sum, value_sum_rest,
        square_sum, square_sum_rest)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (experiment, arm) DO UPDATE SET
        exposed_units = excluded.exposed_units, units = excluded.units,
        outcomes = excluded.outcomes, other_units = excluded.other_units,
        value_sum = excluded.value_sum, value_sum_rest = excluded.value_sum_rest,
        square_sum = excluded.square_sum, square_sum_rest = excluded.square_sum_rest)sql");
  put.Bind(stored.experiment, static_cast<int64_t>(stored.arm), parts.exposed_units, parts.units,
           parts.outcomes, parts.other_units, parts.sum.high(), parts.sum.low(),
           parts.sum_of_squares.high(), parts.sum_of_squares.low());
  return put.Run();
}

absl::Status OutcomeCountsStore::ForEach(absl::FunctionRef<void(const StoredCounts&)> on_counts) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT experiment, arm, exposed_units, units, outcomes, other_units, value_sum,
             value_sum_rest, square_sum, square_sum_rest
      FROM experiment_tallies ORDER BY experiment, arm)sql");
  while (select.Next()) {
    on_counts(
        {select.Int64(0), static_cast<size_t>(select.Int64(1)), ReadCounts(select, /*first=*/2)});
  }
  return select.status();
}

}  // namespace flywheel::experiment
