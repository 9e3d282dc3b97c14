#include "experiment_service/store/decision_store.h"

#include <limits>
#include <utility>

#include "shared/sql/text.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

constexpr auto kSelect = sql::Text(R"sql(
    SELECT sequence, arm, recommendation, reason, message, decide_time_us, counts, analysis_hash
    FROM decisions WHERE experiment = ? )sql");

StoredDecision ReadRow(const sql::Statement& row) {
  StoredDecision stored;
  stored.ordinal = row.Int64(0);
  stored.arm = static_cast<size_t>(row.Int64(1));
  stored.decision.recommendation = static_cast<Recommendation>(row.Int64(2));
  stored.decision.reason = static_cast<RecommendationReason>(row.Int64(3));
  stored.decision.message = row.Text(4);
  stored.decide_time = row.Time(5);
  stored.counts = row.Text(6);
  stored.analysis_hash = row.Text(7);
  return stored;
}

}  // namespace

absl::StatusOr<Standing> DecisionStore::FindStanding(int64_t experiment, size_t arm) {
  Standing standing;
  ASSIGN_OR_RETURN(std::optional<StoredDecision> newest,
                   FindBefore(experiment, arm, std::numeric_limits<int64_t>::max()));
  if (newest) {
    standing.decision = std::move(newest->decision);
    standing.sequence = newest->ordinal;
    standing.decide_time = newest->decide_time;
  }
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT metric, absolute_lower, absolute_upper, relative_lower, relative_upper
      FROM running_intervals WHERE experiment = ? AND arm = ?)sql");
  select.Bind(experiment, static_cast<int64_t>(arm));
  while (select.Next()) {
    const auto metric = static_cast<size_t>(select.Int64(0));
    if (standing.intervals.size() <= metric) standing.intervals.resize(metric + 1);
    standing.intervals[metric] = {{select.Double(1), select.Double(2)},
                                  {select.Double(3), select.Double(4)}};
  }
  RETURN_IF_ERROR(select.status());
  return standing;
}

absl::StatusOr<int64_t> DecisionStore::Insert(int64_t experiment, const StoredDecision& decision) {
  sql::Statement last =
      connection_.Prepare("SELECT COALESCE(MAX(sequence), 0) FROM decisions WHERE experiment = ?");
  last.Bind(experiment);
  const int64_t sequence = last.Next() ? last.Int64(0) + 1 : 1;
  RETURN_IF_ERROR(last.status());
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO decisions (
        experiment, sequence, arm, recommendation, reason, message, decide_time_us, counts,
        analysis_hash)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))sql");
  insert.Bind(experiment, sequence, static_cast<int64_t>(decision.arm),
              static_cast<int>(decision.decision.recommendation),
              static_cast<int>(decision.decision.reason), decision.decision.message,
              decision.decide_time, decision.counts, sql::Blob{decision.analysis_hash});
  RETURN_IF_ERROR(insert.Run());
  return sequence;
}

absl::Status DecisionStore::PutIntervals(int64_t experiment, size_t arm,
                                         const std::vector<RunningIntervals>& intervals) {
  for (size_t i = 0; i < intervals.size(); ++i) {
    const auto& [absolute, relative] = intervals[i];
    sql::Statement put = connection_.Prepare(R"sql(
        INSERT INTO running_intervals (
          experiment, arm, metric, absolute_lower, absolute_upper, relative_lower, relative_upper)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (experiment, arm, metric) DO UPDATE SET
          absolute_lower = excluded.absolute_lower, absolute_upper = excluded.absolute_upper,
          relative_lower = excluded.relative_lower, relative_upper = excluded.relative_upper)sql");
    put.Bind(experiment, static_cast<int64_t>(arm), static_cast<int64_t>(i), absolute.lower,
             absolute.upper, relative.lower, relative.upper);
    RETURN_IF_ERROR(put.Run());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<StoredDecision>> DecisionStore::Find(int64_t experiment,
                                                                  int64_t sequence) {
  sql::Statement select = connection_.Prepare(kSelect + "AND sequence = ?");
  select.Bind(experiment, sequence);
  std::optional<StoredDecision> found;
  if (select.Next()) found = ReadRow(select);
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<std::optional<StoredDecision>> DecisionStore::FindBefore(int64_t experiment,
                                                                        size_t arm,
                                                                        int64_t sequence) {
  sql::Statement select =
      connection_.Prepare(kSelect + "AND arm = ? AND sequence < ? ORDER BY sequence DESC LIMIT 1");
  select.Bind(experiment, static_cast<int64_t>(arm), sequence);
  std::optional<StoredDecision> found;
  if (select.Next()) found = ReadRow(select);
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<std::vector<StoredDecision>> DecisionStore::List(int64_t experiment, int64_t beyond,
                                                                int64_t limit) {
  sql::Statement select =
      connection_.Prepare(kSelect + "AND sequence > ? ORDER BY sequence LIMIT ?");
  select.Bind(experiment, beyond, limit);
  std::vector<StoredDecision> decisions;
  while (select.Next()) decisions.push_back(ReadRow(select));
  RETURN_IF_ERROR(select.status());
  return decisions;
}

}  // namespace flywheel::experiment
