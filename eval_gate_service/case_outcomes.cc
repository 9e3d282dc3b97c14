#include "eval_gate_service/case_outcomes.h"

#include <utility>

#include "eval_gate_service/store/output_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Between two looks at the deadline; some milliseconds.
constexpr int64_t kRowsPerRead = 1'000;

// The outcomes of a run, asked for by ascending cases and attempts.
class OutcomesInOrder {
 public:
  OutcomesInOrder(sql::Connection& connection, OutputSet set, const Deadline& deadline)
      : connection_(connection), set_(std::move(set)), deadline_(deadline) {}

  // kMissing where there is none.
  absl::StatusOr<OutputJudgement> Take(const std::string& case_id, int attempt) {
    while (true) {
      if (next_ == page_.size()) {
        if (at_end_) return OutputJudgement{};
        RETURN_IF_ERROR(deadline_.Check());
        const OutputPlace behind = page_.empty() ? OutputPlace{} : page_.back().place;
        ASSIGN_OR_RETURN(page_, OutputStore(connection_).Outcomes(set_, behind, kRowsPerRead));
        next_ = 0;
        at_end_ = page_.empty();
        continue;
      }
      const AttemptOutcome& next = page_[next_];
      const int order = next.place.case_id.compare(case_id);
      if (order > 0 || (order == 0 && next.place.attempt > attempt)) return OutputJudgement{};
      ++next_;
      if (order == 0 && next.place.attempt == attempt) return next.judgement;
    }
  }

 private:
  sql::Connection& connection_;
  const OutputSet set_;
  const Deadline& deadline_;
  std::vector<AttemptOutcome> page_;
  size_t next_ = 0;
  bool at_end_ = false;
};

}  // namespace

absl::StatusOr<std::vector<CaseOutline>> ReadOutline(sql::Connection& connection,
                                                     const std::string& project, const Suite& suite,
                                                     const Grader& grader,
                                                     const Deadline& deadline) {
  std::vector<CaseOutline> outline;
  outline.reserve(static_cast<size_t>(suite.cases - suite.erased_cases));
  while (true) {
    RETURN_IF_ERROR(deadline.Check());
    ASSIGN_OR_RETURN(
        std::vector<SuiteCase> some,
        SuiteStore(connection)
            .Cases(project, suite.suite_id, outline.empty() ? "" : outline.back().case_id,
                   kRowsPerRead, /*with_questions=*/false));
    if (some.empty()) return outline;
    for (SuiteCase& one : some) {
      const uint64_t ideal_key =
          AnswerKey(grader.looks_at(), one.ideal_output,
                    one.expected_tool_calls.value_or(std::vector<ToolCall>()));
      outline.push_back({std::move(one.case_id), std::move(one.cohort), std::move(one.group),
                         one.critical, ideal_key});
    }
  }
}

absl::StatusOr<std::vector<JudgedCase>> ReadOutcomes(sql::Connection& connection,
                                                     const std::string& project, const Run& run,
                                                     const std::vector<CaseOutline>& outline,
                                                     const Grader& grader,
                                                     const Deadline& deadline) {
  OutcomesInOrder outcomes(connection, {project, run.run_id}, deadline);
  std::vector<JudgedCase> judged;
  judged.reserve(outline.size());
  for (const CaseOutline& one : outline) {
    JudgedCase& next = judged.emplace_back(
        JudgedCase{.cohort = one.cohort, .group = one.group, .critical = one.critical});
    next.ideal_key = one.ideal_key;
    next.attempts = 0;
    for (int attempt = 1; attempt <= run.attempts_per_case; ++attempt) {
      ASSIGN_OR_RETURN(const OutputJudgement judgement, outcomes.Take(one.case_id, attempt));
      AddAttempt(judgement, grader.EvaluatorId(judgement.failed_by), next);
    }
  }
  return judged;
}

void AddAttempt(const OutputJudgement& judgement, std::string_view failed_by, JudgedCase& judged) {
  const bool first = judged.attempts == 0;
  const bool passed_so_far = judged.passed_attempts == judged.attempts;
  ++judged.attempts;
  if (first) judged.answer_key = judgement.answer_key;
  if (judgement.outcome == CaseOutcome::kPassed) {
    ++judged.passed_attempts;
    if (first) judged.outcome = CaseOutcome::kPassed;
    return;
  }
  if (!passed_so_far) return;
  judged.outcome = judgement.outcome;
  judged.failed_by = failed_by;
}

}  // namespace flywheel::evalgate
