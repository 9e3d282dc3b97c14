#include "eval_gate_service/store/tool_calls_text.h"

#include <nlohmann/json.hpp>

#include "shared/status/errors.h"

namespace flywheel::evalgate {

std::string ToolCallsToText(const std::vector<ToolCall>& calls) {
  if (calls.empty()) return "";
  nlohmann::json array = nlohmann::json::array();
  for (const ToolCall& call : calls) {
    nlohmann::json one = nlohmann::json::array({call.name, call.arguments_json});
    if (call.any_of) one.push_back(true);
    array.push_back(std::move(one));
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
  for (const auto& one : array) {
    const bool any_of = one.is_array() && one.size() == 3 && one[2] == true;
    const size_t members = any_of ? 3 : 2;
    if (!one.is_array() || one.size() != members || !one[0].is_string() || !one[1].is_string()) {
      return errors::Internal("a column of tool calls holds something else than pairs of text");
    }
    calls.push_back({one[0].get<std::string>(), one[1].get<std::string>(), any_of});
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
