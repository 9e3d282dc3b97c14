#include "experiment_service/promoter.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "experiment_service/evidence_writer.h"
#include "experiment_service/ordered_commit.h"
#include "experiment_service/ramp_writer.h"
#include "experiment_service/refusals.h"
#include "experiment_service/request_hash.h"
#include "experiment_service/store/label_store.h"
#include "experiment_service/store/promotion_store.h"
#include "experiment_service/store/untold_promotion_store.h"
#include "shared/audit/audit_store.h"
#include "shared/sql/read_bytes.h"
#include "shared/sql/replay.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/time/stored_time.h"

namespace flywheel::experiment {
namespace {

// Of a rollback, between which another promotion came each time.
constexpr int kRollbackAttempts = 10;

// The decision by which an arm with the version is to ship. Where two arms serve it, neither may be
// worse than the other says.
absl::StatusOr<int64_t> RequireShip(const Experiment& experiment, const Evidence& evidence,
                                    const std::string& model_version) {
  int64_t decision = 0;
  std::string got = "no treatment with that version";
  for (size_t i = 0; i < experiment.arms.size(); ++i) {
    const Arm& arm = experiment.arms[i];
    if (arm.control || arm.model_version != model_version) continue;
    const Standing& standing = evidence.standings[i];
    if (standing.decision.recommendation == Recommendation::kShip) {
      if (decision == 0) decision = standing.sequence;
      continue;
    }
    const bool is_open = standing.decision.recommendation == Recommendation::kContinue;
    got = fmt::format("no SHIP for arm '{}'{}", arm.arm_id,
                      is_open ? std::string() : fmt::format(" ({})", standing.decision.message));
    if (!is_open) {
      decision = 0;
      break;
    }
  }
  if (decision != 0) return decision;
  return errors::FailedPrecondition(
      Reason::kNotRecommended, "experiment", experiment.experiment_id, got,
      fmt::format(
          "the decision SHIP for version '{}' (Analyze says what is wanting), or a promotion "
          "with a waiver",
          model_version));
}

}  // namespace

absl::StatusOr<Created<ActiveVersion>> Promoter::Promote(const rpc::Actor& actor,
                                                         ActiveVersion wanted,
                                                         const Deadline& deadline,
                                                         const PromotionCheck& still_wanted) {
  const std::string& project = actor.project;
  ASSIGN_OR_RETURN(std::optional<ActiveVersion> replay,
                   database_->Read([&](sql::Connection& connection) {
                     return FindReplay(connection, project, wanted);
                   }));
  if (replay) return Created<ActiveVersion>{*std::move(replay), /*replayed=*/true};
  // Outside a transaction: the writer waits for nobody's answer.
  if (!wanted.experiment_id.empty()) RETURN_IF_ERROR(CheckEvidence(project, wanted, deadline));

  wanted.promoted_by = actor.key_id;
  const LiveExperimentPtr live = wanted.experiment_id.empty()
                                     ? LiveExperimentPtr()
                                     : serving_->FindExperiment(project, wanted.experiment_id);
  // Whoever reads of the promotion is to see that the gate was not asked, and who answers for that.
  if (live != nullptr &&
      live->experiment.TreatmentVersions(/*waived=*/true).contains(wanted.model_version)) {
    wanted.waiver = live->experiment.waiver;
  }
  std::vector<Evidence> evidence;
  std::optional<StoredExperiment> stopped;
  RETURN_IF_ERROR(CommitThenPublish(
      *database_, sql::Database::kSmallWriteBytes,
      [&](sql::Connection& connection) -> absl::Status {
        evidence.clear();
        // The gate may have taken its time, and what came meanwhile counts.
        wanted.promote_time = StoredTime(clock_->Now());
        // Another call may have come between.
        ASSIGN_OR_RETURN(replay, FindReplay(connection, project, wanted));
        if (replay) return absl::OkStatus();
        if (still_wanted) RETURN_IF_ERROR(still_wanted(connection));
        RETURN_IF_ERROR(CheckControlIsActive(connection, project, wanted));
        RETURN_IF_ERROR(CheckEvidenceIsNew(connection, project, wanted));
        if (live != nullptr) {
          RETURN_IF_ERROR(LookAt(connection, live, wanted.promote_time, evidence));
          ASSIGN_OR_RETURN(wanted.decision,
                           RequireShip(live->experiment, evidence.back(), wanted.model_version));
        }
        ASSIGN_OR_RETURN(stopped, Write(connection, actor, wanted, evidence));
        return audit::Record(
            connection, actor,
            {"promotion", wanted.promotion_id,
             fmt::format("agent '{}', version '{}'{}", wanted.agent, wanted.model_version,
                         wanted.waiver.empty() ? "" : ", with a waiver")},
            wanted.promote_time);
      },
      [&] {
        if (replay) return;
        evidence_->Put(std::move(evidence));
        serving_->PutActiveVersion(project, wanted);
        if (stopped) serving_->PutExperiment(std::make_shared<LiveExperiment>(*stopped));
        reporter_->Wake();
      }));
  if (replay) return Created<ActiveVersion>{*std::move(replay), /*replayed=*/true};
  return Created<ActiveVersion>{std::move(wanted), /*replayed=*/false};
}

absl::StatusOr<Created<ActiveVersion>> Promoter::Rollback(const rpc::Actor& actor,
                                                          ActiveVersion wanted,
                                                          const std::string& from_version) {
  for (int attempt = 0; attempt < kRollbackAttempts; ++attempt) {
    int64_t replaced = 0;
    RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
      PromotionStore store(connection);
      ASSIGN_OR_RETURN(std::optional<StoredPromotion> back,
                       store.Find(actor.project, wanted.promotion_id));
      if (!back) {
        ASSIGN_OR_RETURN(const std::optional<StoredPromotion> active,
                         store.FindActive(actor.project, wanted.agent));
        if (!active) return NoSuchAgent(wanted.agent);
        if (active->active_version.model_version != from_version) {
          return errors::FailedPrecondition(Reason::kVersionNotActive, "agent", wanted.agent,
                                            fmt::format("a rollback from '{}'", from_version),
                                            fmt::format("one from the active version, '{}'",
                                                        active->active_version.model_version));
        }
        replaced = active->ordinal;
        ASSIGN_OR_RETURN(back, store.FindBefore(*active));
      }
      if (!back) {
        return errors::NotFound("earlier version of agent", wanted.agent,
                                "Promote another version, with an experiment or a waiver.");
      }
      wanted.model_version = back->active_version.model_version;
      return absl::OkStatus();
    }));
    bool is_stale = false;
    absl::StatusOr<Created<ActiveVersion>> result =
        Promote(actor, wanted, Deadline(), [&](sql::Connection& connection) -> absl::Status {
          ASSIGN_OR_RETURN(const std::optional<StoredPromotion> active,
                           PromotionStore(connection).FindActive(actor.project, wanted.agent));
          is_stale = !active || active->ordinal != replaced;
          return is_stale ? errors::Cancelled() : absl::OkStatus();
        });
    if (!is_stale) return result;
  }
  return errors::ChangedMeanwhile("agent", wanted.agent, "another promotion each time");
}

absl::StatusOr<std::optional<ActiveVersion>> Promoter::FindReplay(sql::Connection& connection,
                                                                  const std::string& project,
                                                                  const ActiveVersion& wanted) {
  ASSIGN_OR_RETURN(std::optional<StoredPromotion> known,
                   PromotionStore(connection).Find(project, wanted.promotion_id));
  ASSIGN_OR_RETURN(const bool replayed,
                   sql::IsReplay(known, RequestHash(wanted), "promotion", wanted.promotion_id));
  if (!replayed) return std::nullopt;
  return std::move(known->active_version);
}

absl::Status Promoter::CheckEvidence(const std::string& project, const ActiveVersion& wanted,
                                     const Deadline& deadline) const {
  const LiveExperimentPtr live = serving_->FindExperiment(project, wanted.experiment_id);
  if (live == nullptr) return NoSuchExperiment(wanted.experiment_id);
  const Experiment& experiment = live->experiment;
  if (experiment.agent != wanted.agent) {
    return errors::InvalidArgument(
        "agent", fmt::format("'{}'", wanted.agent),
        fmt::format("'{}', which is the experiment's", experiment.agent));
  }
  std::vector<Evidence> evidence;
  RETURN_IF_ERROR(CommitThenPublish(
      *database_, sql::Database::kSmallWriteBytes,
      [&](sql::Connection& connection) {
        evidence.clear();
        return LookAt(connection, live, StoredTime(clock_->Now()), evidence);
      },
      [&] { evidence_->Put(evidence); }));
  RETURN_IF_ERROR(RequireShip(experiment, evidence.front(), wanted.model_version).status());
  // What the waiver of the experiment covers needs no PASS, but evidence like any other.
  if (experiment.TreatmentVersions(/*waived=*/true).contains(wanted.model_version)) {
    return absl::OkStatus();
  }
  return gate_->RequirePass(
      project, {wanted.agent, wanted.model_version, experiment.Control().model_version}, deadline);
}

// Whoever rolled a version back has seen what the experiment had not.
absl::Status Promoter::CheckEvidenceIsNew(sql::Connection& connection, const std::string& project,
                                          const ActiveVersion& wanted) const {
  if (wanted.experiment_id.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<std::string> used,
                   PromotionStore(connection)
                       .FindByExperiment(project, wanted.model_version, wanted.experiment_id));
  if (!used) return absl::OkStatus();
  return errors::FailedPrecondition(
      Reason::kNotRecommended, "experiment", wanted.experiment_id,
      fmt::format("evidence that has promoted version '{}' before, by promotion '{}'",
                  wanted.model_version, *used),
      "another experiment, or a promotion with a waiver");
}

absl::Status Promoter::CheckControlIsActive(sql::Connection& connection, const std::string& project,
                                            const ActiveVersion& wanted) const {
  if (wanted.experiment_id.empty()) return absl::OkStatus();
  const LiveExperimentPtr live = serving_->FindExperiment(project, wanted.experiment_id);
  // By the store, not by the cache, which may still be behind the commit before this one.
  ASSIGN_OR_RETURN(const std::optional<StoredPromotion> active,
                   PromotionStore(connection).FindActive(project, wanted.agent));
  const std::string active_version = active ? active->active_version.model_version : "";
  const std::string& control_version = live->experiment.Control().model_version;
  if (active_version == control_version) return absl::OkStatus();
  return errors::FailedPrecondition(
      Reason::kVersionNotActive, "experiment", wanted.experiment_id,
      fmt::format("a comparison with '{}'", control_version),
      fmt::format("one with the version that is active now, '{}'", active_version));
}

absl::StatusOr<std::optional<StoredExperiment>> Promoter::Write(sql::Connection& connection,
                                                                const rpc::Actor& actor,
                                                                const ActiveVersion& wanted,
                                                                std::vector<Evidence>& evidence) {
  const std::string& project = actor.project;
  RETURN_IF_ERROR(PromotionStore(connection).Promote({project, RequestHash(wanted), wanted}));
  RETURN_IF_ERROR(LabelStore(connection)
                      .Set(project, Labelled::kPromotion, wanted.promotion_id, wanted.labels));
  RETURN_IF_ERROR(UntoldPromotionStore(connection).Insert(project, wanted.promotion_id));
  ExperimentStore experiments(connection);
  ASSIGN_OR_RETURN(std::optional<StoredExperiment> running,
                   experiments.FindRunning(project, wanted.agent));
  if (!running) return std::nullopt;
  RETURN_IF_ERROR(LookAt(connection, std::make_shared<LiveExperiment>(*running),
                         wanted.promote_time, evidence));
  // Its control is the active version no longer, so that what it goes on to find would be stale.
  RETURN_IF_ERROR(experiments.Stop({wanted.promote_time,
                                    fmt::format("promotion '{}' made version '{}' active",
                                                wanted.promotion_id, wanted.model_version),
                                    wanted.promoted_by},
                                   *running));
  // No request says its method, so that nobody else's promotion is taken for the ramp's.
  const bool by_ramp = actor.method == kRampMethod;
  const bool by_evidence = running->experiment.experiment_id == wanted.experiment_id;
  RETURN_IF_ERROR(WriteRampEnd(connection, actor, *running,
                               by_ramp ? RampEventKind::kPromoted : RampEventKind::kEnded,
                               by_evidence ? wanted.decision : 0));
  return running;
}

absl::StatusOr<ActiveVersion> Promoter::GetActive(const std::string& project,
                                                  const std::string& agent) {
  ASSIGN_OR_RETURN(std::optional<StoredPromotion> active,
                   database_->Read([&](sql::Connection& connection) {
                     return PromotionStore(connection).FindActive(project, agent);
                   }));
  if (!active) return NoSuchAgent(agent);
  return std::move(active->active_version);
}

absl::StatusOr<ListPage<ActiveVersion>> Promoter::List(const std::string& project,
                                                       const PromotionFilter& filter,
                                                       int64_t beyond, int64_t page_size) {
  ASSIGN_OR_RETURN(
      ListPage<StoredPromotion> page, database_->Read([&](sql::Connection& connection) {
        return ReadListPage<StoredPromotion>(
            beyond, page_size,
            [&](int64_t from, int64_t limit) {
              return PromotionStore(connection).List(project, filter, from, limit);
            },
            [&](const StoredPromotion& stored) { return filter.Matches(stored.active_version); });
      }));
  RETURN_IF_ERROR(FillListPage<StoredPromotion>(
      sql::kMaxReadBytes,
      [](StoredPromotion& stored) {
        const ActiveVersion& made = stored.active_version;
        return made.waiver.reason.size() + LabelBytes(made.labels);
      },
      page));
  return ValuesOf(std::move(page), &StoredPromotion::active_version);
}

}  // namespace flywheel::experiment
