#include "eval_gate_service/case_outcomes.h"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "eval_gate_service/domain/evidence_hash.h"
#include "eval_gate_service/grader.h"
#include "eval_gate_service/store/case_columns.h"
#include "eval_gate_service/store/output_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "eval_gate_service/store/tool_calls_text.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Between two looks at the deadline; some milliseconds.
constexpr int kRowsPerCheck = 1'000;

// A text that does not fit into its object.
size_t HeapBytes(const std::string& text) {
  return text.capacity() > std::string().capacity() ? text.capacity() + 1 : 0;
}

// Pairs the outputs of a run, which come by case and attempt, with the cases, which do too.
class OutcomePairing {
 public:
  OutcomePairing(const SuiteOutline& outline, int attempts_per_case, RunOutcomes& outcomes)
      : outline_(outline), attempts_per_case_(attempts_per_case), outcomes_(outcomes) {}

  void Take(std::string_view case_id, int attempt, const OutputJudgement& judgement) {
    // An output without a case counts nowhere.
    while (case_ < outline_.case_ids.size()) {
      const int order = case_id.compare(outline_.case_ids[case_]);
      if (order < 0 || (order == 0 && attempt < attempt_)) return;
      if (order == 0 && attempt == attempt_) break;
      Add({});
    }
    if (case_ < outline_.case_ids.size()) Add(judgement);
  }

  // The attempts that nothing came for.
  void Finish() {
    while (case_ < outline_.case_ids.size()) Add({});
  }

 private:
  void Add(const OutputJudgement& judgement) {
    AddAttempt(judgement, outline_.EvaluatorId(judgement.failed_by), outcomes_.cases[case_]);
    if (++attempt_ <= attempts_per_case_) return;
    attempt_ = 1;
    ++case_;
  }

  const SuiteOutline& outline_;
  const int attempts_per_case_;
  RunOutcomes& outcomes_;
  size_t case_ = 0;
  int attempt_ = 1;
};

}  // namespace

std::string_view SuiteOutline::EvaluatorId(int place) const {
  if (place < 0 || static_cast<size_t>(place) >= evaluator_ids.size()) return {};
  return evaluator_ids[static_cast<size_t>(place)];
}

size_t SuiteOutline::bytes() const {
  size_t bytes = cases.capacity() * sizeof(JudgedCase);
  for (const auto* ids : {&evaluator_ids, &case_ids}) {
    bytes += ids->capacity() * sizeof(std::string);
    for (const std::string& id : *ids) bytes += HeapBytes(id);
  }
  for (const std::string& name : names) bytes += sizeof(std::string) + HeapBytes(name);
  for (const auto& cohorts : label_cohorts) {
    bytes += sizeof(std::vector<std::string_view>) + cohorts.capacity() * sizeof(std::string_view);
  }
  return bytes;
}

size_t RunOutcomes::bytes() const { return cases.capacity() * sizeof(JudgedCase); }

absl::StatusOr<std::shared_ptr<const SuiteOutline>> ReadOutline(sql::Connection& connection,
                                                                const std::string& project,
                                                                const Suite& suite,
                                                                const Deadline& deadline) {
  RETURN_IF_ERROR(deadline.Check());
  auto outline = std::make_shared<SuiteOutline>();
  ASSIGN_OR_RETURN(const Grader grader, Grader::Make(suite.evaluators));
  const LooksAt looks_at = grader.looks_at();
  for (const EvaluatorSpec& one : suite.evaluators) {
    outline->evaluator_ids.push_back(one.evaluator_id);
  }
  outline->erased_cases = suite.erased_cases;
  // A case that somebody put in or took out fails no version, and passes none.
  const int64_t left = suite.cases_left();
  ASSIGN_OR_RETURN(const int64_t stored,
                   SuiteStore(connection).CountCases(project, suite.suite_id));
  if (stored != left) {
    return errors::Internal(fmt::format(
        "suite '{}' has {} cases in the store where {} are left: some were put in or taken out by "
        "hand, which VerifyReleaseLog tells",
        suite.suite_id, stored, left));
  }
  outline->case_ids.reserve(static_cast<size_t>(left));
  outline->cases.reserve(static_cast<size_t>(left));
  absl::flat_hash_set<std::string_view> names;
  const auto named = [&](std::string_view name) -> std::string_view {
    if (name.empty()) return {};
    const auto found = names.find(name);
    return found != names.end() ? *found : *names.insert(outline->names.emplace_back(name)).first;
  };
  PeriodicCheck check(deadline, kRowsPerCheck);
  RETURN_IF_ERROR(
      SuiteStore(connection)
          .ReadOutline(project, suite.suite_id, [&](const CaseRow& row) -> absl::Status {
            RETURN_IF_ERROR(check.Step());
            ASSIGN_OR_RETURN(const std::optional<std::vector<ToolCall>> calls,
                             ExpectedCallsFromText(row.expected_tool_calls));
            outline->case_ids.emplace_back(row.case_id);
            JudgedCase& one = outline->cases.emplace_back();
            one.cohort = named(row.cohort);
            one.group = named(row.group);
            one.critical = row.critical;
            one.ideal_key = AnswerKey(looks_at, std::string(row.ideal_output),
                                      calls.value_or(std::vector<ToolCall>()));
            one.attempts = 0;
            ASSIGN_OR_RETURN(const Labels labels, CaseLabelsFromText(row.labels));
            if (labels.empty()) return absl::OkStatus();
            std::vector<std::string_view>& cohorts = outline->label_cohorts.emplace_back();
            for (const auto& [name, value] : labels) {
              cohorts.push_back(named(LabelCohortName(name, value)));
            }
            one.label_cohorts = cohorts;
            return absl::OkStatus();
          }));
  return outline;
}

absl::StatusOr<std::shared_ptr<const RunOutcomes>> ReadOutcomes(
    sql::Connection& connection, const std::string& project, const Run& run,
    std::shared_ptr<const SuiteOutline> outline, const Deadline& deadline) {
  RETURN_IF_ERROR(deadline.Check());
  auto outcomes = std::make_shared<RunOutcomes>();
  outcomes->cases = outline->cases;
  OutcomePairing pairing(*outline, run.attempts_per_case, *outcomes);
  PeriodicCheck check(deadline, kRowsPerCheck);
  RETURN_IF_ERROR(
      OutputStore(connection)
          .ReadOutcomes({project, run.run_id}, [&](std::string_view case_id, int attempt,
                                                   const OutputJudgement& judgement) {
            pairing.Take(case_id, attempt, judgement);
            return check.Step();
          }));
  pairing.Finish();
  outcomes->hash = OutcomesHash(outcomes->cases);
  outcomes->outline = std::move(outline);
  return outcomes;
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
