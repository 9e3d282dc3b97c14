#include "experiment_service/outcome_batch.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "experiment_service/domain/outcome_columns.h"
#include "experiment_service/refusals.h"
#include "experiment_service/request_hash.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/shorten.h"
#include "shared/time/time_text.h"

namespace flywheel::experiment {
namespace {

// Between the clock of a client and ours: what an agent measures of its first answer may carry a
// time a little before the exposure.
constexpr absl::Duration kClockSkew = absl::Seconds(1);
// Of a text of a client that an error repeats.
constexpr size_t kShownBytes = 128;

OutcomeResult Rejected(absl::Status why) { return {OutcomeStatus::kRejected, std::move(why)}; }

absl::Status NeverExposed(const std::string& outcome_id) {
  return errors::FailedPrecondition(
      Reason::kNotExposed, "outcome", outcome_id, "a unit that Assign never answered for",
      "one that was exposed; ask Assign before you serve, and send its assignment_token");
}

absl::Status BeforeExposure(const StoredOutcome& outcome, absl::Time exposed) {
  return errors::FailedPrecondition(
      Reason::kNotExposed, "outcome", outcome.outcome_id,
      fmt::format("event_time {}", SecondsText(outcome.event_time)),
      fmt::format("{} or later, when its unit was first exposed: what happened before is no arm's "
                  "doing",
                  SecondsText(exposed)));
}

absl::Status AfterWindow(const StoredOutcome& outcome, absl::Time end) {
  return errors::FailedPrecondition(
      Reason::kWindowOver, "outcome", outcome.outcome_id,
      fmt::format("event_time {}", SecondsText(outcome.event_time)),
      fmt::format("{} or earlier, the end of its unit's window", SecondsText(end)));
}

std::string OutcomeNames(const AnalysisPlan& plan) {
  std::string names;
  for (const std::string_view name : ColumnNames(plan.metrics)) {
    names += fmt::format("{}'{}'", names.empty() ? "" : ", ", name);
  }
  return names;
}

// Two senders of one thing would count it twice.
absl::Status TakenFromFeed(const std::string& metric) {
  return errors::InvalidArgument(
      "metric", fmt::format("'{}'", Shorten(metric, kShownBytes)),
      "one without a Metric.source: the outcomes of this one come from ingest's feed, by the "
      "interactions that carry an assignment_token");
}

// Whether an outcome lies within its unit's time.
absl::Status AdmitToUnit(const AnalysisPlan& plan, const StoredOutcome& outcome,
                         const UnitState& unit) {
  if (!unit.exposed()) return NeverExposed(outcome.outcome_id);
  if (outcome.event_time < *unit.expose_time - kClockSkew) {
    return BeforeExposure(outcome, *unit.expose_time);
  }
  const absl::Time end = *unit.expose_time + plan.outcome_window;
  if (plan.outcome_window > absl::ZeroDuration() && outcome.event_time > end) {
    return AfterWindow(outcome, end);
  }
  return absl::OkStatus();
}

bool IsMixed(const StoredOutcome& outcome, const std::string& arms_version) {
  return !outcome.served_version.empty() && outcome.served_version != arms_version;
}

}  // namespace

absl::StatusOr<OutcomeBatch::Subject> OutcomeBatch::FindSubject(const Outcome& outcome) const {
  if (outcome.assignment_token.empty()) return FindSubjectById(outcome);
  const std::optional<ExposureProof> proof = tokens_.Open(project_, outcome.assignment_token);
  LiveExperimentPtr live =
      proof ? serving_.FindByTokenKey(project_, proof->experiment) : LiveExperimentPtr();
  if (live == nullptr || proof->arm >= live->experiment.arms.size()) {
    return errors::InvalidArgument(
        "assignment_token", fmt::format("'{}'", Shorten(outcome.assignment_token, kShownBytes)),
        "what Assign answered for the unit, in this project, as it was");
  }
  const std::string& experiment_id = live->experiment.experiment_id;
  if (!outcome.experiment_id.empty() && outcome.experiment_id != experiment_id) {
    return errors::InvalidArgument(
        "experiment_id", fmt::format("'{}'", outcome.experiment_id),
        fmt::format("'{}', as the token says, or nothing", experiment_id));
  }
  const UnitKey unit{live->ordinal, proof->unit_hash, proof->arm};
  return Subject{std::move(live), unit, /*column=*/std::nullopt,
                 Exposure{proof->expose_time, proof->segments}};
}

absl::StatusOr<OutcomeBatch::Subject> OutcomeBatch::FindSubjectById(const Outcome& outcome) const {
  LiveExperimentPtr live = serving_.FindExperiment(project_, outcome.experiment_id);
  if (live == nullptr) {
    return errors::NotFound("experiment", outcome.experiment_id,
                            "Create it first, or name the one that assigned.");
  }
  const bool by_user = live->experiment.unit == Unit::kUser;
  const std::string& unit_id = by_user ? outcome.user_id : outcome.session_id;
  if (unit_id.empty()) {
    return errors::InvalidArgument(
        by_user ? "user_id" : "session_id", "nothing",
        fmt::format("the {}'s id, by which the experiment randomises, or an assignment_token",
                    by_user ? "user" : "session"));
  }
  const size_t arm = live->assignment.ArmOf(unit_id);
  const UnitKey unit{live->ordinal, units_.Hash(project_, unit_id), arm};
  return Subject{std::move(live), unit, /*column=*/std::nullopt, /*exposure=*/std::nullopt};
}

std::optional<OutcomeResult> OutcomeBatch::Repeats(const StoredOutcome& known,
                                                   const StoredOutcome& stored) {
  if (known.content_hash == stored.content_hash) {
    return OutcomeResult{OutcomeStatus::kReplayed, {}};
  }
  const bool same_thing = known.experiment == stored.experiment &&
                          known.unit_hash == stored.unit_hash && known.metric == stored.metric &&
                          known.fallback == stored.fallback;
  // An older revision is old news: what came later stands.
  if (same_thing && known.revision > stored.revision) {
    return OutcomeResult{OutcomeStatus::kReplayed, {}};
  }
  if (same_thing && known.revision < stored.revision) return std::nullopt;
  return OutcomeResult{OutcomeStatus::kConflict,
                       errors::AlreadyExistsWithOtherContent("outcome", stored.outcome_id)};
}

absl::StatusOr<OutcomeResult> OutcomeBatch::Record(const Outcome& outcome) {
  if (!outcome.malformed.ok()) return Rejected(outcome.malformed);
  absl::StatusOr<Subject> subject = FindSubject(outcome);
  if (!subject.ok()) return Rejected(subject.status());
  const Experiment& experiment = subject->live->experiment;
  subject->column = FindColumn(experiment.plan.metrics, outcome.metric);
  const size_t metric = experiment.plan.FindMetric(outcome.metric);
  if (metric < experiment.plan.metrics.size() && experiment.plan.metrics[metric].source) {
    return Rejected(TakenFromFeed(outcome.metric));
  }
  StoredOutcome stored{outcome.outcome_id,     "",
                       subject->live->ordinal, subject->unit.unit_hash,
                       outcome.metric,         outcome.value,
                       outcome.event_time,     now_,
                       outcome.served_version, outcome.fallback,
                       outcome.revision};
  stored.content_hash = OutcomeHash(experiment.experiment_id, stored);
  ASSIGN_OR_RETURN(const UnitState before, writer_.Find(*subject->live, subject->unit));
  UnitState after = before;
  absl::Status refusal;
  RETURN_IF_ERROR(Admit(*subject, stored, after, refusal));
  bool is_new = false;
  if (refusal.ok()) {
    ASSIGN_OR_RETURN(is_new, outcomes_.Insert(project_, stored));
  }
  std::optional<StoredOutcome> known;
  if (!is_new) {
    // What is known is answered first, whatever would be said of it now.
    ASSIGN_OR_RETURN(known, outcomes_.Find(project_, outcome.outcome_id));
    if (known) {
      if (auto repeats = Repeats(*known, stored)) return *std::move(repeats);
    }
    if (!refusal.ok()) return Rejected(std::move(refusal));
    RETURN_IF_ERROR(outcomes_.Replace(project_, stored));
  }
  if (outcome.fallback && !known) {
    ASSIGN_OR_RETURN(ArmCounts* const counts, writer_.Counts(subject->live, subject->unit.arm));
    ++counts->fallback_outcomes;
  }
  Apply(*subject, known, stored, after);
  RETURN_IF_ERROR(writer_.Put(subject->live, subject->unit, before, after));
  return OutcomeResult{OutcomeStatus::kStored, {}};
}

absl::StatusOr<OutcomeResult> OutcomeBatch::Record(const FedUnit& unit, const FedOutcome& fed) {
  const Experiment& experiment = unit.live->experiment;
  ASSIGN_OR_RETURN(const std::optional<StoredOutcome> known,
                   outcomes_.Find(project_, fed.outcome_id));
  if (known && known->value == fed.value && known->event_time == fed.event_time) {
    return OutcomeResult{OutcomeStatus::kReplayed, {}};
  }
  StoredOutcome stored{fed.outcome_id,
                       "",
                       unit.live->ordinal,
                       unit.key.unit_hash,
                       experiment.plan.metrics[fed.metric].name,
                       fed.value,
                       fed.event_time,
                       now_,
                       fed.served_version,
                       /*fallback=*/false,
                       known ? known->revision + 1 : 0};
  stored.content_hash = OutcomeHash(experiment.experiment_id, stored);
  // The column of a metric's own outcomes is its position.
  const Subject subject{unit.live, unit.key, fed.metric, unit.exposure};
  ASSIGN_OR_RETURN(const UnitState before, writer_.Find(*unit.live, unit.key));
  UnitState after = before;
  absl::Status refusal;
  RETURN_IF_ERROR(Admit(subject, stored, after, refusal));
  if (!refusal.ok()) return Rejected(std::move(refusal));
  if (known) {
    RETURN_IF_ERROR(outcomes_.Replace(project_, stored));
  } else {
    RETURN_IF_ERROR(outcomes_.Insert(project_, stored).status());
  }
  Apply(subject, known, stored, after);
  RETURN_IF_ERROR(writer_.Put(unit.live, unit.key, before, after));
  return OutcomeResult{OutcomeStatus::kStored, {}};
}

absl::StatusOr<bool> OutcomeBatch::Retract(const FedUnit& unit, const std::string& outcome_id) {
  ASSIGN_OR_RETURN(const std::optional<StoredOutcome> known, outcomes_.Find(project_, outcome_id));
  if (!known) return false;
  const LiveExperiment& live = *unit.live;
  const std::optional<size_t> column = FindColumn(live.experiment.plan.metrics, known->metric);
  ASSIGN_OR_RETURN(const UnitState before, writer_.Find(live, unit.key));
  UnitState after = before;
  if (column && *column < after.totals.size()) after.totals[*column].Remove(known->value);
  const std::string& version = live.experiment.arms[unit.key.arm].model_version;
  after.mixed_outcomes -= int64_t{IsMixed(*known, version)};
  RETURN_IF_ERROR(outcomes_.Remove(project_, outcome_id));
  RETURN_IF_ERROR(writer_.Put(unit.live, unit.key, before, after));
  return true;
}

absl::Status OutcomeBatch::Expose(const FedUnit& unit) {
  ASSIGN_OR_RETURN(const ExperimentProgress progress, writer_.Progress(*unit.live));
  if (progress.stop_time) return absl::OkStatus();
  ASSIGN_OR_RETURN(const UnitState before, writer_.Find(*unit.live, unit.key));
  if (before.exposed() && *before.expose_time <= unit.exposure.time) return absl::OkStatus();
  UnitState after = before;
  RETURN_IF_ERROR(writer_.Expose(*unit.live, unit.exposure, after));
  return writer_.Put(unit.live, unit.key, before, after);
}

absl::StatusOr<int64_t> OutcomeBatch::Erase(const FedUnit& unit) {
  ASSIGN_OR_RETURN(const RemovedOutcomes removed,
                   outcomes_.RemoveOfUnit(unit.live->ordinal, unit.key.unit_hash));
  ASSIGN_OR_RETURN(const int64_t rows, writer_.Erase(unit.live, unit.key));
  ASSIGN_OR_RETURN(const ExperimentProgress progress, writer_.Progress(*unit.live));
  if (removed.fallbacks > 0 && !progress.stop_time) {
    ASSIGN_OR_RETURN(ArmCounts* const counts, writer_.Counts(unit.live, unit.key.arm));
    counts->fallback_outcomes -= removed.fallbacks;
  }
  return removed.outcomes + rows;
}

absl::Status OutcomeBatch::Admit(const Subject& subject, const StoredOutcome& stored,
                                 UnitState& unit, absl::Status& refusal) {
  const LiveExperiment& live = *subject.live;
  const AnalysisPlan& plan = live.experiment.plan;
  if (!subject.column) {
    refusal = errors::InvalidArgument(
        "metric", fmt::format("'{}'", Shorten(stored.metric, kShownBytes)),
        fmt::format("a metric of the experiment's plan: {}", OutcomeNames(plan)));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const ExperimentProgress progress, writer_.Progress(live));
  if (progress.stop_time) {
    refusal = AfterStop(live.experiment.experiment_id, *progress.stop_time);
    return absl::OkStatus();
  }
  // It exposes nobody; but a unit that is exposed too, before or after, has seen two versions.
  if (stored.fallback) return absl::OkStatus();
  if (subject.exposure) {
    ASSIGN_OR_RETURN(const bool erased,
                     writer_.IsErased(subject.unit, unit, subject.exposure->time));
    if (erased) {
      refusal = errors::Erased("the unit of outcome", stored.outcome_id);
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(writer_.Expose(live, *subject.exposure, unit));
  }
  refusal = AdmitToUnit(plan, stored, unit);
  return absl::OkStatus();
}

void OutcomeBatch::Apply(const Subject& subject, const std::optional<StoredOutcome>& known,
                         const StoredOutcome& stored, UnitState& unit) {
  const std::string& version = subject.live->experiment.arms[subject.unit.arm].model_version;
  int64_t& mixed = stored.fallback ? unit.mixed_fallbacks : unit.mixed_outcomes;
  if (known) mixed -= int64_t{IsMixed(*known, version)};
  mixed += int64_t{IsMixed(stored, version)};
  if (stored.fallback) return;
  UnitTotal& total = unit.totals[*subject.column];
  if (known) total.Remove(known->value);
  total.Add(stored.value);
}

}  // namespace flywheel::experiment
