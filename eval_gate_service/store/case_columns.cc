#include "eval_gate_service/store/case_columns.h"

#include <nlohmann/json.hpp>

#include "eval_gate_service/store/evaluators_text.h"
#include "shared/sql/text_map.h"
#include "shared/status/errors.h"

namespace flywheel::evalgate {

std::string TextsToText(const std::vector<std::string>& texts) {
  if (texts.empty()) return "";
  // Never throws, should a text ever hold what is no UTF-8.
  return nlohmann::json(texts).dump(/*indent=*/-1, ' ', /*ensure_ascii=*/false,
                                    nlohmann::json::error_handler_t::replace);
}

absl::StatusOr<std::vector<std::string>> TextsFromText(std::string_view text) {
  std::vector<std::string> texts;
  if (text.empty()) return texts;
  const auto array = nlohmann::json::parse(text, /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (!array.is_array()) return errors::Internal("a column of texts holds no JSON array");
  for (const auto& one : array) {
    if (!one.is_string()) return errors::Internal("a column of texts holds something else");
    texts.push_back(one.get<std::string>());
  }
  return texts;
}

std::string CaseLabelsToText(const Labels& labels) {
  return labels.empty() ? "" : sql::TextMapToJson(labels);
}

absl::StatusOr<Labels> CaseLabelsFromText(std::string_view text) {
  if (text.empty()) return Labels();
  return sql::TextMapFromJson(text);
}

std::string ChecksToText(const std::vector<EvaluatorSpec>& checks) {
  return checks.empty() ? "" : EvaluatorsToText(checks);
}

absl::StatusOr<std::vector<EvaluatorSpec>> ChecksFromText(std::string_view text) {
  if (text.empty()) return std::vector<EvaluatorSpec>();
  return EvaluatorsFromText(text);
}

}  // namespace flywheel::evalgate
