#include "eval_gate_service/output_intake.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "eval_gate_service/domain/content_hash.h"
#include "eval_gate_service/store/output_store.h"
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

// One call at work inside its write.
class Submission {
 public:
  Submission(sql::Connection& connection, const OutputSet& set, bool judged, absl::Time now)
      : connection_(connection), set_(set), judged_(judged), now_(now) {}

  absl::Status Add(const CaseOutput& output, const std::string& hash) {
    ASSIGN_OR_RETURN(const std::optional<StoredOutput> known,
                     OutputStore(connection_).Find(set_, output.case_id));
    const bool twice_in_call = !seen_.insert(output.case_id).second;
    if (!known) {
      RETURN_IF_ERROR(RequireOpen(output.case_id));
      ++result_.stored;
      return OutputStore(connection_).Insert(set_, output, hash, now_);
    }
    if (known->content_hash == hash && !twice_in_call) {
      ++result_.replayed;
      return absl::OkStatus();
    }
    return AddSecondAnswer(output.case_id, hash, *known);
  }

  const IntakeResult& result() const { return result_; }

 private:
  absl::Status AddSecondAnswer(const std::string& case_id, const std::string& hash,
                               const StoredOutput& known) {
    if (duplicates_.insert(case_id).second) ++result_.duplicates;
    if (!known.duplicate) {
      RETURN_IF_ERROR(RequireOpen(case_id));
      RETURN_IF_ERROR(OutputStore(connection_).MarkDuplicate(set_, case_id));
    }
    if (known.content_hash == hash) return absl::OkStatus();
    ASSIGN_OR_RETURN(const bool resent, OutputStore(connection_).HasOther(set_, case_id, hash));
    if (resent) return absl::OkStatus();
    RETURN_IF_ERROR(RequireOpen(case_id));
    return OutputStore(connection_).InsertOther(set_, case_id, hash, now_);
  }

  // A verdict is about what was submitted before it.
  absl::Status RequireOpen(const std::string& case_id) const {
    if (!judged_) return absl::OkStatus();
    return errors::FailedPrecondition(
        Reason::kAlreadyEnded, "model version", set_.model_version,
        fmt::format("a verdict on suite '{}' and another output for case '{}'", set_.suite_id,
                    case_id),
        "no new output after a verdict: submit under a new model version or to a new suite");
  }

  sql::Connection& connection_;
  const OutputSet& set_;
  const bool judged_;
  const absl::Time now_;
  absl::flat_hash_set<std::string> seen_;
  absl::flat_hash_set<std::string> duplicates_;
  IntakeResult result_;
};

// Whether each output's case is there. Fails where more are not than were erased.
absl::StatusOr<std::vector<bool>> FindCases(sql::Connection& connection, const OutputSet& set,
                                            const std::vector<CaseOutput>& outputs,
                                            int64_t erased_cases) {
  std::vector<bool> known;
  absl::flat_hash_set<std::string> unknown;
  std::vector<errors::FieldViolation> violations;
  for (size_t i = 0; i < outputs.size(); ++i) {
    const std::string& case_id = outputs[i].case_id;
    ASSIGN_OR_RETURN(const bool found,
                     SuiteStore(connection).HasCase(set.project, set.suite_id, case_id));
    known.push_back(found);
    if (found) continue;
    unknown.insert(case_id);
    violations.push_back({fmt::format("outputs[{}].case_id", i),
                          fmt::format("got '{}', want a case of suite '{}'",
                                      Shorten(case_id, kShownIdBytes), set.suite_id)});
  }
  if (static_cast<int64_t>(unknown.size()) > erased_cases)
    return errors::InvalidArgument(violations);
  return known;
}

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
  // One write: either all of the outputs are there, or none, and no verdict comes in between.
  const auto write = [&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const StoredSuite stored, SuiteStore(connection).Get(project, suite_id));
    const Suite& suite = stored.suite;
    ASSIGN_OR_RETURN(const std::vector<bool> known,
                     FindCases(connection, set, outputs, suite.erased_cases));
    ASSIGN_OR_RETURN(const bool judged,
                     VerdictStore(connection).WasJudged(project, suite_id, model_version));
    Submission submission(connection, set, judged, now);
    for (size_t i = 0; i < outputs.size(); ++i) {
      if (known[i]) RETURN_IF_ERROR(submission.Add(outputs[i], hashes[i]));
    }
    result = submission.result();
    result.erased = std::count(known.begin(), known.end(), false);
    ASSIGN_OR_RETURN(const OutputProgress progress, OutputStore(connection).Progress(set));
    result.missing = suite.cases - suite.erased_cases - progress.answered;
    if (result.stored == 0 && result.duplicates == 0) return absl::OkStatus();
    return audit::Record(connection, actor,
                         {"suite", suite_id,
                          fmt::format("version '{}': {} outputs, {} duplicates", model_version,
                                      result.stored, result.duplicates)},
                         now);
  };
  RETURN_IF_ERROR(database_->Write(write, std::max(size_bytes, sql::Database::kSmallWriteBytes)));
  return result;
}

}  // namespace flywheel::evalgate
