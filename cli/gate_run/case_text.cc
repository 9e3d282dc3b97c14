#include "cli/gate_run/case_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/value_name.h"
#include "shared/text/printable.h"
#include "shared/text/shorten.h"

namespace flywheel::cli {
namespace {

using evalgate::v1::AttemptResult;

std::string CallsText(
    const google::protobuf::RepeatedPtrField<evalgate::v1::OutputToolCall>& calls) {
  std::string text;
  for (const evalgate::v1::OutputToolCall& call : calls) {
    text += fmt::format("{}{}({})", text.empty() ? "" : " ", call.name(), call.arguments_json());
  }
  return text;
}

bool Passed(const AttemptResult& attempt) {
  return attempt.outcome() == evalgate::v1::CASE_OUTCOME_PASSED;
}

}  // namespace

const AttemptResult* ShownAttempt(const Attempts& attempts) {
  const auto failed = std::find_if_not(attempts.begin(), attempts.end(), Passed);
  if (failed != attempts.end()) return &*failed;
  return attempts.empty() ? nullptr : &attempts[0];
}

std::string AnswerText(const AttemptResult* attempt) {
  if (attempt == nullptr) return "";
  const evalgate::v1::CaseOutput& output = attempt->output();
  if (!output.error().empty()) return "error: " + output.error();
  if (!output.infrastructure_error().empty()) {
    return "infrastructure: " + output.infrastructure_error();
  }
  const std::string calls = CallsText(output.tool_calls());
  if (output.output().empty() || calls.empty()) return output.output() + calls;
  return output.output() + "\n" + calls;
}

std::string ReasonText(const AttemptResult* attempt) {
  if (attempt == nullptr) return "";
  std::string text;
  for (const evalgate::v1::EvaluatorGrade& grade : attempt->grades()) {
    if (grade.passed() || grade.informative()) continue;
    text += (text.empty() ? "" : "; ") + grade.evaluator_id();
    const bool other_id = !grade.kind().empty() && grade.kind() != grade.evaluator_id();
    if (other_id) text += fmt::format(" ({})", grade.kind());
    if (grade.score() > 0) text += fmt::format(" {:.2f}", grade.score());
    const std::string& why = grade.explanation().empty() ? grade.shortfall() : grade.explanation();
    if (!why.empty()) text += ": " + why;
  }
  if (!text.empty()) return text;
  return ValueName(evalgate::v1::CaseOutcome_Name(attempt->outcome()), "CASE_OUTCOME_");
}

std::string AttemptsText(const Attempts& attempts) {
  if (attempts.size() < 2) return "";
  return fmt::format("{} of {} passed", std::count_if(attempts.begin(), attempts.end(), Passed),
                     attempts.size());
}

std::string IdealText(const evalgate::v1::CaseResult& one) {
  const std::string calls = CallsText(one.expected_tool_calls());
  if (one.ideal_output().empty() || calls.empty()) return one.ideal_output() + calls;
  return one.ideal_output() + "\n" + calls;
}

std::string ShownText(std::string_view text, size_t most_bytes) {
  if (text.empty()) return "-";
  const std::string_view shown = Shorten(text, most_bytes);
  return Printable(shown) + (shown.size() < text.size() ? "..." : "");
}

}  // namespace flywheel::cli
