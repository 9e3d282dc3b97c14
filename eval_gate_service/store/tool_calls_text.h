// JSON codec of tool calls: a list of them as one column.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_TOOL_CALLS_TEXT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_TOOL_CALLS_TEXT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/suite.h"

namespace flywheel::evalgate {

// A JSON array of [name, arguments] pairs, with a third member, true, where they are any of several
// values; the arguments are kept as the text that they were, so
// that malformed ones survive. Empty for no calls.
std::string ToolCallsToText(const std::vector<ToolCall>& calls);

// The reverse. INTERNAL where the column holds something else.
absl::StatusOr<std::vector<ToolCall>> ToolCallsFromText(std::string_view text);

// The same of calls that may be unknown, which is JSON's null.
std::string ExpectedCallsToText(const std::optional<std::vector<ToolCall>>& calls);
absl::StatusOr<std::optional<std::vector<ToolCall>>> ExpectedCallsFromText(std::string_view text);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_TOOL_CALLS_TEXT_H_
