#include "cli/evaluator_flag.h"

#include "cli/json_view.h"
#include "cli/suite_files/case_fields.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

constexpr char kFlag[] = "--evaluator";

absl::StatusOr<evalgate::v1::EvaluatorSpec> ParseEvaluator(const std::string& text) {
  ASSIGN_OR_RETURN(const auto parsed, ParseJson(text, kFlag));
  return ReadEvaluator(JsonView(parsed, kFlag));
}

}  // namespace

absl::StatusOr<evalgate::v1::EvaluatorSpec> EvaluatorOf(const std::string& text) {
  if (text.empty() || text.front() != '{') {
    evalgate::v1::EvaluatorSpec spec;
    spec.set_kind(text);
    return spec;
  }
  auto parsed = ParseEvaluator(text);
  if (parsed.ok()) return parsed;
  return errors::InvalidConfiguration(
      kFlag, errors::MessageOf(parsed.status()),
      R"(a kind, or JSON such as {"kind": "rouge_l", "threshold": 0.6})");
}

}  // namespace flywheel::cli
