#include "ingest_service/otlp/span_kind_reader.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "ingest_service/otlp/any_value.h"
#include "ingest_service/otlp/attribute_names.h"

namespace flywheel::ingest {
namespace {

using NamedKind = std::pair<std::string_view, SpanKind>;

// Of OpenInference and traceAI, in lower case, and others' own.
constexpr NamedKind kKinds[] = {
    {"llm", SpanKind::kModel},
    {"chain", SpanKind::kChain},
    {"agent", SpanKind::kAgent},
    {"tool", SpanKind::kTool},
    {"retriever", SpanKind::kRetriever},
    {"reranker", SpanKind::kReranker},
    {"embedding", SpanKind::kEmbedding},
    {"guardrail", SpanKind::kGuardrail},
    {"evaluator", SpanKind::kEvaluator},
    {"vector_db", SpanKind::kRetriever},
    {"prompt", SpanKind::kChain},
    {"workflow", SpanKind::kChain},
    {"task", SpanKind::kChain},
    {"conversation", SpanKind::kAgent},
    // Of Langfuse, LangWatch, Laminar, MLflow and LangSmith.
    {"generation", SpanKind::kModel},
    {"rag", SpanKind::kRetriever},
    {"evaluation", SpanKind::kEvaluator},
    {"chat_model", SpanKind::kModel},
    {"span", SpanKind::kChain},
    {"parser", SpanKind::kChain},
    {"memory", SpanKind::kChain},
    {"unknown", SpanKind::kChain},
    {"default", SpanKind::kChain},
};
// Of gen_ai.operation.name.
constexpr NamedKind kOperations[] = {
    {"chat", SpanKind::kModel},
    {"text_completion", SpanKind::kModel},
    {"completion", SpanKind::kModel},
    {"generate_content", SpanKind::kModel},
    {"message", SpanKind::kModel},
    {"responses", SpanKind::kModel},
    {"invoke_agent", SpanKind::kAgent},
    {"create_agent", SpanKind::kSetup},
    {"invoke_workflow", SpanKind::kChain},
    {"plan", SpanKind::kChain},
    {"execute_tool", SpanKind::kTool},
    {"embeddings", SpanKind::kEmbedding},
    {"embedding", SpanKind::kEmbedding},
    {"retrieval", SpanKind::kRetriever},
    {"evaluate", SpanKind::kEvaluator},
    {"vector_db_retrieve", SpanKind::kRetriever},
    {"rerank", SpanKind::kReranker},
};
// Of ai.operationId, as the AI SDK of Vercel has it.
constexpr NamedKind kAiSdkOperations[] = {
    {"ai.generatetext", SpanKind::kChain},
    {"ai.generatetext.dogenerate", SpanKind::kModel},
    {"ai.streamtext", SpanKind::kChain},
    {"ai.streamtext.dostream", SpanKind::kModel},
    {"ai.generateobject", SpanKind::kChain},
    {"ai.generateobject.dogenerate", SpanKind::kModel},
    {"ai.streamobject", SpanKind::kChain},
    {"ai.streamobject.dostream", SpanKind::kModel},
    {"ai.toolcall", SpanKind::kTool},
    {"ai.embed", SpanKind::kEmbedding},
    {"ai.embed.doembed", SpanKind::kEmbedding},
    {"ai.embedmany", SpanKind::kEmbedding},
    {"ai.embedmany.doembed", SpanKind::kEmbedding},
};
// Of llm.request.type.
constexpr NamedKind kRequestTypes[] = {
    {"chat", SpanKind::kModel},
    {"completion", SpanKind::kModel},
    {"embedding", SpanKind::kEmbedding},
    {"rerank", SpanKind::kReranker},
};

// Of logfire.msg_template.
constexpr NamedKind kLogfireTemplates[] = {
    {"function: {name}", SpanKind::kTool},
    {"agent run: {name!r}", SpanKind::kAgent},
};
// Of haystack.component.type, by how it ends.
constexpr NamedKind kHaystackComponents[] = {
    {"generator", SpanKind::kModel}, {"retriever", SpanKind::kRetriever},
    {"ranker", SpanKind::kReranker}, {"embedder", SpanKind::kEmbedding},
    {"agent", SpanKind::kAgent},
};

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

template <typename Table>
SpanKind Find(const Table& table, const std::string& name) {
  for (const auto& [known, kind] : table) {
    if (known == name) return kind;
  }
  return SpanKind::kOther;
}

// The attributes are sorted by name.
bool HasAny(const AttributeView& attributes, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view prefix) {
    const auto place = attributes.all().lower_bound(prefix);
    return place != attributes.all().end() && place->first.starts_with(prefix);
  });
}

// Haystack's own spans are told apart by their component, or by what they carry.
SpanKind HaystackKind(const AttributeView& attributes) {
  const std::string component = Lower(attributes.Text({"haystack.component.type"}));
  for (const auto& [end, kind] : kHaystackComponents) {
    if (component.ends_with(end)) return kind;
  }
  if (HasAny(attributes, {"haystack.agent.step.llm."})) return SpanKind::kModel;
  if (HasAny(attributes, {"haystack.tool.", "haystack.agent.step.tool."})) return SpanKind::kTool;
  if (HasAny(attributes, {"haystack.agent.input"})) return SpanKind::kAgent;
  return HasAny(attributes, {"haystack."}) ? SpanKind::kChain : SpanKind::kOther;
}

// Older instrumentations name no kind, so what a span carries has to tell. The most telling first.
SpanKind KindByContent(const AttributeView& attributes) {
  if (HasAny(attributes, {"gen_ai.tool.name", "gen_ai.tool.call.", "tool.name"})) {
    return SpanKind::kTool;
  }
  if (HasAny(attributes, {"retrieval.documents", "gen_ai.retrieval.", "db.query.result"})) {
    return SpanKind::kRetriever;
  }
  if (HasAny(attributes, {"reranker."})) return SpanKind::kReranker;
  if (HasAny(attributes, {"gen_ai.request.", "gen_ai.response.", "gen_ai.prompt",
                          "gen_ai.completion", "gcp.vertex.agent.llm_", "llm."})) {
    return SpanKind::kModel;
  }
  if (HasAny(attributes, {"gen_ai.agent."})) return SpanKind::kAgent;
  // Whatever else speaks of agents is a step around the work.
  const bool about_agents =
      std::any_of(attributes.all().begin(), attributes.all().end(),
                  [](const auto& attribute) { return IsAboutAgents(attribute.first); });
  return about_agents ? SpanKind::kChain : SpanKind::kOther;
}

// An operation that is not known: a call of a model says so; any other is a step around the work.
SpanKind KindOfOperation(const std::string& operation) {
  const SpanKind known = Find(kOperations, operation);
  if (known != SpanKind::kOther || operation.empty()) return known;
  for (const char* word : {"chat", "completion", "generate"}) {
    if (operation.find(word) != std::string::npos) return SpanKind::kModel;
  }
  return SpanKind::kChain;
}

}  // namespace

SpanKind ReadSpanKind(const AttributeView& attributes, std::string_view span_name) {
  // A kind by name goes before an operation, unless it says less, and any name before what the span
  // carries.
  std::string kind =
      attributes.Text({"openinference.span.kind", "fi.span.kind", "gen_ai.span.kind",
                       "traceloop.span.kind", "langfuse.observation.type", "langwatch.span.type",
                       "lmnr.span.type", "mlflow.spanType", "langsmith.span.kind"});
  if (const auto quoted = ParseJson(kind); quoted && quoted->is_string()) kind = ToText(*quoted);
  const SpanKind named = Find(kKinds, Lower(kind));
  const SpanKind operation = KindOfOperation(Lower(attributes.Text({"gen_ai.operation.name"})));
  if (named == SpanKind::kChain && operation != SpanKind::kOther) return operation;
  for (const SpanKind known :
       {named, operation, Find(kAiSdkOperations, Lower(attributes.Text({"ai.operationId"}))),
        Find(kRequestTypes, Lower(attributes.Text({"llm.request.type"}))),
        Find(kLogfireTemplates, Lower(attributes.Text({"logfire.msg_template"}))),
        HaystackKind(attributes), KindByContent(attributes)}) {
    if (known != SpanKind::kOther) return known;
  }
  // ADK's agents have nothing but their name.
  return span_name.starts_with("agent_run [") ? SpanKind::kAgent : SpanKind::kOther;
}

}  // namespace flywheel::ingest
