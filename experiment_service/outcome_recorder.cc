#include "experiment_service/outcome_recorder.h"

#include <fmt/format.h>

#include <optional>

#include "experiment_service/ordered_commit.h"
#include "experiment_service/request_hash.h"
#include "experiment_service/store/outcome_store.h"
#include "experiment_service/store/unit_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/time/time_text.h"

namespace flywheel::experiment {
namespace {

// Between the clock of a client and ours; as for times in the future.
constexpr absl::Duration kLargestClockSkew = absl::Minutes(5);

OutcomeResult RejectedAsTooEarly(absl::Time got, absl::Time earliest) {
  return {OutcomeStatus::kRejected,
          errors::InvalidArgument(
              "event_time", SecondsText(got),
              fmt::format("{} or later: what happened before the experiment was made is not its "
                          "arms' doing",
                          SecondsText(earliest)))};
}

}  // namespace

absl::StatusOr<std::vector<OutcomeResult>> OutcomeRecorder::Record(
    const std::string& project, const std::vector<Outcome>& outcomes, int64_t size_bytes) {
  std::vector<OutcomeResult> results;
  std::vector<StoredCounts> counts;
  const absl::Time now = clock_->Now();
  RETURN_IF_ERROR(CommitThenPublish(
      *database_, size_bytes,
      [&](sql::Connection& connection) -> absl::Status {
        results.clear();
        std::vector<ExperimentChange> changes;
        for (const Outcome& outcome : outcomes) {
          ASSIGN_OR_RETURN(OutcomeResult result,
                           RecordOne(connection, project, outcome, now, changes));
          results.push_back(std::move(result));
        }
        ASSIGN_OR_RETURN(counts, OutcomeCountsStore(connection).Update(changes));
        return absl::OkStatus();
      },
      [&] { counts_->Put(counts); }));
  return results;
}

absl::StatusOr<OutcomeResult> OutcomeRecorder::RecordOne(sql::Connection& connection,
                                                         const std::string& project,
                                                         const Outcome& outcome, absl::Time now,
                                                         std::vector<ExperimentChange>& changes) {
  if (!outcome.malformed.ok()) return OutcomeResult{OutcomeStatus::kRejected, outcome.malformed};
  const LiveExperimentPtr live = serving_->FindExperiment(project, outcome.experiment_id);
  if (live == nullptr) {
    return OutcomeResult{OutcomeStatus::kRejected,
                         errors::NotFound("experiment", outcome.experiment_id,
                                          "Create it first, or name the one that assigned.")};
  }
  // Whether it can be this experiment's doing.
  const absl::Time earliest = live->experiment.create_time - kLargestClockSkew;
  if (outcome.event_time < earliest) return RejectedAsTooEarly(outcome.event_time, earliest);
  // New, a replay, or a conflict.
  StoredOutcome stored{outcome.outcome_id, "",
                       live->ordinal,      units_->Hash(project, outcome.unit_id),
                       outcome.metric,     outcome.value,
                       outcome.event_time, now};
  stored.content_hash = OutcomeHash(outcome.experiment_id, stored);
  OutcomeStore store(connection);
  ASSIGN_OR_RETURN(const std::optional<std::string> known,
                   store.FindContentHash(project, outcome.outcome_id));
  if (known == stored.content_hash) return OutcomeResult{OutcomeStatus::kReplayed, {}};
  if (known) {
    return OutcomeResult{OutcomeStatus::kConflict,
                         errors::AlreadyExistsWithOtherContent("outcome", outcome.outcome_id)};
  }
  RETURN_IF_ERROR(store.Insert(project, stored));

  // Any metric is kept, and exposes the unit; the plan's alone counts.
  const bool counts = outcome.metric == live->experiment.plan.metric;
  const UnitKey unit{live->ordinal, stored.unit_hash, live->assignment.ArmOf(outcome.unit_id)};
  ASSIGN_OR_RETURN(
      const UnitChange change,
      UnitStore(connection)
          .Record(unit, counts ? std::optional<double>(outcome.value) : std::nullopt, now));
  changes.push_back({live->ordinal, change});
  return OutcomeResult{OutcomeStatus::kStored, {}};
}

}  // namespace flywheel::experiment
