#include "experiment_service/ramp_runner.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "experiment_service/domain/ramp.h"
#include "experiment_service/evidence_writer.h"
#include "experiment_service/ordered_commit.h"
#include "experiment_service/ramp_writer.h"
#include "experiment_service/store/experiment_store.h"
#include "experiment_service/store/ramp_store.h"
#include "shared/audit/audit_store.h"
#include "shared/rpc/actor.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/quote.h"
#include "shared/time/deadline.h"
#include "shared/time/stored_time.h"

namespace flywheel::experiment {
namespace {

constexpr absl::Duration kRampInterval = absl::Seconds(1);
constexpr absl::Duration kUntilNextAttempt = absl::Minutes(1);

rpc::Actor ActorIn(const std::string& project) { return {project, kRampKeyId, kRampMethod, ""}; }

// As the store has it; nothing where it runs no more.
absl::StatusOr<std::optional<StoredExperiment>> FindRunning(sql::Connection& connection,
                                                            const LiveExperiment& live) {
  ASSIGN_OR_RETURN(std::optional<StoredExperiment> found,
                   ExperimentStore(connection).Find(live.project, live.experiment.experiment_id));
  if (!found || found->experiment.state != State::kRunning) return std::nullopt;
  return found;
}

// Whether a promotion may come of it at all.
bool IsUnderWay(const std::optional<StoredExperiment>& stored) {
  if (!stored) return false;
  const RampPhase phase = stored->experiment.ramp->state.phase;
  return phase == RampPhase::kClimbing || phase == RampPhase::kArrived;
}

// Whether it says nothing of the promotion, and the loop's own pauses are enough.
bool IsOwnFailure(Reason reason) {
  switch (reason) {
    case Reason::kBackPressure:
    case Reason::kCancelled:
    case Reason::kInternal:
    case Reason::kShuttingDown:
    case Reason::kStorageFull:
    case Reason::kStorageUnavailable:
      return true;
    default:
      return false;
  }
}

void LogRamp(const char* event, const LiveExperiment& live, const RampAction& action,
             const std::string& message) {
  spdlog::info("event={} project={} experiment_id={} decision={} message={}", event, live.project,
               live.experiment.experiment_id, action.decision, Quoted(message));
}

}  // namespace

RampRunner::RampRunner(sql::Database* database, ServingCache* serving, EvidenceCache* evidence,
                       Promoter* promoter, const Clock* clock, rpc::Metrics* metrics)
    : database_(database),
      serving_(serving),
      evidence_(evidence),
      promoter_(promoter),
      clock_(clock),
      loop_(
          {.name = "ramps"}, [this] { return Tick(); }, metrics) {}

absl::StatusOr<absl::Duration> RampRunner::Tick() {
  const absl::Time now = StoredTime(clock_->Now());
  // Those whose time has come say nothing any more.
  std::erase_if(next_attempts_, [&](const auto& attempt) { return attempt.second <= now; });
  LiveExperimentPtr to_promote;
  RampAction promotion;
  absl::Status first_failure;
  for (const LiveExperimentPtr& live : serving_->Running()) {
    if (loop_.stopping()) return kRampInterval;
    if (!live->experiment.ramp) continue;
    const RampAction action = ActionOf(*live, now);
    if (action.move == RampMove::kPromote) {
      if (to_promote == nullptr && !next_attempts_.contains(live->ordinal)) {
        to_promote = live;
        promotion = action;
      }
    } else if (action.move != RampMove::kWait) {
      // What fails for one must not keep another from being stopped.
      first_failure.Update(Act(*live, now));
    }
  }
  // One a round: it waits for the gate, and harm elsewhere does not wait for that.
  if (to_promote != nullptr) first_failure.Update(Promote(*to_promote, promotion, now));
  RETURN_IF_ERROR(first_failure);
  return to_promote != nullptr ? absl::ZeroDuration() : kRampInterval;
}

RampAction RampRunner::ActionOf(const LiveExperiment& live, absl::Time now) const {
  const auto evidence = evidence_->Find(live);
  return NextAction(live.experiment, evidence->standings,
                    CountedUnits(live.experiment.plan.primary(), evidence->counts), now);
}

absl::Status RampRunner::Act(const LiveExperiment& live, absl::Time now) {
  std::optional<StoredExperiment> changed;
  std::vector<Evidence> evidence;
  RampAction action;
  return CommitThenPublish(
      *database_, sql::Database::kSmallWriteBytes,
      [&](sql::Connection& connection) -> absl::Status {
        changed.reset();
        evidence.clear();
        ASSIGN_OR_RETURN(std::optional<StoredExperiment> stored, FindRunning(connection, live));
        if (!stored) return absl::OkStatus();
        // What is done rests on a look of the same moment.
        RETURN_IF_ERROR(
            LookAt(connection, std::make_shared<LiveExperiment>(*stored), now, evidence));
        action = NextAction(
            stored->experiment, evidence.front().standings,
            CountedUnits(stored->experiment.plan.primary(), evidence.front().counts), now);
        if (action.move == RampMove::kWait || action.move == RampMove::kPromote) {
          return absl::OkStatus();
        }
        RETURN_IF_ERROR(Write(connection, action, now, *stored));
        changed = std::move(stored);
        return absl::OkStatus();
      },
      [&] {
        evidence_->Put(std::move(evidence));
        if (!changed) return;
        const Experiment& experiment = changed->experiment;
        LogRamp("ramp_changed", live, action,
                experiment.state == State::kRunning ? experiment.ramp->state.message
                                                    : experiment.stop_reason);
        serving_->PutExperiment(std::make_shared<LiveExperiment>(*std::move(changed)));
      });
}

absl::Status RampRunner::Write(sql::Connection& connection, const RampAction& action,
                               absl::Time now, StoredExperiment& stored) const {
  Experiment& experiment = stored.experiment;
  const rpc::Actor actor = ActorIn(stored.project);
  if (action.move == RampMove::kStopForHarm || action.move == RampMove::kGiveUp) {
    RETURN_IF_ERROR(
        ExperimentStore(connection).Stop({now, "ramp: " + action.why, actor.key_id}, stored));
    RETURN_IF_ERROR(WriteRampEnd(connection, actor, stored,
                                 action.move == RampMove::kStopForHarm
                                     ? RampEventKind::kRolledBack
                                     : RampEventKind::kStoppedFutile,
                                 action.decision));
    return audit::Record(connection, actor,
                         {"experiment", experiment.experiment_id,
                          fmt::format("agent '{}', ramp: stopped by decision {}", experiment.agent,
                                      action.decision)},
                         now);
  }
  Ramp& ramp = *experiment.ramp;
  RampEvent event;
  if (action.move == RampMove::kHoldStep) {
    event = Interrupt(ramp, RampPhase::kHolding, RampEventKind::kHeld, action.why, now);
  } else if (action.move == RampMove::kRelease) {
    event = GoOn(ramp, RampEventKind::kReleased, now);
  } else {
    event = GoToStep(ramp, ramp.state.step + 1, RampEventKind::kStepped, now);
  }
  event.decision = action.decision;
  return WriteRampChange(connection, actor, stored, std::move(event));
}

absl::Status RampRunner::Promote(const LiveExperiment& live, const RampAction& action,
                                 absl::Time now) {
  ActiveVersion wanted;
  wanted.agent = live.experiment.agent;
  wanted.model_version = live.experiment.arms[action.arm].model_version;
  wanted.experiment_id = live.experiment.experiment_id;
  wanted.promotion_id = RampPromotionId(wanted.experiment_id, action.decision);
  const Deadline until_stop(absl::InfiniteFuture(), [this] {
    return loop_.stopping() ? errors::Cancelled() : absl::OkStatus();
  });
  // While the gate was asked somebody may have paused the ramp, or stopped the experiment.
  bool withdrawn = false;
  absl::Status status =
      promoter_
          ->Promote(ActorIn(live.project), wanted, until_stop,
                    [&](sql::Connection& connection) -> absl::Status {
                      ASSIGN_OR_RETURN(const std::optional<StoredExperiment> stored,
                                       FindRunning(connection, live));
                      withdrawn = !IsUnderWay(stored);
                      return withdrawn ? errors::Cancelled() : absl::OkStatus();
                    })
          .status();
  if (status.ok()) {
    LogRamp("ramp_promoted", live, action, action.why);
    return absl::OkStatus();
  }
  if (withdrawn) return absl::OkStatus();
  if (IsOwnFailure(errors::ReasonOf(status))) return status;
  // The promoter's look may have found that SHIP stands no longer: then nothing was refused.
  if (ActionOf(live, now).decision != action.decision) return absl::OkStatus();
  next_attempts_[live.ordinal] = now + kUntilNextAttempt;
  return NoteRefusal(live, action, status, now);
}

absl::Status RampRunner::NoteRefusal(const LiveExperiment& live, const RampAction& action,
                                     const absl::Status& refusal, absl::Time now) {
  const Reason reason = errors::ReasonOf(refusal);
  const std::string message =
      fmt::format("its promotion was refused, {}: {}; {}", ReasonName(reason),
                  errors::MessageOf(refusal), action.why);
  std::optional<StoredExperiment> changed;
  return CommitThenPublish(
      *database_, sql::Database::kSmallWriteBytes,
      [&](sql::Connection& connection) -> absl::Status {
        changed.reset();
        ASSIGN_OR_RETURN(std::optional<StoredExperiment> stored, FindRunning(connection, live));
        if (!IsUnderWay(stored)) return absl::OkStatus();
        ASSIGN_OR_RETURN(const bool known,
                         RampStore(connection).HasRefusal(live.ordinal, action.decision, reason));
        if (known) return absl::OkStatus();
        Ramp& ramp = *stored->experiment.ramp;
        ramp.state.message = message;
        RampEvent event = EventOf(ramp, RampEventKind::kPromotionRefused, message, now);
        event.decision = action.decision;
        event.reason = reason;
        RETURN_IF_ERROR(WriteRampChange(connection, ActorIn(live.project), *stored, event));
        changed = std::move(stored);
        return absl::OkStatus();
      },
      [&] {
        if (!changed) return;
        LogRamp("ramp_promotion_refused", live, action, message);
        serving_->PutExperiment(std::make_shared<LiveExperiment>(*std::move(changed)));
      });
}

}  // namespace flywheel::experiment
