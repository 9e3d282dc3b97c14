#include "eval_gate_service/judge.h"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "eval_gate_service/domain/content_hash.h"
#include "eval_gate_service/domain/verdict_decision.h"
#include "eval_gate_service/grader.h"
#include "eval_gate_service/store/label_store.h"
#include "eval_gate_service/store/output_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "eval_gate_service/store/verdict_store.h"
#include "shared/audit/audit_store.h"
#include "shared/sql/replay.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Between two looks at the deadline; some milliseconds.
constexpr int64_t kRowsPerRead = 1'000;
// Each further one means that people were erased during the one before.
constexpr int kMostAttempts = 10;

// A run that did not finish, or that the infrastructure stopped, says nothing about a version:
// cases without an answer are asked for, and never counted as failed.
absl::Status RequireAllAnswers(const OutputSet& set, const Suite& suite,
                               const OutputProgress& progress) {
  if (progress.answered + progress.unavailable == 0) {
    return errors::NotFound(
        fmt::format("outputs for suite '{}' of model version", set.suite_id), set.model_version,
        "Run the version on the cases of ReadSuiteCases and send SubmitOutputs first.");
  }
  const int64_t cases = suite.cases - suite.erased_cases;
  if (progress.answered >= cases) return absl::OkStatus();
  return errors::NotEnoughData(
      fmt::format("answers of model version '{}' to suite '{}'", set.model_version, set.suite_id),
      fmt::format("{}, {} errors of the infrastructure and {} cases without an output",
                  progress.answered, progress.unavailable,
                  cases - progress.answered - progress.unavailable),
      fmt::format("all {}: send the others by SubmitOutputs", cases));
}

absl::StatusOr<Outputs> ReadOutputs(sql::Connection& connection, const OutputSet& set,
                                    const Deadline& deadline) {
  Outputs outputs;
  std::string last;
  while (true) {
    RETURN_IF_ERROR(deadline.Check());
    ASSIGN_OR_RETURN(std::vector<CaseOutput> some,
                     OutputStore(connection).Page(set, last, kRowsPerRead));
    if (some.empty()) return outputs;
    last = some.back().case_id;
    for (CaseOutput& output : some) {
      std::string case_id = output.case_id;
      outputs.emplace(std::move(case_id), std::move(output));
    }
  }
}

absl::StatusOr<std::vector<SuiteCase>> ReadCases(sql::Connection& connection,
                                                 const std::string& project, const Suite& suite,
                                                 bool with_questions, const Deadline& deadline) {
  std::vector<SuiteCase> cases;
  cases.reserve(static_cast<size_t>(suite.cases));
  while (true) {
    RETURN_IF_ERROR(deadline.Check());
    ASSIGN_OR_RETURN(std::vector<SuiteCase> some,
                     SuiteStore(connection)
                         .Cases(project, suite.suite_id, cases.empty() ? "" : cases.back().case_id,
                                kRowsPerRead, with_questions));
    if (some.empty()) return cases;
    std::move(some.begin(), some.end(), std::back_inserter(cases));
  }
}

// A version's answers as they stood at one moment.
struct VersionAnswers {
  std::string model_version;
  Outputs outputs;
  OutputProgress progress;
};

// All that a verdict depends on, as it stood at one moment.
struct Evidence {
  Suite suite;
  JudgedQuestion question;
  Grader grader;
  std::vector<SuiteCase> cases;
  // The candidate's first, then those of the versions that it is compared with.
  std::vector<VersionAnswers> answers;
};

absl::StatusOr<VersionAnswers> ReadAnswers(sql::Connection& connection, const OutputSet& set,
                                           const Suite& suite, const Deadline& deadline) {
  VersionAnswers answers{set.model_version, {}, {}};
  ASSIGN_OR_RETURN(answers.progress, OutputStore(connection).Progress(set));
  RETURN_IF_ERROR(RequireAllAnswers(set, suite, answers.progress));
  ASSIGN_OR_RETURN(answers.outputs, ReadOutputs(connection, set, deadline));
  return answers;
}

absl::StatusOr<Evidence> ReadEvidence(sql::Connection& connection, const rpc::Actor& actor,
                                      const VerdictRequest& request, const Deadline& deadline) {
  const std::string& project = actor.project;
  ASSIGN_OR_RETURN(StoredSuite stored, SuiteStore(connection).Get(project, request.suite_id));
  Evidence evidence;
  evidence.suite = std::move(stored.suite);
  if (evidence.suite.erased_cases == evidence.suite.cases) {
    return errors::NotEnoughData(
        fmt::format("cases of suite '{}' that were not erased", request.suite_id), "0",
        "at least 1: make a suite of a newer dataset version");
  }
  ASSIGN_OR_RETURN(evidence.question, FindQuestion(connection, actor, request, evidence.suite));
  std::vector<std::string> versions = evidence.question.Versions();
  versions.insert(versions.begin(), request.model_version);
  for (const std::string& version : versions) {
    ASSIGN_OR_RETURN(
        VersionAnswers answers,
        ReadAnswers(connection, {project, request.suite_id, version}, evidence.suite, deadline));
    evidence.answers.push_back(std::move(answers));
  }
  ASSIGN_OR_RETURN(evidence.grader, Grader::Make(evidence.suite.evaluators));
  ASSIGN_OR_RETURN(evidence.cases, ReadCases(connection, project, evidence.suite,
                                             evidence.grader.needs_question(), deadline));
  return evidence;
}

// Whether the question and the outputs are still those of the evidence, and no case was erased with
// its outputs.
absl::StatusOr<bool> StillHolds(sql::Connection& connection, const rpc::Actor& actor,
                                const VerdictRequest& request, const Evidence& evidence) {
  ASSIGN_OR_RETURN(const std::optional<StoredSuite> stored,
                   SuiteStore(connection).Find(actor.project, request.suite_id));
  if (!stored || stored->suite.erased_cases != evidence.suite.erased_cases) return false;
  ASSIGN_OR_RETURN(const JudgedQuestion question,
                   FindQuestion(connection, actor, request, stored->suite));
  if (question != evidence.question) return false;
  for (const VersionAnswers& one : evidence.answers) {
    ASSIGN_OR_RETURN(
        const OutputProgress progress,
        OutputStore(connection).Progress({actor.project, request.suite_id, one.model_version}));
    if (progress != one.progress) return false;
  }
  return true;
}

absl::StatusOr<std::vector<JudgedCase>> JudgeCases(const Evidence& evidence, const Outputs& outputs,
                                                   const Deadline& deadline) {
  std::vector<JudgedCase> judged;
  judged.reserve(evidence.cases.size());
  for (const SuiteCase& one : evidence.cases) {
    // Each, because a long text takes an evaluator up to a second.
    RETURN_IF_ERROR(deadline.Check());
    const auto found = outputs.find(one.case_id);
    judged.push_back(evidence.grader.Judge(one, found == outputs.end() ? nullptr : &found->second));
  }
  return judged;
}

absl::StatusOr<Verdict> JudgeEvidence(const VerdictRequest& request, const Evidence& evidence,
                                      const Deadline& deadline) {
  const Suite& suite = evidence.suite;
  const ReleaseQuestion& asked = evidence.question.asked;
  std::vector<JudgedVersion> versions;
  for (const VersionAnswers& one : evidence.answers) {
    ASSIGN_OR_RETURN(std::vector<JudgedCase> cases, JudgeCases(evidence, one.outputs, deadline));
    versions.push_back({one.model_version, std::move(cases)});
  }
  const std::vector<JudgedCase> candidate = std::move(versions.front().cases);
  versions.erase(versions.begin());
  ASSIGN_OR_RETURN(VerdictDecision decided,
                   DecideVerdict(AtLook(asked.bar, evidence.question.look), candidate, versions));
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
      ASSIGN_OR_RETURN(evidence, ReadEvidence(connection, actor, request, deadline));
      return absl::OkStatus();
    }));
    if (earlier) return Created<Verdict>{*std::move(earlier), /*replayed=*/true};
    // Step 2: the decision, outside of any transaction.
    ASSIGN_OR_RETURN(Verdict verdict, JudgeEvidence(request, evidence, deadline));
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
