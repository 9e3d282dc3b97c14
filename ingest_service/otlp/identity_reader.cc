#include "ingest_service/otlp/identity_reader.h"

#include <string_view>
#include <utility>

#include "absl/strings/str_split.h"
#include "ingest_service/otlp/any_value.h"
#include "ingest_service/otlp/attribute_names.h"

namespace flywheel::ingest {
namespace {

// A service that was not named is called "unknown_service:python".
constexpr std::string_view kUnknownService = "unknown_service";

// The first, by name, of the attributes that `wanted` is true of.
template <typename Wanted>
std::string FirstOf(const AttributeView& attributes, Wanted wanted) {
  for (const auto& [name, value] : attributes.all()) {
    if (!wanted(name)) continue;
    std::string text = ToText(*value);
    // Who has none may say so as JSON.
    if (!text.empty() && text != "null") return text;
  }
  return "";
}

bool IsSession(std::string_view name) {
  return UseOf(name) == AttributeUse::kSession && !NamesConversation(name);
}

std::string ReadConversation(const AttributeView& attributes) {
  std::string conversation = attributes.Text({"gen_ai.conversation.id"});
  return conversation.empty() ? FirstOf(attributes, NamesConversation) : conversation;
}

std::string ReadVisit(const AttributeView& attributes) {
  std::string session = attributes.Text({"session.id", "langfuse.session.id"});
  return session.empty() ? FirstOf(attributes, IsSession) : session;
}

std::string ReadAgent(const AttributeView& attributes, const TraceSpan& span) {
  std::string agent = attributes.Text({"gen_ai.agent.name", "agent.name", "agent_name"});
  if (agent.empty() && attributes.Text({"traceloop.span.kind"}) == "agent") {
    agent = attributes.Text({"traceloop.entity.name"});
  }
  // LangChain's own name, in whichever space its watchers put it; the AI SDK's; Logfire's.
  if (agent.empty()) {
    agent =
        FirstOf(attributes, [](std::string_view name) { return name.ends_with(".lc_agent_name"); });
  }
  if (agent.empty()) agent = attributes.Text({"ai.telemetry.functionId"});
  if (agent.empty() && attributes.Text({"logfire.msg_template"}) == "Agent run: {name!r}") {
    agent = attributes.Text({"name"});
  }
  // "agent_run [NAME]", as ADK has it.
  constexpr std::string_view kAdk = "agent_run [";
  if (agent.empty() && span.name.starts_with(kAdk) && span.name.ends_with("]")) {
    agent = span.name.substr(kAdk.size(), span.name.size() - kAdk.size() - 1);
  }
  return agent;
}

}  // namespace

void ReadIdentity(const AttributeView& attributes, TraceSpan& span) {
  // The conventions' name first, then those of the older ones, the most common first; so in all of
  // these lists.
  span.agent = ReadAgent(attributes, span);
  span.service = attributes.Text({"service.name"});
  if (span.service.starts_with(kUnknownService)) span.service.clear();
  span.model = attributes.Text({"gen_ai.response.model", "llm.response.model",
                                "langfuse.observation.model.name", "mlflow.llm.model",
                                "gen_ai.request.model", "llm.request.model", "llm.model_name",
                                "llm.model", "ai.response.model", "ai.model.id"});
  if (const auto quoted = ParseJson(span.model); quoted && quoted->is_string()) {
    span.model = ToText(*quoted);
  }
  span.response_id = attributes.Text({"gen_ai.response.id", "ai.response.id"});
  span.provider =
      attributes.Text({"gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system"});
  span.model_version = attributes.Text({"flywheel.model_version"});
  span.assignment_token = attributes.Text({"flywheel.assignment_token"});
  span.prompt_version = attributes.Text(
      {"flywheel.prompt_version", "gen_ai.prompt.version", "langfuse.observation.prompt.version",
       "llm.prompt_template.version", "traceloop.prompt.version"});
  // Frameworks put it under whatever their users call it.
  span.conversation_id = ReadConversation(attributes);
  span.session_id = ReadVisit(attributes);
  std::vector<std::string> users = ReadUsers(attributes);
  span.user_id = std::move(users.front());
  users.erase(users.begin());
  span.earlier_user_ids = std::move(users);
}

std::vector<std::string> ReadUsers(const AttributeView& attributes) {
  std::string names =
      attributes.Text({"user.id", "enduser.id", "enduser.pseudo.id", "langfuse.user.id"});
  if (names.empty()) {
    names = FirstOf(attributes,
                    [](std::string_view name) { return UseOf(name) == AttributeUse::kUser; });
  }
  return absl::StrSplit(names, ' ');
}

std::string ReadSession(const AttributeView& attributes) {
  std::string conversation = ReadConversation(attributes);
  return conversation.empty() ? ReadVisit(attributes) : conversation;
}

}  // namespace flywheel::ingest
