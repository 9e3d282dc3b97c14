#include "curation_service/training_runs.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "curation_service/model_registry.h"
#include "curation_service/store/dataset_store.h"
#include "curation_service/store/label_store.h"
#include "curation_service/store/score_store.h"
#include "curation_service/store/training_run_store.h"
#include "shared/audit/audit_store.h"
#include "shared/hashing/content_hash.h"
#include "shared/sql/read_bytes.h"
#include "shared/sql/replay.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/time/stored_time.h"

namespace flywheel::curation {
namespace {

constexpr char kTrainingRun[] = "training run";

// Of what may be long.
size_t SizeBytes(const TrainingRun& run) {
  size_t bytes = run.result.failure.size() + run.cancel_reason.size() + LabelBytes(run.labels);
  for (const auto& [name, value] : run.result.metrics) bytes += name.size() + sizeof(value);
  return bytes;
}

std::string RequestHash(const TrainingRequest& request) {
  ContentHash hash;
  hash.Add("OpenTrainingRun")
      .Add(request.dataset_version_id)
      .Add(request.policy.min_new_interactions)
      .Add(request.policy.min_high_quality_rate)
      .Add(absl::ToInt64Microseconds(request.policy.max_time_since_training))
      .Add(absl::ToInt64Microseconds(request.policy.min_time_between_training))
      .Add(request.policy.degradation_threshold)
      .Add(request.performance_change)
      .Add(request.force_reason);
  for (const auto& [name, value] : request.labels) hash.Add(name).Add(value);
  return hash.Bytes();
}

std::string CompletionHash(const TrainingReport& report) {
  ContentHash hash;
  hash.Add(report.trainer)
      .Add(int64_t{report.result.succeeded})
      .Add(report.result.model_version)
      .Add(report.result.artifact_uri)
      .Add(report.result.failure);
  for (const auto& [name, value] : report.result.metrics) hash.Add(name).Add(value);
  // Reports that say none of this have the hash that they had before there was anything to say.
  const ModelVersion& version = report.version;
  const auto add = [&](const char* field, const std::string& text) {
    if (!text.empty()) hash.Add(field).Add(text);
  };
  add("base_model_version", version.base);
  add("prompt_version", version.prompt_version);
  add("retrieval_version", version.retrieval_version);
  add("description", version.description);
  for (const auto& [name, value] : version.labels) hash.Add("label").Add(name).Add(value);
  return hash.Bytes();
}

absl::StatusOr<TriggerEvidence> ReadEvidence(sql::Connection& connection,
                                             const std::string& project, const std::string& agent,
                                             double performance_change, absl::Time now) {
  TriggerEvidence evidence;
  evidence.performance_change = performance_change;
  ASSIGN_OR_RETURN(const std::optional<LastTraining> last,
                   TrainingRunStore(connection).FindLastTraining(project, agent));
  if (last) evidence.since_last_training = now - last->complete_time;
  ASSIGN_OR_RETURN(
      const QualityCount count,
      ScoreStore(connection)
          .CountUntrained(project, agent, last ? last->feed_sequence : 0, kHighQualityScore));
  evidence.new_interactions = count.scored;
  evidence.high_quality_interactions = count.high_quality;
  return evidence;
}

absl::Status NoSuchRun(const std::string& training_run_id) {
  return errors::NotFound(kTrainingRun, training_run_id,
                          "Open it, or list the runs that there are.");
}

// What was read since the last training does not count what a run that is under way has learnt.
absl::Status CheckNoneUnderWay(sql::Connection& connection, const std::string& project,
                               const std::string& agent, absl::Time now) {
  ASSIGN_OR_RETURN(const std::optional<StoredTrainingRun> found,
                   TrainingRunStore(connection).FindUnderWay(project, agent));
  if (!found) return absl::OkStatus();
  const TrainingRun& run = found->run;
  return errors::FailedPrecondition(
      Reason::kAlreadyUnderWay, "agent", agent,
      run.StateAt(now) == TrainingRunState::kLeased
          ? fmt::format("training run '{}', which '{}' has leased", run.training_run_id,
                        run.trainer)
          : fmt::format("training run '{}', which waits for a trainer", run.training_run_id),
      "no run under way (complete or cancel that one first), or a force_reason");
}

// The run that a request opens, if the trigger lets it and no other is under way.
absl::StatusOr<TrainingRun> NewRun(sql::Connection& connection, const TrainingRequest& request,
                                   absl::Time now) {
  ASSIGN_OR_RETURN(const DatasetVersion dataset,
                   DatasetStore(connection).Get(request.actor.project, request.dataset_version_id));
  TrainingRun run;
  run.training_run_id = request.training_run_id;
  run.dataset_version_id = request.dataset_version_id;
  run.agent = dataset.options.agent;
  run.create_time = now;
  run.created_by = request.actor.key_id;
  run.labels = request.labels;
  ASSIGN_OR_RETURN(
      const TriggerEvidence evidence,
      ReadEvidence(connection, request.actor.project, run.agent, request.performance_change, now));
  run.trigger = request.force_reason.empty() ? DecideTrigger(request.policy, evidence)
                                             : ForcedTrigger(request.force_reason, evidence);
  if (run.trigger.should_train) {
    if (request.force_reason.empty()) {
      RETURN_IF_ERROR(CheckNoneUnderWay(connection, request.actor.project, run.agent, now));
    }
    return run;
  }
  return errors::FailedPrecondition(
      Reason::kNotTriggered, "training trigger of agent", run.agent,
      fmt::format("{} ({})", TriggerReasonName(run.trigger.reason), run.trigger.message),
      "a reason to train, or a force_reason");
}

audit::Resource ResourceOf(const TrainingRun& run, std::string_view more = "") {
  return {kTrainingRun, run.training_run_id, fmt::format("agent '{}'{}", run.agent, more)};
}

std::string HolderOf(const TrainingRun& run) {
  if (run.trainer.empty()) return "nobody";
  if (run.leased_by.empty()) return fmt::format("'{}'", run.trainer);
  return fmt::format("'{}' with the key '{}'", run.trainer, run.leased_by);
}

// Whether a report may be kept, given the run as it is.
absl::Status CheckReport(const TrainingReport& report, const TrainingRun& run) {
  if (run.state == TrainingRunState::kCancelled) {
    return errors::FailedPrecondition(Reason::kAlreadyEnded, kTrainingRun, report.training_run_id,
                                      fmt::format("cancelled ({})", run.cancel_reason),
                                      "one that you hold; lease another run");
  }
  if (run.state != TrainingRunState::kLeased || run.trainer != report.trainer ||
      run.leased_by != report.actor.key_id) {
    return errors::LeaseLost(kTrainingRun, report.training_run_id, HolderOf(run));
  }
  return absl::OkStatus();
}

// Registers what came of a run, which is still leased.
absl::Status RegisterResult(sql::Connection& connection, const TrainingReport& report,
                            const TrainingRun& run, absl::Time now) {
  if (!report.result.succeeded) return absl::OkStatus();
  ModelVersion version = report.version;
  version.agent = run.agent;
  version.training_run_id = run.training_run_id;
  version.create_time = now;
  version.created_by = report.actor.key_id;
  return RegisterVersion(connection, report.actor.project, version).status();
}

}  // namespace

absl::StatusOr<TriggerDecision> TrainingRuns::CheckTrigger(const std::string& project,
                                                           const std::string& agent,
                                                           const TrainingPolicy& policy,
                                                           double performance_change) const {
  ASSIGN_OR_RETURN(const TriggerEvidence evidence, database_->Read([&](sql::Connection& db) {
    return ReadEvidence(db, project, agent, performance_change, clock_->Now());
  }));
  return DecideTrigger(policy, evidence);
}

absl::StatusOr<ColdStart> TrainingRuns::GetColdStart(const std::string& project,
                                                     const std::string& agent) const {
  ASSIGN_OR_RETURN(const int64_t real, database_->Read([&](sql::Connection& connection) {
    return ScoreStore(connection).CountReal(project, agent, kMatureInteractions);
  }));
  return ColdStartOf(real);
}

absl::StatusOr<Created<TrainingRun>> TrainingRuns::Open(const TrainingRequest& request) {
  const std::string request_hash = RequestHash(request);
  const absl::Time now = StoredTime(clock_->Now());
  Created<TrainingRun> result;
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(
        std::optional<StoredTrainingRun> stored,
        TrainingRunStore(connection).Find(request.actor.project, request.training_run_id));
    ASSIGN_OR_RETURN(const bool replayed,
                     sql::IsReplay(stored, request_hash, kTrainingRun, request.training_run_id));
    if (replayed) {
      result = {std::move(stored->run), /*replayed=*/true};
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(TrainingRun run, NewRun(connection, request, now));
    RETURN_IF_ERROR(TrainingRunStore(connection).Add(request.actor.project, request_hash, run));
    RETURN_IF_ERROR(
        LabelStore(connection)
            .Set(request.actor.project, Labelled::kTrainingRun, run.training_run_id, run.labels));
    RETURN_IF_ERROR(audit::Record(connection, request.actor,
                                  ResourceOf(run, request.force_reason.empty() ? "" : ", forced"),
                                  now));
    result = {std::move(run), /*replayed=*/false};
    return absl::OkStatus();
  }));
  return result;
}

absl::StatusOr<std::optional<TrainingRun>> TrainingRuns::Lease(const LeaseRequest& request) {
  const absl::Time now = StoredTime(clock_->Now());
  std::optional<TrainingRun> leased;
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(
        std::optional<StoredTrainingRun> found,
        TrainingRunStore(connection)
            .FindForLease(request.actor.project, {request.trainer, request.actor.key_id},
                          request.agents, now));
    leased.reset();
    if (!found) return absl::OkStatus();
    leased = std::move(found->run);
    // Renewals come every few minutes and change nothing.
    const bool renewed = leased->state == TrainingRunState::kLeased &&
                         leased->trainer == request.trainer &&
                         leased->leased_by == request.actor.key_id;
    if (!renewed) {
      RETURN_IF_ERROR(audit::Record(connection, request.actor, ResourceOf(*leased), now));
    }
    leased->state = TrainingRunState::kLeased;
    leased->trainer = request.trainer;
    leased->leased_by = request.actor.key_id;
    leased->lease_expire_time = StoredTime(now + request.duration);
    return TrainingRunStore(connection).SetLease(request.actor.project, *leased);
  }));
  return leased;
}

absl::StatusOr<Created<TrainingRun>> TrainingRuns::Complete(const TrainingReport& report) {
  const std::string completion_hash = CompletionHash(report);
  const absl::Time now = StoredTime(clock_->Now());
  Created<TrainingRun> result;
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(
        std::optional<StoredTrainingRun> stored,
        TrainingRunStore(connection).Find(report.actor.project, report.training_run_id));
    if (!stored) return NoSuchRun(report.training_run_id);
    // A report that came again is a replay, whoever holds the lease by now.
    result = {std::move(stored->run), /*replayed=*/false};
    if (result.value.complete()) {
      if (stored->completion_hash != completion_hash) {
        return errors::AlreadyExistsWithOtherContent("completion of training run",
                                                     report.training_run_id);
      }
      result.replayed = true;
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(CheckReport(report, result.value));
    RETURN_IF_ERROR(RegisterResult(connection, report, result.value, now));
    result.value.state =
        report.result.succeeded ? TrainingRunState::kSucceeded : TrainingRunState::kFailed;
    result.value.complete_time = now;
    result.value.completed_by = report.actor.key_id;
    result.value.result = report.result;
    RETURN_IF_ERROR(audit::Record(
        connection, report.actor,
        ResourceOf(result.value, report.result.succeeded
                                     ? fmt::format(", version '{}'", report.result.model_version)
                                     : ", failed"),
        now));
    return TrainingRunStore(connection)
        .SetComplete(report.actor.project, result.value, completion_hash);
  }));
  return result;
}

absl::StatusOr<Created<TrainingRun>> TrainingRuns::Cancel(const rpc::Actor& actor,
                                                          const std::string& training_run_id,
                                                          const std::string& reason) {
  const absl::Time now = StoredTime(clock_->Now());
  Created<TrainingRun> result;
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(std::optional<StoredTrainingRun> stored,
                     TrainingRunStore(connection).Find(actor.project, training_run_id));
    if (!stored) return NoSuchRun(training_run_id);
    TrainingRun& run = stored->run;
    if (run.complete()) {
      return errors::FailedPrecondition(
          Reason::kAlreadyEnded, kTrainingRun, training_run_id,
          run.result.succeeded ? fmt::format("model version '{}'", run.result.model_version)
                               : "a failure that its trainer reported",
          "a run that is open or leased");
    }
    const bool replayed = run.state == TrainingRunState::kCancelled;
    if (!replayed) {
      run.state = TrainingRunState::kCancelled;
      run.complete_time = now;
      run.completed_by = actor.key_id;
      run.cancel_reason = reason;
      RETURN_IF_ERROR(TrainingRunStore(connection).SetCancelled(actor.project, run));
      RETURN_IF_ERROR(audit::Record(connection, actor, ResourceOf(run), now));
    }
    result = {std::move(run), replayed};
    return absl::OkStatus();
  }));
  return result;
}

absl::StatusOr<TrainingRun> TrainingRuns::Get(const std::string& project,
                                              const std::string& training_run_id) const {
  ASSIGN_OR_RETURN(std::optional<StoredTrainingRun> stored,
                   database_->Read([&](sql::Connection& connection) {
                     return TrainingRunStore(connection).Find(project, training_run_id);
                   }));
  if (!stored) return NoSuchRun(training_run_id);
  return std::move(stored->run);
}

absl::StatusOr<ListPage<TrainingRun>> TrainingRuns::List(const std::string& project,
                                                         const TrainingRunFilter& filter,
                                                         int64_t beyond, int64_t page_size) const {
  const absl::Time now = clock_->Now();
  ASSIGN_OR_RETURN(
      ListPage<StoredTrainingRun> page, database_->Read([&](sql::Connection& connection) {
        return ReadListPage<StoredTrainingRun>(
            beyond, page_size,
            [&](int64_t from, int64_t limit) {
              return TrainingRunStore(connection)
                  .List(project, {filter.list.agent, filter.list.oldest_first, from}, limit);
            },
            [&](const StoredTrainingRun& stored) { return filter.Matches(stored.run, now); });
      }));
  RETURN_IF_ERROR(FillListPage<StoredTrainingRun>(
      sql::kMaxReadBytes, [](StoredTrainingRun& stored) { return SizeBytes(stored.run); }, page));
  return ValuesOf(std::move(page), &StoredTrainingRun::run);
}

}  // namespace flywheel::curation
