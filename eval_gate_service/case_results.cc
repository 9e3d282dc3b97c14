#include "eval_gate_service/case_results.h"

#include <fmt/format.h>

#include <utility>

#include "eval_gate_service/domain/version_key.h"
#include "eval_gate_service/judged_question.h"
#include "eval_gate_service/ship_evidence.h"
#include "eval_gate_service/store/output_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "eval_gate_service/store/verdict_store.h"
#include "shared/sql/read_bytes.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Some milliseconds of work.
constexpr int64_t kCasesPerRead = 200;
constexpr int64_t kMostCasesPerPage = 10'000;

absl::Status RequireOutputs(sql::Connection& connection, const OutputSet& set) {
  ASSIGN_OR_RETURN(const std::vector<CaseOutput> some, OutputStore(connection).Page(set, "", 1));
  if (!some.empty()) return absl::OkStatus();
  return errors::NotFound(fmt::format("outputs for suite '{}' of model version", set.suite_id),
                          set.model_version, "Send them with SubmitOutputs first.");
}

// On a suite that the policy names nobody looks before the verdict, but at what serves, and at what
// a verdict on the suite compared with.
absl::Status RequireSeen(sql::Connection& connection, const std::string& project,
                         const Suite& suite, const std::string& model_version) {
  ASSIGN_OR_RETURN(const bool named, IsNamed(connection, project, suite.agent, suite.suite_name));
  if (!named) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool judged,
                   VerdictStore(connection)
                       .WasJudged(project, suite.suite_id, model_version, /*of_policies=*/true));
  if (judged) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<ShipEvidence> evidence,
                   ReadShipEvidence(connection, project, suite.agent, model_version));
  if (IsSameVersion(model_version, evidence->baselines.baseline) ||
      IsSameVersion(model_version, evidence->baselines.reference)) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(
      const bool compared,
      VerdictStore(connection).WasComparedWith(project, suite.suite_id, model_version));
  if (compared) return absl::OkStatus();
  return errors::FailedPrecondition(
      Reason::kNotEnoughData, "model version", model_version,
      fmt::format("no verdict on suite '{}', which the release policy names", suite.suite_id),
      "a verdict: judge it first; before that CASE_FILTER_UNANSWERED shows what is missing");
}

// The outputs of a set, asked for by ascending case ids.
class OutputsInOrder {
 public:
  OutputsInOrder(sql::Connection& connection, OutputSet set, std::string after_case_id)
      : connection_(connection), set_(std::move(set)), last_(std::move(after_case_id)) {}

  absl::StatusOr<std::optional<CaseOutput>> Take(const std::string& case_id) {
    while (true) {
      if (next_ == page_.size()) {
        if (at_end_) return std::nullopt;
        ASSIGN_OR_RETURN(page_, OutputStore(connection_).Page(set_, last_, kCasesPerRead));
        next_ = 0;
        at_end_ = page_.empty();
        if (at_end_) return std::nullopt;
        last_ = page_.back().case_id;
      }
      if (page_[next_].case_id > case_id) return std::nullopt;
      CaseOutput output = std::move(page_[next_++]);
      if (output.case_id == case_id) return output;
    }
  }

 private:
  sql::Connection& connection_;
  const OutputSet set_;
  std::string last_;
  std::vector<CaseOutput> page_;
  size_t next_ = 0;
  bool at_end_ = false;
};

bool IsUnanswered(CaseOutcome outcome) {
  return outcome == CaseOutcome::kErrored || outcome == CaseOutcome::kUnavailable ||
         outcome == CaseOutcome::kMissing;
}

bool Matches(const CaseResult& result, const CaseResultQuery& query) {
  if (!query.cohort.empty() && result.suite_case.cohort != query.cohort) return false;
  const bool passed = result.outcome == CaseOutcome::kPassed;
  const bool baseline_passed = result.baseline_outcome == CaseOutcome::kPassed;
  switch (query.filter) {
    case CaseFilter::kAll:
      return true;
    case CaseFilter::kFailed:
      return !passed;
    case CaseFilter::kRegressed:
      return baseline_passed && !passed;
    case CaseFilter::kImproved:
      return passed && result.baseline_outcome && !baseline_passed;
    case CaseFilter::kUnanswered:
      return IsUnanswered(result.outcome);
  }
  return false;
}

// Of the names and numbers around the texts.
constexpr size_t kBytesOfAResult = 128;

size_t BytesOf(const std::vector<Grade>& grades) {
  size_t bytes = 0;
  for (const Grade& one : grades) bytes += one.evaluator_id.size() + one.explanation.size() + 32;
  return bytes;
}

size_t BytesOf(const CaseResult& result) {
  const SuiteCase& one = result.suite_case;
  return kBytesOfAResult + one.case_id.size() + one.cohort.size() + one.input.size() +
         one.ideal_output.size() +
         BytesOf(one.expected_tool_calls.value_or(std::vector<ToolCall>())) +
         BytesOf(result.grades) + BytesOf(result.baseline_grades) +
         (result.output ? BytesOf(*result.output) : 0) +
         (result.baseline_output ? BytesOf(*result.baseline_output) : 0);
}

void AddGrades(const Grader& grader, bool explain, CaseResult& result) {
  const auto grades = [&](const std::optional<CaseOutput>& output) {
    if (!output) return std::vector<Grade>();
    std::vector<Grade> all = grader.Grades(result.suite_case, *output);
    if (!explain) {
      for (Grade& one : all) one.explanation.clear();
    }
    return all;
  };
  result.grades = grades(result.output);
  result.baseline_grades = grades(result.baseline_output);
}

absl::StatusOr<CaseResult> Judged(const Grader& grader, SuiteCase suite_case,
                                  OutputsInOrder& version, OutputsInOrder* baseline) {
  CaseResult result;
  result.suite_case = std::move(suite_case);
  const auto outcome = [&](const std::optional<CaseOutput>& output) {
    return grader.Judge(result.suite_case, output ? &*output : nullptr).outcome;
  };
  ASSIGN_OR_RETURN(result.output, version.Take(result.suite_case.case_id));
  result.outcome = outcome(result.output);
  if (baseline == nullptr) return result;
  ASSIGN_OR_RETURN(result.baseline_output, baseline->Take(result.suite_case.case_id));
  result.baseline_outcome = outcome(result.baseline_output);
  return result;
}

absl::StatusOr<CaseResultPage> ReadPage(sql::Connection& connection, const std::string& project,
                                        const CaseResultQuery& query, const Deadline& deadline) {
  ASSIGN_OR_RETURN(const StoredSuite stored, SuiteStore(connection).Get(project, query.suite_id));
  ASSIGN_OR_RETURN(const Grader grader, Grader::Make(stored.suite.evaluators));
  const OutputSet version{project, query.suite_id, query.model_version};
  const OutputSet other{project, query.suite_id, query.baseline_model_version};
  RETURN_IF_ERROR(RequireOutputs(connection, version));
  ASSIGN_OR_RETURN(
      const bool judged,
      VerdictStore(connection).WasJudged(project, query.suite_id, query.model_version));
  // What is missing of the version itself has to be known before it can be judged.
  if (query.filter != CaseFilter::kUnanswered) {
    RETURN_IF_ERROR(RequireSeen(connection, project, stored.suite, query.model_version));
  }
  if (query.with_ideal) {
    if (!judged) {
      return errors::NotEnoughData(
          fmt::format("verdicts on model version '{}' and suite '{}'", query.model_version,
                      query.suite_id),
          "0", "at least 1: what would be right is shown of a version that was judged");
    }
  }
  const bool has_baseline = !query.baseline_model_version.empty();
  if (has_baseline) {
    RETURN_IF_ERROR(RequireOutputs(connection, other));
    RETURN_IF_ERROR(RequireSeen(connection, project, stored.suite, query.baseline_model_version));
  }

  OutputsInOrder outputs(connection, version, query.after_case_id);
  OutputsInOrder baseline(connection, other, query.after_case_id);
  CaseResultPage page;
  std::string after = query.after_case_id;
  int64_t looked_at = 0;
  size_t bytes = 0;
  while (true) {
    RETURN_IF_ERROR(deadline.Check());
    ASSIGN_OR_RETURN(
        std::vector<SuiteCase> cases,
        SuiteStore(connection)
            .Cases(project, query.suite_id, after, kCasesPerRead, grader.needs_question()));
    if (cases.empty()) return page;
    for (SuiteCase& one : cases) {
      // Full with something behind it, rather than full: so the last page has no token.
      if (static_cast<int64_t>(page.results.size()) == query.page_size ||
          looked_at == kMostCasesPerPage) {
        page.next_after_case_id = after;
        return page;
      }
      ++looked_at;
      // A long text takes an evaluator up to a second.
      RETURN_IF_ERROR(deadline.Check());
      std::string case_id = one.case_id;
      ASSIGN_OR_RETURN(CaseResult result,
                       Judged(grader, std::move(one), outputs, has_baseline ? &baseline : nullptr));
      if (Matches(result, query)) {
        AddGrades(grader, query.with_ideal, result);
        bytes += BytesOf(result);
        // One message carries a page; a result that is longer comes alone.
        if (bytes > sql::kMaxReadBytes && !page.results.empty()) {
          page.next_after_case_id = after;
          return page;
        }
        page.results.push_back(std::move(result));
      }
      after = std::move(case_id);
    }
  }
}

}  // namespace

absl::StatusOr<CaseResultPage> CaseResults::List(const std::string& project,
                                                 const CaseResultQuery& query,
                                                 const Deadline& deadline) {
  return database_->Read(
      [&](sql::Connection& connection) { return ReadPage(connection, project, query, deadline); });
}

}  // namespace flywheel::evalgate
