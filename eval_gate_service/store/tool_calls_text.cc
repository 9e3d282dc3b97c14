#include "eval_gate_service/store/tool_calls_text.h"

#include <nlohmann/json.hpp>

#include "shared/status/errors.h"

namespace flywheel::evalgate {

std::string ToolCallsToText(const std::vector<ToolCall>& calls) {
  if (calls.empty()) return "";
  nlohmann::json array = nlohmann::json::array();
  for (const ToolCall& call : calls) {
    array.push_back(nlohmann::json::array({call.name, call.arguments_json}));
  }
  // Never throws, should a text ever hold what is no UTF-8.
  return array.dump(/*indent=*/-1, ' ', /*ensure_ascii=*/false,
                    nlohmann::json::error_handler_t::replace);
}

absl::StatusOr<std::vector<ToolCall>> ToolCallsFromText(std::string_view text) {
  std::vector<ToolCall> calls;
  if (text.empty()) return calls;
  const auto array = nlohmann::json::parse(text, /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (!array.is_array()) return errors::Internal("a column of tool calls holds no JSON array");
  for (const auto& pair : array) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string()) {
      return errors::Internal("a column of tool calls holds something else than pairs of text");
    }
    calls.push_back({pair[0].get<std::string>(), pair[1].get<std::string>()});
  }
  return calls;
}

std::string ExpectedCallsToText(const std::optional<std::vector<ToolCall>>& calls) {
  return calls ? ToolCallsToText(*calls) : "null";
}

absl::StatusOr<std::optional<std::vector<ToolCall>>> ExpectedCallsFromText(std::string_view text) {
  if (text == "null") return std::nullopt;
  return ToolCallsFromText(text);
}

}  // namespace flywheel::evalgate
