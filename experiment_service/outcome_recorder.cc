#include "experiment_service/outcome_recorder.h"

#include <optional>

#include "experiment_service/content_hash.h"
#include "experiment_service/ordered_commit.h"
#include "experiment_service/store/outcome_store.h"
#include "experiment_service/store/unit_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {

absl::StatusOr<std::vector<OutcomeVerdict>> OutcomeRecorder::Record(
    const std::string& project, const std::vector<Outcome>& outcomes, int64_t size_bytes) {
  std::vector<OutcomeVerdict> verdicts;
  std::vector<ExperimentChange> changes;
  const absl::Time now = clock_->Now();
  RETURN_IF_ERROR(CommitThenPublish(
      *database_, size_bytes,
      [&](sql::Connection& connection) -> absl::Status {
        verdicts.clear();
        changes.clear();
        for (const Outcome& outcome : outcomes) {
          ASSIGN_OR_RETURN(OutcomeVerdict verdict,
                           RecordOne(connection, project, outcome, now, changes));
          verdicts.push_back(std::move(verdict));
        }
        return absl::OkStatus();
      },
      [&] { tallies_->Apply(changes); }));
  return verdicts;
}

absl::StatusOr<OutcomeVerdict> OutcomeRecorder::RecordOne(sql::Connection& connection,
                                                          const std::string& project,
                                                          const Outcome& outcome, absl::Time now,
                                                          std::vector<ExperimentChange>& changes) {
  if (!outcome.malformed.ok()) return OutcomeVerdict{OutcomeStatus::kRejected, outcome.malformed};
  const LiveExperimentPtr live = serving_->FindExperiment(project, outcome.experiment_id);
  if (live == nullptr) {
    return OutcomeVerdict{OutcomeStatus::kRejected,
                          errors::NotFound("experiment", outcome.experiment_id,
                                           "Create it first, or name the one that assigned.")};
  }
  StoredOutcome stored{outcome.outcome_id, "",
                       live->sequence,     UnitHash(project, outcome.unit_id),
                       outcome.metric,     outcome.value,
                       outcome.event_time, now};
  stored.content_hash = ContentHash()
                            .Add(outcome.experiment_id)
                            .Add(stored.unit_hash)
                            .Add(stored.metric)
                            .Add(stored.value)
                            .Add(stored.event_time)
                            .Sha256();
  OutcomeStore store(connection);
  ASSIGN_OR_RETURN(const std::optional<std::string> known,
                   store.FindContentHash(project, outcome.outcome_id));
  if (known == stored.content_hash) return OutcomeVerdict{OutcomeStatus::kReplayed, {}};
  if (known) {
    return OutcomeVerdict{OutcomeStatus::kConflict,
                          errors::AlreadyExistsWithOtherContent("outcome", outcome.outcome_id)};
  }
  RETURN_IF_ERROR(store.Insert(project, stored));

  const bool counts = outcome.metric == live->experiment.plan.metric;
  const UnitKey unit{live->sequence, stored.unit_hash, live->assignment.ArmOf(outcome.unit_id)};
  ASSIGN_OR_RETURN(
      const UnitChange change,
      UnitStore(connection)
          .Record(unit, counts ? std::optional<double>(outcome.value) : std::nullopt, now));
  changes.push_back({live->sequence, change});
  return OutcomeVerdict{OutcomeStatus::kStored, {}};
}

}  // namespace flywheel::experiment
