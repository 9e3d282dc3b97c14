#include "eval_gate_service/grader.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "eval_gate_service/evaluators/checks.h"
#include "eval_gate_service/evaluators/json_values.h"
#include "eval_gate_service/evaluators/make_evaluator.h"
#include "eval_gate_service/evaluators/parameters.h"
#include "eval_gate_service/evaluators/pattern_work.h"
#include "eval_gate_service/evaluators/work.h"
#include "flywheel/evalgate/v1/run.pb.h"
#include "flywheel/evalgate/v1/verdict.pb.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/shorten.h"

namespace flywheel::evalgate {
namespace {

constexpr size_t kMostEvaluators = 10;
constexpr size_t kShownIdBytes = 128;

evaluators::EvaluatorSpec LibrarySpec(const EvaluatorSpec& spec) {
  evaluators::EvaluatorSpec wanted{spec.kind, spec.parameters_json, std::nullopt};
  if (spec.threshold != 0) wanted.threshold = spec.threshold;
  return wanted;
}

absl::StatusOr<std::unique_ptr<const evaluators::Evaluator>> MakeOne(const EvaluatorSpec& spec) {
  return evaluators::MakeEvaluator(LibrarySpec(spec));
}

// Of the thread's steps; a pattern takes more once it is compiled. What is no object is refused
// where it is made.
absl::Status TakeStepsToMake(const EvaluatorSpec& spec) {
  if (!evaluators::ParseArguments(spec.parameters_json)) return absl::OkStatus();
  const std::string read = evaluators::CanonicalParameters(spec.parameters_json);
  if (evaluators::Work::Take(evaluators::StepsToCompile(read))) return absl::OkStatus();
  return errors::InvalidArgument(
      "parameters_json", fmt::format("{} bytes beside those before", spec.parameters_json.size()),
      fmt::format("what {} million steps make in all: shorter ones, with fewer repeats and classes "
                  "of Unicode in patterns",
                  Grader::kMostStepsToMake / 1'000'000));
}

absl::StatusOr<std::unique_ptr<const evaluators::Evaluator>> MakeWithin(const EvaluatorSpec& spec) {
  RETURN_IF_ERROR(TakeStepsToMake(spec));
  return MakeOne(spec);
}

std::string WantedVersion(int version) {
  return fmt::format("{}, that of this release, or none", version);
}

evaluators::Output OutputOf(const CaseOutput& output) {
  evaluators::Output result;
  result.text = output.output;
  for (const ToolCall& call : output.tool_calls) {
    result.tool_calls.push_back({call.name, call.arguments_json});
  }
  v1::CaseOutput details;
  // Kept by this service: what cannot be parsed was not.
  if (output.details.empty() || !details.ParseFromString(output.details)) return result;
  for (const common::v1::RetrievedContext& one : details.contexts()) {
    result.contexts.push_back(one.text());
  }
  if (details.has_latency()) {
    result.latency_ms = 1e3 * static_cast<double>(details.latency().seconds()) +
                        1e-6 * static_cast<double>(details.latency().nanos());
  }
  if (details.has_input_tokens() && details.has_output_tokens()) {
    result.tokens = details.input_tokens() + details.output_tokens();
  }
  if (details.has_cost_usd()) result.cost_usd = details.cost_usd();
  for (const v1::ExternalGrade& one : details.external_grades()) {
    result.external_scores.push_back({one.name(), one.version(), one.score(), one.explanation()});
  }
  return result;
}

}  // namespace

absl::StatusOr<std::vector<EvaluatorSpec>> Grader::Complete(std::vector<EvaluatorSpec> specs) {
  if (specs.empty()) specs.push_back({"normalised", "normalised"});
  if (specs.size() > kMostEvaluators) {
    return errors::InvalidArgument("evaluators", fmt::format("{}", specs.size()),
                                   fmt::format("at most {}", kMostEvaluators));
  }
  std::set<std::string> ids;
  bool decides = false;
  const evaluators::Work work(kMostStepsToMake);
  for (size_t i = 0; i < specs.size(); ++i) {
    EvaluatorSpec& spec = specs[i];
    const auto made = MakeWithin(spec);
    if (!made.ok()) {
      // What to do next is said once.
      const std::string wrong = errors::MessageOf(made.status());
      return errors::InvalidArgument(
          {{fmt::format("evaluators[{}]", i), wrong.substr(0, wrong.find(". Mend the request"))}});
    }
    if (spec.version != 0 && spec.version != (*made)->version()) {
      return errors::InvalidArgument(fmt::format("evaluators[{}].version", i),
                                     fmt::format("{}", spec.version),
                                     WantedVersion((*made)->version()));
    }
    if (spec.evaluator_id.empty()) spec.evaluator_id = spec.kind;
    if (!ids.insert(spec.evaluator_id).second) {
      return errors::InvalidArgument(
          fmt::format("evaluators[{}].evaluator_id", i),
          fmt::format("'{}' twice", Shorten(spec.evaluator_id, kShownIdBytes)),
          "an id of its own for each");
    }
    spec.version = (*made)->version();
    spec.threshold = (*made)->threshold();
    spec.parameters_json = evaluators::CanonicalParameters(spec.parameters_json);
    decides = decides || !spec.informative;
  }
  if (decides) return specs;
  return errors::InvalidArgument("evaluators", "informative ones alone",
                                 "at least one that decides");
}

absl::Status Grader::CompleteCheck(EvaluatorSpec& check) {
  RETURN_IF_ERROR(TakeStepsToMake(check));
  ASSIGN_OR_RETURN(const auto made, evaluators::MakeCheck(LibrarySpec(check)));
  if (check.version != 0 && check.version != made->version()) {
    return errors::InvalidArgument("version", fmt::format("{}", check.version),
                                   WantedVersion(made->version()));
  }
  check.version = made->version();
  check.parameters_json = evaluators::CanonicalParameters(check.parameters_json);
  check.threshold = made->threshold();
  return absl::OkStatus();
}

absl::StatusOr<Grader> Grader::Make(const std::vector<EvaluatorSpec>& specs) {
  Grader grader;
  for (const EvaluatorSpec& spec : specs) {
    auto made = MakeOne(spec);
    if (!made.ok()) {
      return errors::Internal(fmt::format("a suite's evaluator '{}' cannot be made: {}",
                                          spec.evaluator_id, errors::MessageOf(made.status())));
    }
    const evaluators::EvaluatorKind& kind = *evaluators::FindEvaluatorKind(spec.kind);
    grader.needs_question_ = grader.needs_question_ || kind.Needs(evaluators::Reads::kCase);
    if (!spec.informative) {
      LooksAt& looks_at = grader.looks_at_;
      looks_at.text = looks_at.text || kind.Needs(evaluators::Reads::kText);
      looks_at.calls = looks_at.calls || kind.Needs(evaluators::Reads::kCalls);
    }
    grader.runs_checks_ = grader.runs_checks_ || (spec.kind == "checks" && !spec.informative);
    grader.entries_.push_back({spec, *std::move(made)});
  }
  return grader;
}

absl::Status Grader::RequireSameDefinitions() const {
  for (const Entry& entry : entries_) {
    const int version = entry.evaluator->version();
    if (entry.spec.version == version) continue;
    return errors::FailedPrecondition(
        Reason::kOutdated, "evaluator", entry.spec.evaluator_id,
        fmt::format("{} version {} in the suite", entry.spec.kind, entry.spec.version),
        fmt::format("version {}, which this gate judges by: a new version of the suite", version));
  }
  return absl::OkStatus();
}

absl::Status Grader::RequireSameDefinitions(const SuiteCase& one) {
  for (const EvaluatorSpec& check : one.checks) {
    const evaluators::EvaluatorKind* const kind = evaluators::FindEvaluatorKind(check.kind);
    if (kind != nullptr && kind->version == check.version) continue;
    return errors::FailedPrecondition(
        Reason::kOutdated, "case", one.case_id,
        fmt::format("a check by {} version {}", check.kind, check.version),
        fmt::format("{}, which this gate judges by: a new version of the suite",
                    kind == nullptr ? "a kind" : fmt::format("version {}", kind->version)));
  }
  return absl::OkStatus();
}

evaluators::Case Grader::CaseOf(const SuiteCase& one) const {
  evaluators::Case result;
  if (!one.ideal_output.empty()) result.ideal_outputs = {one.ideal_output};
  result.ideal_outputs.insert(result.ideal_outputs.end(), one.other_ideals.begin(),
                              one.other_ideals.end());
  if (one.expected_tool_calls) {
    result.expected_calls.emplace();
    for (const ToolCall& call : *one.expected_tool_calls) {
      result.expected_calls->push_back({call.name, call.arguments_json, call.any_of});
    }
  }
  for (const EvaluatorSpec& check : one.checks) {
    result.checks.push_back(LibrarySpec(check));
  }
  if (!needs_question_) return result;
  result.input = one.input;
  v1::SuiteCase question;
  if (!question.ParseFromString(one.question)) return result;
  for (const common::v1::ToolDefinition& tool : question.tools()) {
    result.tools.push_back({tool.name(), tool.parameters_json_schema()});
  }
  for (const common::v1::RetrievedContext& context : question.contexts()) {
    result.contexts.push_back(context.text());
  }
  return result;
}

bool Grader::CanJudge(const SuiteCase& one) const {
  // What has nothing to hold an output against says so of any, such as none.
  const evaluators::Case asked = CaseOf(one);
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return !entry.spec.informative &&
           entry.evaluator->Evaluate(asked, {}).state != evaluators::State::kNotApplicable;
  });
}

OutputJudgement Grader::Judge(const SuiteCase& one, const CaseOutput& output) const {
  // What is wrong with the output itself comes before what it says.
  if (!output.infrastructure_error.empty()) return {CaseOutcome::kUnavailable};
  if (!output.error.empty()) return {CaseOutcome::kErrored};
  OutputJudgement judgement{CaseOutcome::kPassed, /*failed_by=*/-1,
                            AnswerKey(looks_at_, output.output, output.tool_calls)};
  const evaluators::Case asked = CaseOf(one);
  const evaluators::Output answer = OutputOf(output);
  const evaluators::Work work;
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].spec.informative) continue;
    const evaluators::Evaluation evaluation = entries_[i].evaluator->Evaluate(asked, answer);
    if (evaluation.passed || evaluation.state == evaluators::State::kNotApplicable) continue;
    judgement.outcome = CaseOutcome::kFailed;
    judgement.failed_by = static_cast<int>(i);
    break;
  }
  return judgement;
}

std::vector<Grade> Grader::Grades(const SuiteCase& one, const CaseOutput& output) const {
  std::vector<Grade> grades;
  if (!output.infrastructure_error.empty() || !output.error.empty()) return grades;
  const evaluators::Case asked = CaseOf(one);
  const evaluators::Output answer = OutputOf(output);
  std::vector<evaluators::Evaluation> evaluations(entries_.size());
  for (const bool informative : {false, true}) {
    // Those that inform have a budget of their own: what decides has what it had in Judge.
    const evaluators::Work work;
    for (size_t i = 0; i < entries_.size(); ++i) {
      if (entries_[i].spec.informative != informative) continue;
      evaluations[i] = entries_[i].evaluator->Evaluate(asked, answer);
    }
  }
  for (size_t i = 0; i < entries_.size(); ++i) {
    evaluators::Evaluation& evaluation = evaluations[i];
    if (evaluation.state == evaluators::State::kNotApplicable) continue;
    const EvaluatorSpec& spec = entries_[i].spec;
    grades.push_back({spec.evaluator_id, spec.kind, evaluation.score, evaluation.passed,
                      spec.informative, std::move(evaluation.explanation),
                      std::move(evaluation.shortfall)});
  }
  return grades;
}

}  // namespace flywheel::evalgate
