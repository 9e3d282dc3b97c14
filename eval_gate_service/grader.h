// Grader: judges outputs by the evaluators of a suite.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_GRADER_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_GRADER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/case_output.h"
#include "eval_gate_service/domain/judged_case.h"
#include "eval_gate_service/domain/suite.h"
#include "eval_gate_service/evaluators/evaluator.h"

namespace flywheel::evalgate {

// What one evaluator says of one output.
struct Grade {
  std::string evaluator_id;
  // What kind of evaluator it is.
  std::string kind;
  // 0 to 1; 0 where it could not be measured.
  double score = 0;
  bool passed = false;
  bool informative = false;
  // For people; may quote what would be right.
  std::string explanation;
  // For people, whoever they are; empty where it passed.
  std::string shortfall;
};

// Thread-safe.
class Grader {
 public:
  // Steps of evaluators/work.h that the evaluators of a suite may take to make, and the checks of a
  // case: below half a second. They are made in every call that judges by them.
  static constexpr int64_t kMostStepsToMake = 300'000'000;

  // The specs with their ids, versions and thresholds filled in; none: "normalised" alone.
  // INVALID_ARGUMENT with the place and what is wrong with it; also where all are informative, and
  // where they take more than kMostStepsToMake.
  static absl::StatusOr<std::vector<EvaluatorSpec>> Complete(std::vector<EvaluatorSpec> specs);

  // Fills in the version and the threshold of a case's own check. INVALID_ARGUMENT with what is
  // wrong with it; also where it takes more steps to make than the thread has left.
  static absl::Status CompleteCheck(EvaluatorSpec& check);

  // Of completed specs. INTERNAL where the library knows one no longer.
  static absl::StatusOr<Grader> Make(const std::vector<EvaluatorSpec>& specs);

  // FAILED_PRECONDITION (OUTDATED) where an evaluator's definition is another one than when the
  // suite was made: what it would say is not comparable with what it said.
  absl::Status RequireSameDefinitions() const;
  // The same of the checks that a case has of its own.
  static absl::Status RequireSameDefinitions(const SuiteCase& one);

  // Whether any evaluator that is not informative has something to hold an output against.
  bool CanJudge(const SuiteCase& one) const;

  // What became of an attempt. Evaluators that have nothing to hold an output against are passed
  // over.
  OutputJudgement Judge(const SuiteCase& one, const CaseOutput& output) const;

  // One for every evaluator that has something to say of an answer.
  std::vector<Grade> Grades(const SuiteCase& one, const CaseOutput& output) const;

  LooksAt looks_at() const { return looks_at_; }
  // Whether the checks of a case are looked at.
  bool runs_checks() const { return runs_checks_; }
  // Whether its input, tools or contexts are; the last two stand in its question.
  bool needs_question() const { return needs_question_; }

 private:
  struct Entry {
    EvaluatorSpec spec;
    std::unique_ptr<const evaluators::Evaluator> evaluator;
  };

  evaluators::Case CaseOf(const SuiteCase& one) const;

  std::vector<Entry> entries_;
  LooksAt looks_at_{.text = false, .calls = false};
  bool needs_question_ = false;
  bool runs_checks_ = false;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_GRADER_H_
