#include "ingest_service/otlp/attribute_names.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>

namespace flywheel::ingest {
namespace {

// Sorted, for binary search.
// Names of agents, models, tools and versions, which are no texts.
constexpr std::string_view kNames[] = {
    "agent.name",
    "agent_name",
    "ai.model.id",
    "ai.model.provider",
    "ai.operationId",
    "ai.response.finishReason",
    "ai.response.model",
    "ai.telemetry.functionId",
    "ai.toolCall.id",
    "ai.toolCall.name",
    "deployment.environment",
    "deployment.environment.name",
    "error.type",
    "fi.span.kind",
    "flywheel.annotator_kind",
    "flywheel.assignment_token",
    "flywheel.model_version",
    "flywheel.prompt_version",
    "gen_ai.agent.id",
    "gen_ai.agent.name",
    "gen_ai.evaluation.name",
    "gen_ai.operation.name",
    "gen_ai.prompt.name",
    "gen_ai.prompt.version",
    "gen_ai.provider.name",
    "gen_ai.request.model",
    "gen_ai.response.finish_reasons",
    "gen_ai.response.id",
    "gen_ai.response.model",
    "gen_ai.span.kind",
    "gen_ai.system",
    "gen_ai.task.kind",
    "gen_ai.tool.call.id",
    "gen_ai.tool.name",
    "gen_ai.tool.type",
    "gen_ai.workflow.name",
    "graph.node.id",
    "haystack.component.name",
    "haystack.component.type",
    "haystack.tool.name",
    "langfuse.observation.level",
    "langfuse.observation.model.name",
    "langfuse.observation.prompt.version",
    "langfuse.observation.type",
    "langfuse.trace.name",
    "langfuse.version",
    "langsmith.span.kind",
    "langsmith.trace.name",
    "langwatch.span.type",
    "llm.finish_reason",
    "llm.model",
    "llm.model_name",
    "llm.prompt_template.version",
    "llm.provider",
    "llm.request.model",
    "llm.request.type",
    "llm.response.model",
    "llm.system",
    "lmnr.span.type",
    "logfire.msg_template",
    "mlflow.llm.model",
    "mlflow.spanType",
    "openinference.span.kind",
    "sdk_span_type",
    "service.name",
    "service.version",
    "tool.name",
    "traceloop.entity.name",
    "traceloop.prompt.version",
    "traceloop.span.kind",
    "traceloop.workflow.name",
    "traffic",
};
// Ends of indexed names, as in gen_ai.prompt.0.role.
constexpr std::string_view kNameEnds[] = {".role",          ".tool_call_id",
                                          ".tool_call.id",  ".tool_call.function.name",
                                          ".finish_reason", ".lc_agent_name"};
// Large or technical, and read by nobody.
constexpr std::string_view kDropped[] = {
    "exception.stacktrace",
    "gen_ai.agent.description",
    "gen_ai.openai.api_base",
    "gen_ai.request.parameters",
    "gen_ai.task.input",
    "gen_ai.task.output",
    "hidden_params",
    "llm.headers",
    "llm.invocation_parameters",
    "logfire.json_schema",
    "model_request_parameters",
    "model_settings",
};
// Technical: how a process runs and what it is connected to. And what is large and read by nobody.
constexpr std::string_view kDroppedSpaces[] = {
    "ai.settings.", "aws.",           "azure.",         "browser.",      "client.",
    "cloud.",       "code.",          "container.",     "db.",           "destination.",
    "device.",      "dns.",           "embedding.",     "enduser.",      "faas.",
    "gcp.",         "host.",          "http.",          "input.images.", "jvm.",
    "k8s.",         "langgraph.",     "llm.anthropic.", "llm.openai.",   "log.",
    "messaging.",   "net.",           "network.",       "nodejs.",       "os.",
    "otel.",        "output.images.", "peer.",          "process.",      "raw.",
    "rpc.",         "server.",        "source.",        "telemetry.",    "thread.",
    "tls.",         "url.",           "user.",          "user_agent.",
};
// Tokens and money.
constexpr std::string_view kFigureSpaces[] = {"gen_ai.cost.",     "gen_ai.usage.", "llm.cost.",
                                              "llm.token_count.", "llm.usage.",    "operation.cost",
                                              "ai.usage."};
// Texts in spaces that are dropped otherwise.
constexpr std::string_view kKept[] = {
    "db.query.result.distance",
    "db.query.result.document",
    "db.query.result.id",
    "db.query.result.score",
    "gcp.vertex.agent.llm_request",
    "gcp.vertex.agent.llm_response",
    "gcp.vertex.agent.tool_call_args",
    "gcp.vertex.agent.tool_response",
    "http.user_agent",
    "user_agent.original",
};
// A span with one of these has to do with an agent or a model.
constexpr std::string_view kAgentSpaces[] = {
    "ai.",
    "annotations.",
    "db.query.result",
    "evaluations.",
    "fi.",
    "gcp.vertex.agent.llm",
    "gen_ai.",
    "haystack.",
    "input.value",
    "langfuse.observation.",
    "langsmith.",
    "langwatch.",
    "llm.",
    "lmnr.span.",
    "mlflow.span",
    "openinference.",
    "output.value",
    "pydantic_ai.",
    "reranker.",
    "retrieval.",
    "session.annotations.",
    "session.evaluations.",
    "tool.",
    "trace.annotations.",
    "trace.evaluations.",
    "traceloop.",
};
// Of conventions and of libraries, beside kAgentSpaces.
constexpr std::string_view kKnownSpaces[] = {
    "agent.",    "agent_",      "anthropic.", "crew_",        "db.",          "error.",
    "eval.",     "event_loop.", "exception.", "flow_",        "flywheel.",    "function.",
    "gcp.",      "graph.",      "input.",     "langfuse.",    "litellm.",     "lmnr.",
    "logfire.",  "mcp.",        "message",    "mlflow.",      "model_",       "openai.",
    "openlit.",  "operation.",  "output.",    "pydantic_ai.", "request_data", "resource.name",
    "response_", "service.",    "session.",   "smolagents.",
};
// Names without a space, which libraries use for what an own attribute never is.
constexpr std::string_view kBareNames[] = {
    "all_messages_events",
    "async",
    "code",
    "error",
    "events",
    "final_result",
    "handoffs",
    "input",
    "mcp_data",
    "model",
    "name",
    "output",
    "output_type",
    "raw_input",
    "response",
    "sdk_span_type",
    "tool_arguments",
    "tool_response",
    "tools",
    "tracing",
    "turn",
    "type",
    "usage",
};
// Where people put what is their own, whatever else the library has in its space.
constexpr std::string_view kOwnSpaces[] = {
    "ai.telemetry.metadata.",
    "langfuse.trace.metadata.",
    "langfuse.trace.tags",
    "langsmith.metadata.",
    "langsmith.trace.tags",
    "metadata.",
    "traceloop.association.properties.",
    "tag.tags",
};
// What libraries put there, by the last word of the name.
constexpr std::string_view kLibraryWords[] = {
    "applied_guardrails", "checkpoint_ns", "langgraph_",  "lc_", "ls_",
    "LANGSMITH_",         "revision_id",   "usage_object"};
// Of the machine and what runs on it: nobody who talks to an agent is named here.
constexpr std::string_view kMachineSpaces[] = {
    "browser.", "client.",  "container.", "db.",        "device.", "host.",
    "http.",    "k8s.",     "mcp.",       "messaging.", "net.",    "network.",
    "os.",      "process.", "rpc.",       "server.",    "source.", "thread."};

template <typename Table>
bool Has(const Table& sorted, std::string_view name) {
  return std::binary_search(std::begin(sorted), std::end(sorted), name);
}

template <typename Table>
bool BeginsWithAny(std::string_view name, const Table& table) {
  return std::any_of(std::begin(table), std::end(table),
                     [&](std::string_view space) { return name.starts_with(space); });
}

// Whether a name ends in a word, however its parts are set apart: user_id, userId and user.id.
bool EndsInWord(std::string_view name, std::string_view word) {
  auto letter = name.rbegin();
  for (auto wanted = word.rbegin(); wanted != word.rend(); ++wanted) {
    while (letter != name.rend() && (*letter == '_' || *letter == '.' || *letter == '-')) ++letter;
    if (letter == name.rend()) return false;
    const char lower = *letter >= 'A' && *letter <= 'Z' ? static_cast<char>(*letter + 32) : *letter;
    if (lower != *wanted) return false;
    ++letter;
  }
  return true;
}

// The value names a person, and becomes a pseudonym.
bool NamesUser(std::string_view name) {
  if (BeginsWithAny(name, kMachineSpaces)) return false;
  if (EndsInWord(name, "userid") || EndsInWord(name, "enduserpseudoid")) return true;
  const bool last_word = name.ends_with(".user");
  return last_word && (name.starts_with("gen_ai.") || name.starts_with("llm.") ||
                       name.starts_with("mlflow.") || name.starts_with("langsmith."));
}

// Embeddings: thousands of numbers that say nothing to a reader.
bool IsVector(std::string_view name) {
  return name.ends_with(".vector") || name.ends_with(".embedding");
}

}  // namespace

bool NamesConversation(std::string_view name) {
  if (BeginsWithAny(name, kMachineSpaces)) return false;
  return EndsInWord(name, "conversationid") || EndsInWord(name, "threadid") || name == "group_id";
}

AttributeUse UseOf(std::string_view name) {
  // People and conversations first, wherever they are named.
  if (NamesUser(name)) return AttributeUse::kUser;
  const bool session = EndsInWord(name, "sessionid") && !BeginsWithAny(name, kMachineSpaces);
  if (session || NamesConversation(name)) return AttributeUse::kSession;
  // What names a person beside their id is of no use here.
  if (EndsInWord(name, "username") || EndsInWord(name, "useremail")) return AttributeUse::kDropped;
  // Whole names next: they are exceptions from the spaces below.
  if (Has(kNames, name)) return AttributeUse::kName;
  if (Has(kKept, name)) return AttributeUse::kText;
  if (BeginsWithAny(name, kFigureSpaces)) return AttributeUse::kFigure;
  if (Has(kDropped, name) || IsVector(name) || BeginsWithAny(name, kDroppedSpaces)) {
    return AttributeUse::kDropped;
  }
  // Whatever is not known is a text that people may have written, and is redacted.
  const bool ends_as_name = std::any_of(std::begin(kNameEnds), std::end(kNameEnds),
                                        [&](std::string_view end) { return name.ends_with(end); });
  return ends_as_name ? AttributeUse::kName : AttributeUse::kText;
}

bool IsAboutAgents(std::string_view name) { return BeginsWithAny(name, kAgentSpaces); }

bool IsOwnAttribute(std::string_view name) {
  const AttributeUse use = UseOf(name);
  const bool user_agent = name == "http.user_agent" || name == "user_agent.original";
  if (user_agent) return true;
  if (use == AttributeUse::kUser || use == AttributeUse::kSession ||
      use == AttributeUse::kDropped) {
    return false;
  }
  if (BeginsWithAny(name, kOwnSpaces)) {
    return !BeginsWithAny(name.substr(name.rfind('.') + 1), kLibraryWords);
  }
  return !IsAboutAgents(name) && !BeginsWithAny(name, kKnownSpaces) && !Has(kBareNames, name);
}

}  // namespace flywheel::ingest
