#include "ingest_service/otlp/usage_reader.h"

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "ingest_service/otlp/any_value.h"
#include "ingest_service/otlp/json_members.h"

namespace flywheel::ingest {
namespace {

using nlohmann::json;

std::optional<double> NumberIn(const json& object, std::initializer_list<const char*> keys) {
  return ToNumber(ToText(AnyMember(object, keys)));
}

std::optional<int64_t> CountIn(const json& object, std::initializer_list<const char*> keys) {
  const std::optional<double> number = NumberIn(object, keys);
  constexpr double kMax = 9e15;
  if (!number || *number < 0 || *number > kMax) return std::nullopt;
  return static_cast<int64_t>(*number);
}

// {"prompt_tokens": 120, ...} in one attribute, in the words of OpenAI, Anthropic, Gemini or
// Langfuse; or what a response has as "usage".
void ReadObject(const json& object, TraceSpan& span) {
  if (!span.prompt_tokens) {
    span.prompt_tokens =
        CountIn(object, {"input_tokens", "prompt_tokens", "input", "prompt_token_count"});
  }
  if (!span.completion_tokens) {
    span.completion_tokens =
        CountIn(object, {"output_tokens", "completion_tokens", "output", "candidates_token_count"});
  }
}

// What Haystack says of the first reply; null for another response.
const json& MetaOf(const json& response) {
  const json& replies = Member(response, "replies");
  if (!replies.is_array() || replies.empty()) return Member(replies, "");
  return AnyMember(replies.front(), {"meta", "_meta"});
}

const json& UsageOf(const json& response) {
  const json& usage = AnyMember(response, {"usage", "usage_metadata"});
  return usage.is_object() ? usage : Member(MetaOf(response), "usage");
}

std::string ModelOf(const json& response) {
  const std::string model = ToText(AnyMember(response, {"model", "modelVersion"}));
  return model.empty() ? ToText(Member(MetaOf(response), "model")) : model;
}

}  // namespace

void ReadUsage(const AttributeView& attributes, TraceSpan& span) {
  span.prompt_tokens = attributes.Count({"gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens",
                                         "llm.token_count.prompt", "llm.usage.prompt_tokens"});
  span.completion_tokens =
      attributes.Count({"gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens",
                        "llm.token_count.completion", "llm.usage.completion_tokens"});
  span.cost_usd = attributes.Number({"gen_ai.usage.cost", "gen_ai.usage.total_cost",
                                     "gen_ai.cost.total", "gen_ai.cost.total_cost",
                                     "llm.cost.total", "llm.usage.total_cost", "operation.cost"});
  for (const std::string_view name :
       {"langfuse.observation.usage_details", "mlflow.chat.tokenUsage"}) {
    if (const std::optional<json> usage = attributes.Json({name})) ReadObject(*usage, span);
  }
  for (const std::string_view name :
       {"gcp.vertex.agent.llm_response", "mlflow.spanOutputs", "haystack.agent.step.llm.output",
        "haystack.component.output"}) {
    if (span.prompt_tokens || span.kind != SpanKind::kModel) break;
    if (const std::optional<json> response = attributes.Json({name})) {
      ReadObject(UsageOf(*response), span);
      if (span.model.empty()) span.model = ModelOf(*response);
    }
  }
  if (!span.cost_usd) {
    const std::optional<json> cost =
        attributes.Json({"langfuse.observation.cost_details", "mlflow.llm.cost"});
    if (cost) span.cost_usd = NumberIn(*cost, {"total", "total_cost"});
  }
  // Refunds are no cost of this work, and a record may not have one below zero.
  if (span.cost_usd && *span.cost_usd < 0) span.cost_usd.reset();
}

}  // namespace flywheel::ingest
