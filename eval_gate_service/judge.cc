#include "eval_gate_service/judge.h"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "eval_gate_service/domain/content_hash.h"
#include "eval_gate_service/domain/verdict_decision.h"
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

OutputSet CandidateSet(const std::string& project, const VerdictRequest& request) {
  return {project, request.suite_id, request.model_version};
}

// Without a baseline a set of no outputs: no version's name is empty.
OutputSet BaselineSet(const std::string& project, const VerdictRequest& request) {
  return {project, request.suite_id, request.baseline_model_version};
}

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
                                                 const Deadline& deadline) {
  std::vector<SuiteCase> cases;
  cases.reserve(static_cast<size_t>(suite.cases));
  while (true) {
    RETURN_IF_ERROR(deadline.Check());
    ASSIGN_OR_RETURN(std::vector<SuiteCase> some,
                     SuiteStore(connection)
                         .Cases(project, suite.suite_id, cases.empty() ? "" : cases.back().case_id,
                                kRowsPerRead));
    if (some.empty()) return cases;
    std::move(some.begin(), some.end(), std::back_inserter(cases));
  }
}

// All that a verdict depends on, as it stood at one moment.
struct Evidence {
  Suite suite;
  std::vector<SuiteCase> cases;
  Outputs candidate;
  std::optional<Outputs> baseline;
  OutputProgress candidate_progress;
  OutputProgress baseline_progress;
};

absl::StatusOr<Evidence> ReadEvidence(sql::Connection& connection, const std::string& project,
                                      const VerdictRequest& request, const Deadline& deadline) {
  ASSIGN_OR_RETURN(StoredSuite stored, SuiteStore(connection).Get(project, request.suite_id));
  Evidence evidence;
  evidence.suite = std::move(stored.suite);
  if (evidence.suite.erased_cases == evidence.suite.cases) {
    return errors::NotEnoughData(
        fmt::format("cases of suite '{}' that were not erased", request.suite_id), "0",
        "at least 1: make a suite of a newer dataset version");
  }
  if (request.baseline_model_version.empty() && !evidence.suite.policy.has_floors()) {
    return errors::InvalidArgument(
        "baseline_model_version", "nothing",
        fmt::format("a version to compare with: suite '{}' has no floor, so nothing else decides",
                    request.suite_id));
  }
  const OutputSet candidate = CandidateSet(project, request);
  const OutputSet baseline = BaselineSet(project, request);
  ASSIGN_OR_RETURN(evidence.candidate_progress, OutputStore(connection).Progress(candidate));
  RETURN_IF_ERROR(RequireAllAnswers(candidate, evidence.suite, evidence.candidate_progress));
  ASSIGN_OR_RETURN(evidence.candidate, ReadOutputs(connection, candidate, deadline));
  if (!request.baseline_model_version.empty()) {
    ASSIGN_OR_RETURN(evidence.baseline_progress, OutputStore(connection).Progress(baseline));
    RETURN_IF_ERROR(RequireAllAnswers(baseline, evidence.suite, evidence.baseline_progress));
    ASSIGN_OR_RETURN(evidence.baseline, ReadOutputs(connection, baseline, deadline));
  }
  ASSIGN_OR_RETURN(evidence.cases, ReadCases(connection, project, evidence.suite, deadline));
  return evidence;
}

// Whether the outputs are still those of the evidence, and no case was erased with its outputs.
absl::StatusOr<bool> StillHolds(sql::Connection& connection, const std::string& project,
                                const VerdictRequest& request, const Evidence& evidence) {
  ASSIGN_OR_RETURN(const std::optional<StoredSuite> stored,
                   SuiteStore(connection).Find(project, request.suite_id));
  if (!stored || stored->suite.erased_cases != evidence.suite.erased_cases) return false;
  ASSIGN_OR_RETURN(const OutputProgress candidate,
                   OutputStore(connection).Progress(CandidateSet(project, request)));
  ASSIGN_OR_RETURN(const OutputProgress baseline,
                   OutputStore(connection).Progress(BaselineSet(project, request)));
  return candidate == evidence.candidate_progress && baseline == evidence.baseline_progress;
}

absl::StatusOr<Verdict> JudgeEvidence(const VerdictRequest& request, const Evidence& evidence,
                                      absl::Time now, const Deadline& deadline) {
  ASSIGN_OR_RETURN(VerdictDecision decided,
                   DecideVerdict(evidence.suite.policy, evidence.cases, evidence.candidate,
                                 evidence.baseline ? &*evidence.baseline : nullptr, deadline));
  return Verdict{
      request.verdict_id,         evidence.suite.suite_id,     evidence.suite.agent,
      evidence.suite.bar_hash,    request.model_version,       request.baseline_model_version,
      decided.decision,           std::move(decided.findings), now,
      evidence.suite.erased_cases};
}

}  // namespace

absl::StatusOr<Created<Verdict>> Judge::Give(const rpc::Actor& actor, const VerdictRequest& request,
                                             const Deadline& deadline) {
  const std::string& project = actor.project;
  const std::string hash = VerdictRequestHash(request.suite_id, request.model_version,
                                              request.baseline_model_version, request.labels);
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    // Step 1: the evidence as it stands, unless the verdict was given already.
    std::optional<Verdict> earlier;
    Evidence evidence;
    RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(earlier, FindReplay(connection, project, request, hash));
      if (earlier) return absl::OkStatus();
      ASSIGN_OR_RETURN(evidence, ReadEvidence(connection, project, request, deadline));
      return absl::OkStatus();
    }));
    if (earlier) return Created<Verdict>{*std::move(earlier), /*replayed=*/true};
    // Step 2: the decision, outside of any transaction.
    ASSIGN_OR_RETURN(Verdict verdict, JudgeEvidence(request, evidence, clock_->Now(), deadline));
    verdict.created_by = actor.key_id;
    verdict.labels = request.labels;

    // Step 3: it is kept where the evidence still stands, and somebody still waits for it.
    bool kept = false;
    RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
      kept = false;
      RETURN_IF_ERROR(deadline.Check());
      ASSIGN_OR_RETURN(earlier, FindReplay(connection, project, request, hash));
      if (earlier) return absl::OkStatus();
      ASSIGN_OR_RETURN(kept, StillHolds(connection, project, request, evidence));
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
      fmt::format("people are erased whose cases are in suite '{}'", request.suite_id));
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
  return std::move(earlier->verdict);
}

}  // namespace flywheel::evalgate
