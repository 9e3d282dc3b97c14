#include "experiment_service/experiment_catalog.h"

#include <fmt/format.h>

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "experiment_service/cap_by_quantile.h"
#include "experiment_service/evidence_writer.h"
#include "experiment_service/ordered_commit.h"
#include "experiment_service/ramp_writer.h"
#include "experiment_service/refusals.h"
#include "experiment_service/request_hash.h"
#include "experiment_service/store/label_store.h"
#include "experiment_service/store/promotion_store.h"
#include "experiment_service/store/ramp_store.h"
#include "shared/audit/audit_store.h"
#include "shared/sql/read_bytes.h"
#include "shared/sql/replay.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/shorten.h"
#include "shared/time/stored_time.h"
#include "shared/time/time_text.h"

namespace flywheel::experiment {
namespace {

// Of why an experiment was stopped, in an answer to whoever stops it once more.
constexpr size_t kShownReasonBytes = 256;

// Of what may be long.
size_t SizeBytes(const Experiment& experiment) {
  return experiment.waiver.reason.size() + experiment.stop_reason.size() +
         experiment.arms.size() * sizeof(Arm) + LabelBytes(experiment.labels) +
         CountValues(experiment.plan.segments) * kMaxSegmentValueBytes +
         (experiment.ramp ? experiment.ramp->state.message.size() : 0);
}

}  // namespace

absl::StatusOr<Created<Experiment>> ExperimentCatalog::Create(const rpc::Actor& actor,
                                                              Experiment wanted,
                                                              const Deadline& deadline) {
  const std::string& project = actor.project;
  const std::string request_hash = RequestHash(wanted);
  // Before the gate is asked: whether there is anything to do, and whether it may be done.
  std::optional<Experiment> replay;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(replay, FindReplay(connection, project, wanted, request_hash));
    if (replay) return absl::OkStatus();
    RETURN_IF_ERROR(CheckState(connection, project, wanted));
    return FixCaps(connection, project, wanted);
  }));
  if (replay) return Created<Experiment>{*std::move(replay), /*replayed=*/true};
  RETURN_IF_ERROR(CheckSources(wanted));
  // Outside a transaction: the writer waits for nobody's answer.
  RETURN_IF_ERROR(CheckGate(project, wanted, deadline));

  wanted.state = State::kRunning;
  wanted.create_time = StoredTime(clock_->Now());
  wanted.created_by = actor.key_id;
  std::optional<RampEvent> started;
  if (wanted.ramp) {
    started = StartRamp(*wanted.ramp, wanted.create_time);
    started->key_id = actor.key_id;
  }
  ASSIGN_OR_RETURN(const std::string salt, new_salt_());
  StoredExperiment stored{0, project, request_hash, wanted, salt};
  RETURN_IF_ERROR(CommitThenPublish(
      *database_, sql::Database::kSmallWriteBytes,
      [&](sql::Connection& connection) -> absl::Status {
        // Another call may have come between.
        ASSIGN_OR_RETURN(replay, FindReplay(connection, project, wanted, request_hash));
        if (replay) return absl::OkStatus();
        RETURN_IF_ERROR(CheckState(connection, project, wanted));
        ASSIGN_OR_RETURN(stored.ordinal,
                         ExperimentStore(connection).Insert(project, wanted, request_hash, salt));
        if (started) RETURN_IF_ERROR(RampStore(connection).Append(stored.ordinal, *started));
        RETURN_IF_ERROR(
            LabelStore(connection)
                .Set(project, Labelled::kExperiment, wanted.experiment_id, wanted.labels));
        return audit::Record(connection, actor,
                             {"experiment", wanted.experiment_id,
                              fmt::format("agent '{}'{}", wanted.agent,
                                          wanted.waiver.empty() ? "" : ", with a waiver")},
                             wanted.create_time);
      },
      [&] {
        if (!replay) serving_->PutExperiment(std::make_shared<LiveExperiment>(stored));
      }));
  if (replay) return Created<Experiment>{*std::move(replay), /*replayed=*/true};
  return Created<Experiment>{std::move(wanted), /*replayed=*/false};
}

absl::StatusOr<std::optional<Experiment>> ExperimentCatalog::FindReplay(
    sql::Connection& connection, const std::string& project, const Experiment& wanted,
    const std::string& request_hash) {
  ASSIGN_OR_RETURN(std::optional<StoredExperiment> known,
                   ExperimentStore(connection).Find(project, wanted.experiment_id));
  ASSIGN_OR_RETURN(const bool replayed,
                   sql::IsReplay(known, request_hash, "experiment", wanted.experiment_id));
  if (!replayed) return std::nullopt;
  return std::move(known->experiment);
}

absl::Status ExperimentCatalog::CheckState(sql::Connection& connection, const std::string& project,
                                           const Experiment& wanted) {
  ASSIGN_OR_RETURN(const std::optional<StoredPromotion> active,
                   PromotionStore(connection).FindActive(project, wanted.agent));
  const std::string& control_version = wanted.Control().model_version;
  if (!active) {
    return errors::FailedPrecondition(
        Reason::kVersionNotActive, "agent", wanted.agent, "no active version",
        fmt::format("'{}', which the control serves, promoted first", control_version));
  }
  const std::string& active_version = active->active_version.model_version;
  if (active_version != control_version) {
    return errors::FailedPrecondition(
        Reason::kVersionNotActive, "agent", wanted.agent,
        fmt::format("a control that serves '{}'", control_version),
        fmt::format("one that serves the active version '{}'", active_version));
  }
  ASSIGN_OR_RETURN(const std::optional<StoredExperiment> running,
                   ExperimentStore(connection).FindRunning(project, wanted.agent));
  if (!running) return absl::OkStatus();
  return errors::FailedPrecondition(
      Reason::kAlreadyUnderWay, "agent", wanted.agent,
      fmt::format("the running experiment '{}'", running->experiment.experiment_id),
      "none; stop that one first");
}

absl::Status ExperimentCatalog::CheckSources(const Experiment& wanted) const {
  if (follows_feed_ || !wanted.plan.HasSource()) return absl::OkStatus();
  return errors::FailedPrecondition(
      Reason::kNoFeed, "experiment", wanted.experiment_id,
      "a metric whose outcomes come from ingest's feed (Metric.source)",
      "metrics without a source, or a service that follows the feed: start it with "
      "--ingest-address HOST:PORT");
}

absl::Status ExperimentCatalog::CheckGate(const std::string& project, const Experiment& wanted,
                                          const Deadline& deadline) const {
  for (const std::string& version : wanted.TreatmentVersions(/*waived=*/false)) {
    RETURN_IF_ERROR(gate_->RequirePass(
        project, {wanted.agent, version, wanted.Control().model_version}, deadline));
  }
  return absl::OkStatus();
}

absl::StatusOr<Experiment> ExperimentCatalog::Get(const std::string& project,
                                                  const std::string& experiment_id) {
  ASSIGN_OR_RETURN(std::optional<StoredExperiment> found,
                   database_->Read([&](sql::Connection& connection) {
                     return ExperimentStore(connection).Find(project, experiment_id);
                   }));
  if (!found) return NoSuchExperiment(experiment_id);
  return std::move(found->experiment);
}

absl::StatusOr<ListPage<Experiment>> ExperimentCatalog::List(const std::string& project,
                                                             const ExperimentFilter& filter,
                                                             int64_t beyond, int64_t page_size) {
  ASSIGN_OR_RETURN(
      ListPage<StoredExperiment> page, database_->Read([&](sql::Connection& connection) {
        return ReadListPage<StoredExperiment>(
            beyond, page_size,
            [&](int64_t from, int64_t limit) {
              return ExperimentStore(connection)
                  .List(project, {filter.list.agent, filter.list.oldest_first, from}, limit);
            },
            [&](const StoredExperiment& stored) { return filter.Matches(stored.experiment); });
      }));
  RETURN_IF_ERROR(FillListPage<StoredExperiment>(
      sql::kMaxReadBytes, [](StoredExperiment& stored) { return SizeBytes(stored.experiment); },
      page));
  return ValuesOf(std::move(page), &StoredExperiment::experiment);
}

absl::StatusOr<Created<Experiment>> ExperimentCatalog::Stop(const rpc::Actor& actor,
                                                            const std::string& experiment_id,
                                                            const std::string& reason) {
  const absl::Time now = StoredTime(clock_->Now());
  std::optional<StoredExperiment> found;
  std::vector<Evidence> evidence;
  bool replayed = false;
  RETURN_IF_ERROR(CommitThenPublish(
      *database_, sql::Database::kSmallWriteBytes,
      [&](sql::Connection& connection) -> absl::Status {
        evidence.clear();
        ExperimentStore store(connection);
        ASSIGN_OR_RETURN(found, store.Find(actor.project, experiment_id));
        if (!found) return NoSuchExperiment(experiment_id);
        replayed = found->experiment.state == State::kStopped;
        if (!replayed) {
          RETURN_IF_ERROR(
              LookAt(connection, std::make_shared<LiveExperiment>(*found), now, evidence));
          RETURN_IF_ERROR(store.Stop({now, reason, actor.key_id}, *found));
          RETURN_IF_ERROR(
              WriteRampEnd(connection, actor, *found, RampEventKind::kEnded, /*decision=*/0));
          return audit::Record(
              connection, actor,
              {"experiment", experiment_id, fmt::format("agent '{}'", found->experiment.agent)},
              now);
        }
        if (found->experiment.stop_reason == reason) return absl::OkStatus();
        return errors::AlreadyExistsWithOtherContent(
            "stop of experiment", experiment_id,
            fmt::format("It was stopped already at {}, because: {}",
                        SecondsText(found->experiment.stop_time),
                        Shorten(found->experiment.stop_reason, kShownReasonBytes)));
      },
      [&] {
        if (replayed) return;
        evidence_->Put(std::move(evidence));
        serving_->PutExperiment(std::make_shared<LiveExperiment>(*found));
      }));
  return Created<Experiment>{std::move(found->experiment), replayed};
}

}  // namespace flywheel::experiment
