#include "eval_gate_service/judge.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "eval_gate_service/case_outcomes.h"
#include "eval_gate_service/domain/content_hash.h"
#include "eval_gate_service/domain/verdict_decision.h"
#include "eval_gate_service/grader.h"
#include "eval_gate_service/store/label_store.h"
#include "eval_gate_service/store/run_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "eval_gate_service/store/verdict_store.h"
#include "shared/audit/audit_store.h"
#include "shared/sql/replay.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Each further one means that people were erased during the one before.
constexpr int kMostAttempts = 10;

// A run that did not finish, or that the infrastructure stopped, says nothing about a version:
// attempts without an answer are asked for, and never counted as failed.
absl::StatusOr<Run> FindRun(sql::Connection& connection, const RunsOf& runs_of) {
  ASSIGN_OR_RETURN(std::optional<Run> run, RunStore(connection).FindBest(runs_of));
  if (!run) {
    return errors::NotFound(
        fmt::format("run on suite '{}' of model version", runs_of.suite_id), runs_of.model_version,
        "Start one (StartRun), answer the cases of ReadSuiteCases and finish it first.");
  }
  if (run->state == RunState::kFinished) return *std::move(run);
  return errors::NotEnoughData(
      fmt::format("finished runs of model version '{}' on suite '{}'", runs_of.model_version,
                  runs_of.suite_id),
      fmt::format(
          "run '{}' with {} of {} attempts answered, {} errors of the infrastructure and {} "
          "without an output",
          run->run_id, run->progress.answered, run->attempts, run->progress.unavailable,
          run->missing()),
      run->progress.answered < run->attempts
          ? "one that is finished: send the other outputs by SubmitOutputs, then FinishRun"
          : "one that is finished: FinishRun");
}

// A version with what became of the cases in its run.
struct VersionOutcomes {
  Run run;
  std::vector<JudgedCase> cases;
};

// All that a verdict depends on, as it stood at one moment. What is finished changes only as cases
// leave.
struct Evidence {
  Suite suite;
  JudgedQuestion question;
  Grader grader;
  std::vector<CaseOutline> outline;
  // The candidate's first, then those of the versions that it is compared with.
  std::vector<VersionOutcomes> versions;
  // Of the candidate.
  UnfinishedRuns unfinished;
};

absl::Status ReadEvidence(sql::Connection& connection, const rpc::Actor& actor,
                          const VerdictRequest& request, const Deadline& deadline,
                          Evidence& evidence) {
  const std::string& project = actor.project;
  ASSIGN_OR_RETURN(StoredSuite stored, SuiteStore(connection).Get(project, request.suite_id));
  evidence.suite = std::move(stored.suite);
  if (evidence.suite.erased_cases == evidence.suite.cases) {
    return errors::NotEnoughData(
        fmt::format("cases of suite '{}' that were not erased", request.suite_id), "0",
        "at least 1: make a suite of a newer dataset version");
  }
  ASSIGN_OR_RETURN(evidence.question, FindQuestion(connection, actor, request, evidence.suite));
  ASSIGN_OR_RETURN(evidence.grader, Grader::Make(evidence.suite.evaluators));
  std::vector<std::string> names = evidence.question.Versions();
  names.insert(names.begin(), request.model_version);
  // Before anything long is read.
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(Run run, FindRun(connection, {project, request.suite_id, name}));
    evidence.versions.push_back({std::move(run), {}});
  }
  ASSIGN_OR_RETURN(
      evidence.unfinished,
      RunStore(connection).CountUnfinished({project, request.suite_id, request.model_version}));
  ASSIGN_OR_RETURN(evidence.outline,
                   ReadOutline(connection, project, evidence.suite, evidence.grader, deadline));
  for (VersionOutcomes& version : evidence.versions) {
    ASSIGN_OR_RETURN(version.cases, ReadOutcomes(connection, project, version.run, evidence.outline,
                                                 evidence.grader, deadline));
  }
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

// Whoever asks until the answers please has begun runs that did not finish.
void AddUnfinished(const UnfinishedRuns& unfinished, std::vector<Finding>& findings) {
  if (unfinished.answering == 0) return;
  Finding finding;
  finding.kind = FindingKind::kUnfinishedRuns;
  finding.cases = unfinished.answering;
  finding.message = fmt::format(
      "{} other {} of this version on the suite answered cases and did not finish: what they "
      "answered does not count",
      unfinished.answering, unfinished.answering == 1 ? "run" : "runs");
  findings.push_back(std::move(finding));
}

absl::StatusOr<Verdict> JudgeEvidence(const VerdictRequest& request, Evidence& evidence) {
  const Suite& suite = evidence.suite;
  const ReleaseQuestion& asked = evidence.question.asked;
  const Run& run = evidence.versions.front().run;
  std::vector<JudgedVersion> compared;
  for (size_t i = 1; i < evidence.versions.size(); ++i) {
    compared.push_back(
        {evidence.question.Versions()[i - 1], std::move(evidence.versions[i].cases)});
  }
  ASSIGN_OR_RETURN(VerdictDecision decided,
                   DecideVerdict(AtLook(asked.bar, evidence.question.look),
                                 evidence.versions.front().cases, compared));
  AddUnfinished(evidence.unfinished, decided.findings);
  Verdict verdict;
  verdict.verdict_id = request.verdict_id;
  verdict.suite_id = suite.suite_id;
  verdict.suite_name = suite.suite_name;
  verdict.suite_version = suite.suite_version;
  verdict.suite_cases = suite.cases;
  verdict.erased_cases = suite.erased_cases;
  verdict.agent = suite.agent;
  verdict.bar = asked.bar;
  verdict.bar_hash = BarHash(asked.bar, suite.content_hash);
  verdict.policy_version = evidence.question.policy_version;
  verdict.look = evidence.question.look;
  verdict.model_version = request.model_version;
  verdict.baseline_model_version = asked.baseline_model_version;
  verdict.reference_model_version = asked.reference_model_version;
  verdict.decision = decided.decision;
  verdict.findings = std::move(decided.findings);
  verdict.run_id = run.run_id;
  verdict.attempts_per_case = run.attempts_per_case;
  return verdict;
}

}  // namespace

absl::StatusOr<Created<Verdict>> Judge::Give(const rpc::Actor& actor, const VerdictRequest& request,
                                             const Deadline& deadline) {
  const std::string& project = actor.project;
  const std::string hash =
      VerdictRequestHash(request.suite_id, request.model_version, request.baseline_model_version,
                         request.bar, request.labels);
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    // Step 1: the evidence as it stands, unless the verdict was given already.
    std::optional<Verdict> earlier;
    Evidence evidence;
    RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(earlier, FindReplay(connection, project, request, hash));
      if (earlier) return absl::OkStatus();
      evidence = {};
      return ReadEvidence(connection, actor, request, deadline, evidence);
    }));
    if (earlier) return Created<Verdict>{*std::move(earlier), /*replayed=*/true};
    // Step 2: the decision, outside of any transaction.
    ASSIGN_OR_RETURN(Verdict verdict, JudgeEvidence(request, evidence));
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
                   IsNamed(connection, project, verdict.agent, verdict.suite_name));
  if (!named) return std::move(verdict);
  return errors::AlreadyExistsWithOtherContent(
      "verdict", request.verdict_id,
      "It was an exploration, before the release policy named the suite: judge under a new id.");
}

}  // namespace flywheel::evalgate
