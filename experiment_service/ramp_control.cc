#include "experiment_service/ramp_control.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "experiment_service/live_experiment.h"
#include "experiment_service/ordered_commit.h"
#include "experiment_service/ramp_writer.h"
#include "experiment_service/refusals.h"
#include "experiment_service/store/experiment_store.h"
#include "experiment_service/store/ramp_store.h"
#include "shared/sql/read_bytes.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/time/stored_time.h"

namespace flywheel::experiment {
namespace {

// OK where something can be done to the ramp of `found`.
absl::Status CheckHasRamp(const std::optional<StoredExperiment>& found,
                          const std::string& experiment_id) {
  if (!found) return NoSuchExperiment(experiment_id);
  if (!found->experiment.ramp) {
    return errors::NotFound("ramp of experiment", experiment_id,
                            "An experiment has the ramp that it was created with, or none.");
  }
  if (found->experiment.state == State::kRunning) return absl::OkStatus();
  return errors::FailedPrecondition(Reason::kAlreadyEnded, "experiment", experiment_id,
                                    "a ramp that ended with its experiment", "one that runs");
}

}  // namespace

absl::StatusOr<Created<Experiment>> RampControl::Apply(const rpc::Actor& actor,
                                                       const std::string& experiment_id,
                                                       const RampWord& word, Change change) {
  const absl::Time now = StoredTime(clock_->Now());
  std::optional<StoredExperiment> found;
  bool replayed = false;
  RETURN_IF_ERROR(CommitThenPublish(
      *database_, sql::Database::kSmallWriteBytes,
      [&](sql::Connection& connection) -> absl::Status {
        ASSIGN_OR_RETURN(found, ExperimentStore(connection).Find(actor.project, experiment_id));
        RETURN_IF_ERROR(CheckHasRamp(found, experiment_id));
        ASSIGN_OR_RETURN(std::optional<RampEvent> event, change(*found->experiment.ramp, now));
        replayed = !event;
        if (replayed) return absl::OkStatus();
        event->owner = word.owner;
        event->message = word.reason;
        return WriteRampChange(connection, actor, *found, *std::move(event));
      },
      [&] {
        if (!replayed) serving_->PutExperiment(std::make_shared<LiveExperiment>(*found));
      }));
  return Created<Experiment>{std::move(found->experiment), replayed};
}

absl::StatusOr<Created<Experiment>> RampControl::Pause(const rpc::Actor& actor,
                                                       const std::string& experiment_id,
                                                       const RampWord& word) {
  return Apply(actor, experiment_id, word,
               [&](Ramp& ramp, absl::Time now) -> absl::StatusOr<std::optional<RampEvent>> {
                 if (ramp.state.phase == RampPhase::kPaused) return std::nullopt;
                 return Interrupt(ramp, RampPhase::kPaused, RampEventKind::kPaused,
                                  fmt::format("paused by {}: {}", word.owner, word.reason), now);
               });
}

absl::StatusOr<Created<Experiment>> RampControl::Resume(const rpc::Actor& actor,
                                                        const std::string& experiment_id,
                                                        const RampWord& word) {
  return Apply(actor, experiment_id, word,
               [](Ramp& ramp, absl::Time now) -> absl::StatusOr<std::optional<RampEvent>> {
                 if (ramp.state.phase != RampPhase::kPaused) return std::nullopt;
                 return GoOn(ramp, RampEventKind::kResumed, now);
               });
}

absl::StatusOr<Created<Experiment>> RampControl::Advance(const rpc::Actor& actor,
                                                         const std::string& experiment_id,
                                                         const RampWord& word, size_t to_step) {
  return Apply(
      actor, experiment_id, word,
      [&](Ramp& ramp, absl::Time now) -> absl::StatusOr<std::optional<RampEvent>> {
        if (to_step <= ramp.state.step) return std::nullopt;
        if (to_step == ramp.state.step + 1 && !ramp.at_last_step()) {
          return GoToStep(ramp, to_step, RampEventKind::kAdvanced, now);
        }
        return errors::InvalidArgument(
            "to_step", fmt::format("{}", to_step),
            ramp.at_last_step()
                ? fmt::format("nothing more: {} (from 0) is the last step", ramp.state.step)
                : fmt::format("{} (from 0), the step after the one that holds",
                              ramp.state.step + 1));
      });
}

absl::StatusOr<ListPage<RampEvent>> RampControl::ListEvents(const std::string& project,
                                                            const std::string& experiment_id,
                                                            int64_t beyond,
                                                            int64_t page_size) const {
  const LiveExperimentPtr live = serving_->FindExperiment(project, experiment_id);
  if (live == nullptr) return NoSuchExperiment(experiment_id);
  ASSIGN_OR_RETURN(ListPage<RampEvent> page, database_->Read([&](sql::Connection& connection) {
    return ReadListPage<RampEvent>(
        beyond, page_size,
        [&](int64_t from, int64_t limit) {
          return RampStore(connection).List(live->ordinal, from, limit);
        },
        [](const RampEvent&) { return true; });
  }));
  RETURN_IF_ERROR(FillListPage<RampEvent>(
      sql::kMaxReadBytes, [](RampEvent& event) { return event.message.size(); }, page));
  return page;
}

}  // namespace flywheel::experiment
