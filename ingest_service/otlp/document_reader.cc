#include "ingest_service/otlp/document_reader.h"

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ingest_service/otlp/any_value.h"
#include "ingest_service/otlp/json_members.h"

namespace flywheel::ingest {
namespace {

using nlohmann::json;

void AddDocument(const json& item, TraceSpan& span) {
  if (!item.is_object() || span.documents.size() == kMaxDocuments) return;
  // OpenInference wraps each document, LangChain its members.
  const json& inner = AnyMember(item, {"document", "kwargs", "node"});
  const json& document = inner.is_object() ? inner : item;
  const json& metadata = AnyMember(document, {"metadata", "meta"});
  const auto member = [&](std::initializer_list<const char*> names) {
    return ToText(AnyMember(document, names));
  };
  common::v1::RetrievedContext context;
  std::string id = member({"id", "document_id", "source_id", "id_"});
  if (id.empty()) id = ToText(AnyMember(metadata, {"id", "document_id", "source"}));
  context.set_document_id(id);
  context.set_text(member({"content", "text", "page_content", "document"}));
  std::optional<double> score = ToNumber(member({"score", "distance"}));
  if (!score) score = ToNumber(ToText(Member(item, "score")));
  if (!score) score = ToNumber(ToText(AnyMember(metadata, {"score", "relevance_score"})));
  if (score) context.set_score(*score);
  if (context.document_id().empty() && context.text().empty()) return;
  span.documents.push_back(std::move(context));
}

// A list of documents, or an object that holds one.
void AddDocuments(const json& value, TraceSpan& span) {
  const json& held = AnyMember(value, {"documents", "output", "outputs", "docs", "nodes"});
  if (held.is_structured()) return AddDocuments(held, span);
  // Also of a tree, whose keys are numbers.
  for (const json* item : Items(value)) AddDocument(*item, span);
}

}  // namespace

void ReadDocuments(const AttributeView& attributes, TraceSpan& span) {
  // As one JSON text, or flattened.
  const std::optional<json> list =
      attributes.Json({"gen_ai.retrieval.documents", "retrieval.documents",
                       "reranker.output_documents", "langwatch.rag_contexts"});
  if (list) AddDocuments(*list, span);
  for (const std::string_view prefix : {"reranker.output_documents", "retrieval.documents"}) {
    const std::optional<json> tree = attributes.Tree(prefix);
    if (tree) AddDocuments(*tree, span);
  }
  const bool finds = span.kind == SpanKind::kRetriever || span.kind == SpanKind::kReranker;
  if (!finds || !span.documents.empty()) return;
  if (const std::optional<json> output = ParseJson(span.output)) AddDocuments(*output, span);
}

}  // namespace flywheel::ingest
