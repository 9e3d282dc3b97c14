#include "experiment_service/outcome_recorder.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "experiment_service/ordered_commit.h"
#include "experiment_service/request_hash.h"
#include "experiment_service/store/experiment_store.h"
#include "experiment_service/store/outcome_store.h"
#include "experiment_service/store/unit_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/shorten.h"
#include "shared/time/time_text.h"

namespace flywheel::experiment {
namespace {

// Between the clock of a client and ours; as for times in the future.
constexpr absl::Duration kLargestClockSkew = absl::Minutes(5);
// Of a text of a client that an error repeats.
constexpr size_t kShownBytes = 128;

OutcomeResult Rejected(absl::Status why) { return {OutcomeStatus::kRejected, std::move(why)}; }

absl::Status TooEarly(absl::Time got, absl::Time earliest) {
  return errors::InvalidArgument(
      "event_time", SecondsText(got),
      fmt::format("{} or later: what happened before the experiment was made is not its "
                  "arms' doing",
                  SecondsText(earliest)));
}

absl::Status AfterStop(const std::string& experiment_id, absl::Time stop_time) {
  return errors::FailedPrecondition(
      Reason::kAlreadyEnded, "experiment", experiment_id,
      fmt::format("stopped at {}", SecondsText(stop_time)),
      "an experiment that runs: what it found until its stop stays what was found");
}

// One batch at work inside its write.
class OutcomeBatch {
 public:
  OutcomeBatch(sql::Connection& connection, const std::string& project, const ServingCache& serving,
               const UnitHasher& units, absl::Time now)
      : connection_(connection), project_(project), serving_(serving), units_(units), now_(now) {}

  absl::StatusOr<OutcomeResult> Record(const Outcome& outcome) {
    if (!outcome.malformed.ok()) return Rejected(outcome.malformed);
    const LiveExperimentPtr live = serving_.FindExperiment(project_, outcome.experiment_id);
    if (live == nullptr) {
      return Rejected(errors::NotFound("experiment", outcome.experiment_id,
                                       "Create it first, or name the one that assigned."));
    }
    // New, a replay, or a conflict.
    StoredOutcome stored{outcome.outcome_id, "",
                         live->ordinal,      units_.Hash(project_, outcome.unit_id),
                         outcome.metric,     outcome.value,
                         outcome.event_time, now_};
    stored.content_hash = OutcomeHash(outcome.experiment_id, stored);
    OutcomeStore store(connection_);
    ASSIGN_OR_RETURN(const std::optional<std::string> known,
                     store.FindContentHash(project_, outcome.outcome_id));
    if (known == stored.content_hash) return OutcomeResult{OutcomeStatus::kReplayed, {}};
    if (known) {
      return OutcomeResult{OutcomeStatus::kConflict,
                           errors::AlreadyExistsWithOtherContent("outcome", outcome.outcome_id)};
    }
    ASSIGN_OR_RETURN(const absl::Status counts, Counts(*live, outcome));
    if (!counts.ok()) return Rejected(counts);
    RETURN_IF_ERROR(store.Insert(project_, stored));
    const UnitKey unit{live->ordinal, stored.unit_hash, live->assignment.ArmOf(outcome.unit_id)};
    ASSIGN_OR_RETURN(const UnitChange change,
                     UnitStore(connection_).Record(unit, outcome.value, now_));
    changes_.push_back({live->ordinal, change});
    return OutcomeResult{OutcomeStatus::kStored, {}};
  }

  const std::vector<ExperimentChange>& changes() const { return changes_; }

 private:
  // Why it is no evidence, where it is none; its own error is one of the store.
  absl::StatusOr<absl::Status> Counts(const LiveExperiment& live, const Outcome& outcome) {
    const std::string& metric = live.experiment.plan.metric;
    if (outcome.metric != metric) {
      return errors::InvalidArgument(
          "metric", fmt::format("'{}'", Shorten(outcome.metric, kShownBytes)),
          fmt::format("'{}', the metric of the experiment's plan", metric));
    }
    const absl::Time earliest = live.experiment.create_time - kLargestClockSkew;
    if (outcome.event_time < earliest) return TooEarly(outcome.event_time, earliest);
    // By the store: what is held in memory may be behind the commit before this one.
    const auto [known, is_new] = stop_times_.try_emplace(live.ordinal);
    if (is_new) {
      ASSIGN_OR_RETURN(known->second, ExperimentStore(connection_).StopTime(live.ordinal));
    }
    return known->second ? AfterStop(outcome.experiment_id, *known->second) : absl::OkStatus();
  }

  sql::Connection& connection_;
  const std::string& project_;
  const ServingCache& serving_;
  const UnitHasher& units_;
  const absl::Time now_;
  std::map<int64_t, std::optional<absl::Time>> stop_times_;
  std::vector<ExperimentChange> changes_;
};

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
        OutcomeBatch batch(connection, project, *serving_, *units_, now);
        for (const Outcome& outcome : outcomes) {
          ASSIGN_OR_RETURN(OutcomeResult result, batch.Record(outcome));
          results.push_back(std::move(result));
        }
        ASSIGN_OR_RETURN(counts, OutcomeCountsStore(connection).Update(batch.changes()));
        return absl::OkStatus();
      },
      [&] { counts_->Put(counts); }));
  return results;
}

}  // namespace flywheel::experiment
