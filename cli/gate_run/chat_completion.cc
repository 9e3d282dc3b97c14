#include "cli/gate_run/chat_completion.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "cli/json_view.h"
#include "shared/status/status_macros.h"
#include "shared/text/printable.h"
#include "shared/text/shorten.h"

namespace flywheel::cli {
namespace {

constexpr size_t kShownOfABody = 300;

// A text, or parts of one as some servers have it.
absl::StatusOr<std::string> ReadText(const JsonView& content) {
  if (!content.value().is_array()) return content.Text();
  ASSIGN_OR_RETURN(const std::vector<JsonView> parts, content.Items());
  std::string text;
  for (const JsonView& part : parts) {
    const auto words = part.OptionalField("text");
    if (!words) continue;
    ASSIGN_OR_RETURN(const std::string more, words->Text());
    text += more;
  }
  return text;
}

absl::Status ReadMessage(const JsonView& message, evalgate::v1::CaseOutput& output) {
  for (const char* const name : {"refusal", "content"}) {
    const auto content = message.OptionalField(name);
    if (!content) continue;
    ASSIGN_OR_RETURN(std::string text, ReadText(*content));
    if (!text.empty()) output.set_output(std::move(text));
  }
  const auto calls = message.OptionalField("tool_calls");
  if (!calls) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<JsonView> items, calls->Items());
  for (const JsonView& item : items) {
    ASSIGN_OR_RETURN(const JsonView function, item.Field("function"));
    ASSIGN_OR_RETURN(const JsonView name, function.Field("name"));
    evalgate::v1::OutputToolCall& call = *output.add_tool_calls();
    ASSIGN_OR_RETURN(*call.mutable_name(), name.Text());
    const auto arguments = function.OptionalField("arguments");
    if (!arguments) continue;
    call.set_arguments_json(arguments->value().is_string() ? arguments->value().get<std::string>()
                                                           : arguments->value().dump());
  }
  return absl::OkStatus();
}

void ReadUsage(const JsonView& answer, evalgate::v1::CaseOutput& output) {
  const auto usage = answer.OptionalField("usage");
  if (!usage) return;
  const auto tokens = [&](const char* name) -> int64_t {
    const auto field = usage->OptionalField(name);
    return field && field->value().is_number_unsigned() ? field->value().get<int64_t>() : -1;
  };
  if (const int64_t input = tokens("prompt_tokens"); input >= 0) output.set_input_tokens(input);
  if (const int64_t made = tokens("completion_tokens"); made >= 0) output.set_output_tokens(made);
}

}  // namespace

absl::StatusOr<evalgate::v1::CaseOutput> ReadChatCompletion(std::string_view body) {
  ASSIGN_OR_RETURN(const nlohmann::json json, ParseJson(body, "the answer"));
  const JsonView answer(json, "the answer: ");
  ASSIGN_OR_RETURN(const JsonView choices, answer.Field("choices"));
  ASSIGN_OR_RETURN(const std::vector<JsonView> items, choices.Items());
  if (items.empty()) return choices.Wrong("at least one choice");
  ASSIGN_OR_RETURN(const JsonView message, items.front().Field("message"));
  evalgate::v1::CaseOutput output;
  RETURN_IF_ERROR(ReadMessage(message, output));
  ReadUsage(answer, output);
  return output;
}

ChatError ReadChatError(std::string_view body) {
  ChatError error;
  const auto text = [](const nlohmann::json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const nlohmann::json json = nlohmann::json::parse(body, nullptr, false);
  if (json.is_object()) {
    // OpenAI's {"error": {...}}; others say it one level higher.
    const auto inner = json.find("error");
    const nlohmann::json& object = inner != json.end() && inner->is_object() ? *inner : json;
    error.code = text(object, "code");
    if (error.code.empty()) error.code = text(object, "type");
    error.message = text(object, "message");
    if (error.message.empty()) error.message = text(json, "error");
  }
  error.message = Printable(Shorten(error.message.empty() ? body : error.message, kShownOfABody));
  return error;
}

}  // namespace flywheel::cli
