#include "eval_gate_service/judge.h"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "eval_gate_service/domain/content_hash.h"
#include "eval_gate_service/policy_lookup.h"
#include "eval_gate_service/store/label_store.h"
#include "eval_gate_service/store/release_log_store.h"
#include "eval_gate_service/store/run_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "eval_gate_service/store/verdict_store.h"
#include "eval_gate_service/verdict_evidence.h"
#include "shared/audit/audit_store.h"
#include "shared/sql/replay.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Each further one means that people were erased during the one before, or that another policy,
// baseline or look came meanwhile.
constexpr int kMostRounds = 10;

// A run that did not finish, or that the infrastructure stopped, says nothing about a version:
// attempts without an answer are asked for, and never counted as failed.
absl::StatusOr<Run> GetFinished(sql::Connection& connection, const RunsOf& runs_of) {
  ASSIGN_OR_RETURN(Run run, RunStore(connection).GetBest(runs_of));
  if (run.state == RunState::kFinished) return run;
  return errors::NotEnoughData(
      fmt::format("finished runs of model version '{}' on suite '{}'", runs_of.model_version,
                  runs_of.suite_id),
      fmt::format(
          "run '{}' with {} of {} attempts answered, {} errors of the infrastructure and {} "
          "without an output",
          run.run_id, run.progress.answered, run.attempts, run.progress.unavailable, run.missing()),
      run.progress.answered < run.attempts
          ? "one that is finished: send the other outputs by SubmitOutputs, then FinishRun"
          : "one that is finished: FinishRun");
}

absl::Status CheckAttempts(const Run& run, const Bar& bar) {
  if (run.attempts_per_case >= bar.least_attempts) return absl::OkStatus();
  return errors::NotEnoughData(
      fmt::format("attempts at each case in run '{}' of model version '{}'", run.run_id,
                  run.model_version),
      fmt::format("{}", run.attempts_per_case),
      fmt::format("at least {}, which the bar wants", bar.least_attempts));
}

// All but the outcomes.
absl::Status FindEvidence(sql::Connection& connection, const rpc::Actor& actor,
                          const VerdictRequest& request, Evidence& evidence) {
  const std::string& project = actor.project;
  ASSIGN_OR_RETURN(StoredSuite stored, SuiteStore(connection).Get(project, request.suite_id));
  evidence.suite = std::move(stored.suite);
  if (evidence.suite.cases_left() <= 0) {
    return errors::NotEnoughData(
        fmt::format("cases of suite '{}' that were not erased", request.suite_id), "0",
        "at least 1: make a suite of a newer dataset version");
  }
  ASSIGN_OR_RETURN(evidence.question, FindQuestion(connection, actor, request, evidence.suite));
  std::vector<std::string> names = evidence.question.Versions();
  names.insert(names.begin(), request.model_version);
  // Before anything long is read.
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(Run run, GetFinished(connection, {project, request.suite_id, name}));
    RETURN_IF_ERROR(CheckAttempts(run, evidence.question.asked.bar));
    evidence.versions.push_back({std::move(run), {}});
  }
  ASSIGN_OR_RETURN(
      evidence.unfinished,
      RunStore(connection).CountUnfinished({project, request.suite_id, request.model_version}));
  return absl::OkStatus();
}

// Whether the question is still that of the evidence, and no case was erased with its outputs.
absl::StatusOr<bool> StillHolds(sql::Connection& connection, const rpc::Actor& actor,
                                const VerdictRequest& request, const Evidence& evidence) {
  ASSIGN_OR_RETURN(const std::optional<StoredSuite> stored,
                   SuiteStore(connection).Find(actor.project, request.suite_id));
  if (!stored || stored->suite.erased_cases != evidence.suite.erased_cases) return false;
  ASSIGN_OR_RETURN(const JudgedQuestion question,
                   FindQuestion(connection, actor, request, stored->suite));
  return question == evidence.question;
}

}  // namespace

absl::StatusOr<Created<Verdict>> Judge::Give(const rpc::Actor& actor, const VerdictRequest& request,
                                             const Deadline& deadline) {
  const std::string& project = actor.project;
  const std::string hash =
      VerdictRequestHash(request.suite_id, request.model_version, request.baseline_model_version,
                         request.bar, request.labels);
  for (int round = 0; round < kMostRounds; ++round) {
    // Step 1: the evidence as it stands, unless the verdict was given already.
    std::optional<Verdict> earlier;
    Evidence evidence;
    const int64_t erasures = outcomes_->erasures();
    RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(earlier, FindReplay(connection, project, request, hash));
      if (earlier) return absl::OkStatus();
      evidence = {};
      RETURN_IF_ERROR(FindEvidence(connection, actor, request, evidence));
      for (VersionOutcomes& version : evidence.versions) {
        ASSIGN_OR_RETURN(version.outcomes, outcomes_->Find(connection, project, evidence.suite,
                                                           version.run, erasures, deadline));
      }
      return absl::OkStatus();
    }));
    if (earlier) return Created<Verdict>{*std::move(earlier), /*replayed=*/true};
    // Step 2: the decision, outside of any transaction.
    ASSIGN_OR_RETURN(Verdict verdict, DecideEvidence(evidence));
    verdict.verdict_id = request.verdict_id;
    // As it was asked for: the run may spell it otherwise.
    verdict.model_version = request.model_version;
    verdict.code_version = code_version_;
    // Only now: a waiver that came while it was found does not speak of it.
    verdict.create_time = clock_->Now();
    verdict.created_by = actor.key_id;
    verdict.labels = request.labels;

    // Step 3: it is kept where the evidence still stands, and somebody still waits for it.
    bool kept = false;
    RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
      kept = false;
      RETURN_IF_ERROR(deadline.Check());
      ASSIGN_OR_RETURN(earlier, FindReplay(connection, project, request, hash));
      if (earlier) return absl::OkStatus();
      ASSIGN_OR_RETURN(kept, StillHolds(connection, actor, request, evidence));
      if (!kept) return absl::OkStatus();
      RETURN_IF_ERROR(VerdictStore(connection).Insert(project, {verdict, /*ordinal=*/0, hash}));
      RETURN_IF_ERROR(LabelStore(connection)
                          .Set(project, Labelled::kVerdict, request.verdict_id, request.labels));
      RETURN_IF_ERROR(ReleaseLogStore(connection)
                          .Append(project,
                                  {ReleaseKind::kVerdict, verdict.agent, verdict.verdict_id},
                                  actor.key_id, verdict.create_time));
      return audit::Record(
          connection, actor,
          {"verdict", request.verdict_id,
           fmt::format("suite '{}', version '{}'", request.suite_id, request.model_version)},
          verdict.create_time);
    }));
    if (earlier) return Created<Verdict>{*std::move(earlier), /*replayed=*/true};
    if (kept) return Created<Verdict>{std::move(verdict), /*replayed=*/false};
  }
  return errors::ChangedMeanwhile(
      "model version", request.model_version,
      fmt::format("people are erased whose cases are in suite '{}', or the release policy changes",
                  request.suite_id));
}

absl::StatusOr<std::optional<Verdict>> Judge::FindReplay(sql::Connection& connection,
                                                         const std::string& project,
                                                         const VerdictRequest& request,
                                                         const std::string& request_hash) const {
  ASSIGN_OR_RETURN(std::optional<StoredVerdict> earlier,
                   VerdictStore(connection).Find(project, request.verdict_id));
  ASSIGN_OR_RETURN(const bool replayed,
                   sql::IsReplay(earlier, request_hash, "verdict", request.verdict_id));
  if (!replayed) return std::nullopt;
  Verdict& verdict = earlier->verdict;
  if (verdict.policy_version > 0) return std::move(verdict);
  // Whoever asks now means what counts.
  ASSIGN_OR_RETURN(const bool named,
                   IsNamed(connection, project, {verdict.agent, verdict.suite_name}));
  if (!named) return std::move(verdict);
  return errors::AlreadyExistsWithOtherContent(
      "verdict", request.verdict_id,
      "It was an exploration, before the release policy named the suite: judge under a new id.");
}

}  // namespace flywheel::evalgate
