// Outcome batch: decides what becomes of each outcome of a batch, and counts those that count.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_OUTCOME_BATCH_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_OUTCOME_BATCH_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/assignment_tokens.h"
#include "experiment_service/domain/unit_state.h"
#include "experiment_service/evidence_writer.h"
#include "experiment_service/outcome.h"
#include "experiment_service/serving_cache.h"
#include "experiment_service/store/outcome_store.h"
#include "experiment_service/store/unit_store.h"
#include "experiment_service/unit_hasher.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// A unit of which the feed brought an interaction.
struct FedUnit {
  LiveExperimentPtr live;
  UnitKey key;
  // By the token of the interaction.
  Exposure exposure;
};

// One batch at work inside its write. What counts is an outcome of a metric of the plan, of a unit
// that was exposed when it happened, before the end of the unit's window, that comes before the
// experiment's stop. All others are rejected, each with its reason; outcomes of units that were
// served without an assignment are kept apart. A revision takes the place of what it revises. The
// counts at the end do not depend on the order of outcomes, nor on how often they come; but what
// was admitted stays where an earlier exposure of its unit comes to be known later.
class OutcomeBatch {
 public:
  // All outlive this object.
  OutcomeBatch(sql::Connection& connection, const std::string& project, const ServingCache& serving,
               const UnitHasher& units, absl::Time now)
      : outcomes_(connection),
        writer_(connection, now),
        project_(project),
        serving_(serving),
        units_(units),
        tokens_(&units),
        now_(now) {}

  // An error is one of the store.
  absl::StatusOr<OutcomeResult> Record(const Outcome& outcome);

  // The same of one that follows from the feed, which takes the place of the one with its id. The
  // unit was exposed by then at the latest.
  absl::StatusOr<OutcomeResult> Record(const FedUnit& unit, const FedOutcome& outcome);
  // Takes an outcome out again, where it is there; whether it was.
  absl::StatusOr<bool> Retract(const FedUnit& unit, const std::string& outcome_id);
  // Has a unit of an experiment that runs exposed; nothing happens to one that was stopped.
  absl::Status Expose(const FedUnit& unit);
  // Forgets a unit and all of its outcomes; returns how many rows there were. What a stopped
  // experiment has counted stays counted.
  absl::StatusOr<int64_t> Erase(const FedUnit& unit);
  // Where an experiment stands.
  absl::StatusOr<ExperimentProgress> Progress(const LiveExperiment& live) {
    return writer_.Progress(live);
  }

  // Writes the counts and what they decide; returns the evidence that may have changed. The last
  // call.
  absl::StatusOr<std::vector<Evidence>> Finish() { return writer_.Finish(); }

 private:
  // Whom an outcome is of.
  struct Subject {
    LiveExperimentPtr live;
    UnitKey unit;
    // Of its name; nothing where the plan knows none.
    std::optional<size_t> column;
    // By its token.
    std::optional<Exposure> exposure;
  };

  absl::StatusOr<Subject> FindSubject(const Outcome& outcome) const;
  absl::StatusOr<Subject> FindSubjectById(const Outcome& outcome) const;
  // What is to be answered to an outcome whose id is known; nothing where it revises that one.
  static std::optional<OutcomeResult> Repeats(const StoredOutcome& known,
                                              const StoredOutcome& stored);
  // Takes `unit` to what it is after the exposure that the token proves, and says in `refusal` why
  // a new outcome does not count. An error is one of the store.
  absl::Status Admit(const Subject& subject, const StoredOutcome& stored, UnitState& unit,
                     absl::Status& refusal);
  // Takes `unit` to what it is after an outcome, in the place of what was known.
  static void Apply(const Subject& subject, const std::optional<StoredOutcome>& known,
                    const StoredOutcome& stored, UnitState& unit);

  OutcomeStore outcomes_;
  EvidenceWriter writer_;
  const std::string& project_;
  const ServingCache& serving_;
  const UnitHasher& units_;
  const AssignmentTokens tokens_;
  const absl::Time now_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_OUTCOME_BATCH_H_
