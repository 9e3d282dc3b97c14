#include "eval_gate_service/store/evaluators_text.h"

#include <nlohmann/json.hpp>

#include "shared/status/errors.h"

namespace flywheel::evalgate {
namespace {

// A member of the type of `otherwise`, else that.
template <typename Value>
Value MemberOf(const nlohmann::json& json, const char* name, Value otherwise) {
  const auto found = json.find(name);
  if (found == json.end() || found->is_number() != std::is_arithmetic_v<Value>) return otherwise;
  return found->get<Value>();
}

}  // namespace

std::string EvaluatorsToText(const std::vector<EvaluatorSpec>& evaluators) {
  nlohmann::json array = nlohmann::json::array();
  for (const EvaluatorSpec& one : evaluators) {
    array.push_back({{"id", one.evaluator_id},
                     {"kind", one.kind},
                     {"version", one.version},
                     {"parameters", one.parameters_json},
                     {"threshold", one.threshold},
                     {"informative", one.informative ? 1 : 0}});
  }
  // Never throws, should a text ever hold what is no UTF-8.
  return array.dump(/*indent=*/-1, ' ', /*ensure_ascii=*/false,
                    nlohmann::json::error_handler_t::replace);
}

absl::StatusOr<std::vector<EvaluatorSpec>> EvaluatorsFromText(std::string_view text) {
  const auto array = nlohmann::json::parse(text, /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (!array.is_array()) return errors::Internal("a column of evaluators holds no JSON array");
  std::vector<EvaluatorSpec> evaluators;
  for (const auto& json : array) {
    if (!json.is_object()) return errors::Internal("a column of evaluators holds something else");
    EvaluatorSpec& one = evaluators.emplace_back();
    one.evaluator_id = MemberOf<std::string>(json, "id", "");
    one.kind = MemberOf<std::string>(json, "kind", "");
    one.parameters_json = MemberOf<std::string>(json, "parameters", "");
    one.version = MemberOf(json, "version", 1);
    one.threshold = MemberOf(json, "threshold", 1.0);
    one.informative = MemberOf(json, "informative", 0) != 0;
  }
  return evaluators;
}

}  // namespace flywheel::evalgate
