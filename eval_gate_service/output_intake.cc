#include "eval_gate_service/output_intake.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "eval_gate_service/domain/content_hash.h"
#include "eval_gate_service/judged_question.h"
#include "eval_gate_service/store/suite_store.h"
#include "eval_gate_service/store/verdict_store.h"
#include "shared/audit/audit_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/shorten.h"

namespace flywheel::evalgate {
namespace {

// Of a text of a client that an error repeats.
constexpr size_t kShownIdBytes = 128;

OutputResult Rejected(absl::Status error) { return {OutputState::kRejected, std::move(error)}; }

// One call at work inside its write.
class Submission {
 public:
  Submission(sql::Connection& connection, const OutputSet& set, const Suite& suite, bool judged,
             absl::Time now)
      : connection_(connection), set_(set), suite_(suite), judged_(judged), now_(now) {}

  absl::StatusOr<OutputResult> Take(const CaseOutput& output, const std::string& hash) {
    if (const auto bytes = static_cast<int64_t>(BytesOf(output)); bytes > kMostOutputBytes) {
      return Rejected(errors::TooLarge("output", bytes, kMostOutputBytes, "bytes"));
    }
    ASSIGN_OR_RETURN(const bool known_case,
                     SuiteStore(connection_).HasCase(set_.project, set_.suite_id, output.case_id));
    if (!known_case) {
      unknown_.insert(output.case_id);
      // Why, is known once all are: see Finish.
      return Rejected(NoSuchCase(output.case_id));
    }
    ASSIGN_OR_RETURN(const std::optional<StoredOutput> known,
                     OutputStore(connection_).Find(set_, output.case_id));
    if (known && known->content_hash == hash) return OutputResult{OutputState::kReplayed};
    if (known && !known->unavailable) return OutputResult{OutputState::kConflict, Other(output)};
    if (judged_) return Rejected(AfterVerdict(output));
    RETURN_IF_ERROR(OutputStore(connection_).Put(set_, output, hash, now_));
    return OutputResult{OutputState::kStored};
  }

  // Of erased cases no id is kept: as many unknown ones as were erased count as them, and where one
  // was a mistake, the case that it stands for is missing.
  void Finish(const std::vector<CaseOutput>& outputs, std::vector<OutputResult>& results) const {
    if (static_cast<int64_t>(unknown_.size()) > suite_.erased_cases) return;
    for (size_t i = 0; i < outputs.size(); ++i) {
      if (!unknown_.contains(outputs[i].case_id)) continue;
      results[i].error = errors::Erased("case", outputs[i].case_id);
    }
  }

 private:
  absl::Status NoSuchCase(const std::string& case_id) const {
    return errors::NotFound(fmt::format("case of suite '{}'", set_.suite_id),
                            Shorten(case_id, kShownIdBytes), "ReadSuiteCases lists them.");
  }

  absl::Status Other(const CaseOutput& output) const {
    return errors::FailedPrecondition(
        Reason::kContradictingOutputs, "case", output.case_id,
        fmt::format("another answer of model version '{}'", set_.model_version),
        "one answer a case: the first stays, and a version that was changed has another name");
  }

  // A verdict is about what was submitted before it.
  absl::Status AfterVerdict(const CaseOutput& output) const {
    return errors::FailedPrecondition(
        Reason::kAlreadyEnded, "model version", set_.model_version,
        fmt::format("a verdict on suite '{}' and another output for case '{}'", set_.suite_id,
                    output.case_id),
        "no new output after a verdict: submit under a new model version or to a new suite");
  }

  sql::Connection& connection_;
  const OutputSet& set_;
  const Suite& suite_;
  const bool judged_;
  const absl::Time now_;
  absl::flat_hash_set<std::string> unknown_;
};

}  // namespace

absl::StatusOr<IntakeResult> OutputIntake::Submit(const rpc::Actor& actor,
                                                  const std::string& suite_id,
                                                  const std::string& model_version,
                                                  const std::vector<CaseOutput>& outputs,
                                                  int64_t size_bytes) {
  const std::string& project = actor.project;
  const OutputSet set{project, suite_id, model_version};
  std::vector<std::string> hashes;
  hashes.reserve(outputs.size());
  for (const CaseOutput& output : outputs) hashes.push_back(OutputHash(output));
  const absl::Time now = clock_->Now();
  IntakeResult result;
  const auto write = [&](sql::Connection& connection) -> absl::Status {
    result = {};
    ASSIGN_OR_RETURN(const StoredSuite stored, SuiteStore(connection).Get(project, suite_id));
    RETURN_IF_ERROR(RequireJudge(connection, actor, stored.suite.agent, stored.suite.suite_name));
    ASSIGN_OR_RETURN(const bool judged,
                     VerdictStore(connection).WasJudged(project, suite_id, model_version));
    Submission submission(connection, set, stored.suite, judged, now);
    for (size_t i = 0; i < outputs.size(); ++i) {
      ASSIGN_OR_RETURN(OutputResult one, submission.Take(outputs[i], hashes[i]));
      result.results.push_back(std::move(one));
    }
    submission.Finish(outputs, result.results);
    ASSIGN_OR_RETURN(result.progress, OutputStore(connection).Progress(set));
    result.missing = stored.suite.cases - stored.suite.erased_cases - result.progress.answered -
                     result.progress.unavailable;
    const auto taken =
        std::count_if(result.results.begin(), result.results.end(),
                      [](const OutputResult& one) { return one.state == OutputState::kStored; });
    if (taken == 0) return absl::OkStatus();
    return audit::Record(
        connection, actor,
        {"suite", suite_id, fmt::format("version '{}': {} outputs", model_version, taken)}, now);
  };
  RETURN_IF_ERROR(database_->Write(write, std::max(size_bytes, sql::Database::kSmallWriteBytes)));
  return result;
}

}  // namespace flywheel::evalgate
