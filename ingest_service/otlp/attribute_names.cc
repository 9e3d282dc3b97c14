#include "ingest_service/otlp/attribute_names.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>

namespace flywheel::ingest {
namespace {

// Sorted, for binary search.
// Personal: the value becomes a pseudonym.
constexpr std::string_view kUsers[] = {
    "ai.telemetry.metadata.userId",
    "enduser.id",
    "enduser.pseudo.id",
    "gen_ai.request.user",
    "gen_ai.user.id",
    "langfuse.user.id",
    "llm.user",
    "metadata.userId",
    "metadata.user_id",
    "traceloop.association.properties.userId",
    "traceloop.association.properties.user_id",
    "user.id",
};
// Of a conversation: kept where it has the form of an id.
constexpr std::string_view kSessions[] = {
    "ai.telemetry.metadata.sessionId",
    "gen_ai.conversation.id",
    "langfuse.session.id",
    "metadata.conversation_id",
    "metadata.sessionId",
    "metadata.session_id",
    "metadata.thread_id",
    "session.id",
    "traceloop.association.properties.conversation_id",
    "traceloop.association.properties.sessionId",
    "traceloop.association.properties.session_id",
    "traceloop.association.properties.thread_id",
};
// Names of agents, models, tools and versions, which are no texts.
constexpr std::string_view kNames[] = {
    "agent.name",
    "ai.model.id",
    "ai.model.provider",
    "ai.operationId",
    "ai.response.model",
    "ai.toolCall.id",
    "ai.toolCall.name",
    "deployment.environment",
    "deployment.environment.name",
    "error.type",
    "fi.span.kind",
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
    "gen_ai.response.id",
    "gen_ai.response.model",
    "gen_ai.span.kind",
    "gen_ai.system",
    "gen_ai.tool.call.id",
    "gen_ai.tool.name",
    "gen_ai.tool.type",
    "llm.model",
    "llm.model_name",
    "llm.prompt_template.version",
    "llm.provider",
    "llm.request.model",
    "llm.request.type",
    "llm.response.model",
    "llm.system",
    "openinference.span.kind",
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
constexpr std::string_view kNameEnds[] = {".role", ".tool_call_id", ".tool_call.id",
                                          ".tool_call.function.name", ".finish_reason"};
// Large or technical, and read by nobody.
constexpr std::string_view kDropped[] = {
    "exception.stacktrace",
    "gen_ai.agent.description",
    "gen_ai.openai.api_base",
    "gen_ai.request.parameters",
    "gen_ai.tool.definitions",
    "gen_ai.tool.description",
    "llm.headers",
    "llm.invocation_parameters",
    "tool.description",
    "tool.json_schema",
};
// Technical: how a process runs and what it is connected to. And what is large and read by nobody.
constexpr std::string_view kDroppedSpaces[] = {
    "ai.prompt.tools",
    "ai.settings.",
    "aws.",
    "azure.",
    "browser.",
    "client.",
    "cloud.",
    "code.",
    "container.",
    "db.",
    "destination.",
    "device.",
    "dns.",
    "embedding.",
    "enduser.",
    "faas.",
    "gcp.",
    "host.",
    "http.",
    "input.images.",
    "jvm.",
    "k8s.",
    "llm.request.functions.",
    "llm.tools.",
    "log.",
    "messaging.",
    "net.",
    "network.",
    "nodejs.",
    "os.",
    "otel.",
    "output.images.",
    "peer.",
    "process.",
    "raw.",
    "rpc.",
    "server.",
    "source.",
    "telemetry.",
    "thread.",
    "tls.",
    "url.",
    "user.",
    "user_agent.",
};
// Tokens and money.
constexpr std::string_view kFigureSpaces[] = {"gen_ai.cost.", "gen_ai.usage.", "llm.cost.",
                                              "llm.token_count.", "llm.usage."};
// Texts in spaces that are dropped otherwise.
constexpr std::string_view kKept[] = {
    "db.query.result.distance", "db.query.result.document", "db.query.result.id",
    "db.query.result.score",    "http.user_agent",          "user_agent.original",
};
// A span with one of these has to do with an agent or a model.
constexpr std::string_view kAgentSpaces[] = {
    "ai.",
    "annotations.",
    "evaluations.",
    "fi.",
    "gen_ai.",
    "input.value",
    "llm.",
    "openinference.",
    "output.value",
    "reranker.",
    "retrieval.",
    "session.annotations.",
    "session.evaluations.",
    "tool.",
    "trace.annotations.",
    "trace.evaluations.",
    "traceloop.",
    "db.query.result",
};
// Of conventions, beside kAgentSpaces.
constexpr std::string_view kKnownSpaces[] = {"agent.",  "db.",       "eval.",    "exception.",
                                             "error.",  "flywheel.", "input.",   "langfuse.",
                                             "message", "output.",   "service.", "session."};

template <typename Table>
bool Has(const Table& sorted, std::string_view name) {
  return std::binary_search(std::begin(sorted), std::end(sorted), name);
}

template <typename Table>
bool BeginsWithAny(std::string_view name, const Table& table) {
  return std::any_of(std::begin(table), std::end(table),
                     [&](std::string_view space) { return name.starts_with(space); });
}

// Embeddings: thousands of numbers that say nothing to a reader.
bool IsVector(std::string_view name) {
  return name.ends_with(".vector") || name.ends_with(".embedding");
}

}  // namespace

AttributeUse UseOf(std::string_view name) {
  // Whole names first: they are exceptions from the spaces below.
  if (Has(kUsers, name)) return AttributeUse::kUser;
  if (Has(kSessions, name)) return AttributeUse::kSession;
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
  if (name.starts_with("ai.telemetry.metadata.")) return UseOf(name) == AttributeUse::kText;
  if (name == "http.user_agent" || name == "user_agent.original" || name == "tag.tags" ||
      name.starts_with("traceloop.association.properties.")) {
    return true;
  }
  return UseOf(name) != AttributeUse::kUser && UseOf(name) != AttributeUse::kSession &&
         UseOf(name) != AttributeUse::kDropped && !IsAboutAgents(name) &&
         !BeginsWithAny(name, kKnownSpaces);
}

}  // namespace flywheel::ingest
