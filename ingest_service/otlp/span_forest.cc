#include "ingest_service/otlp/span_forest.h"

#include <algorithm>
#include <deque>
#include <string_view>
#include <tuple>

#include "absl/container/flat_hash_map.h"

namespace flywheel::ingest {
namespace {

// What a span inherits: whether a judge, an output or a usage stands above it.
SpanNode Below(const SpanNode& parent, const TraceSpan& span) {
  const TraceSpan& above = *parent.span;
  const bool above_is_model = above.kind == SpanKind::kModel;
  SpanNode node = parent;
  node.span = &span;
  node.depth = parent.depth + 1;
  node.under_evaluator = parent.under_evaluator || above.kind == SpanKind::kEvaluator;
  if (above.kind == SpanKind::kTool) node.tool_above = &above;
  node.output_is_above =
      parent.output_is_above ||
      (above_is_model && (!above.output_messages.empty() || !above.output.empty()));
  node.model_usage_is_above = parent.model_usage_is_above || (above_is_model && HasUsage(above));
  return node;
}

}  // namespace

bool HasUsage(const TraceSpan& span) {
  return span.prompt_tokens || span.completion_tokens || span.cost_usd;
}

std::vector<SpanNode> ArrangeSpans(const std::vector<TraceSpan>& spans) {
  // 1. Parents by their ids. A span whose parent is not here begins a tree.
  absl::flat_hash_map<std::string_view, size_t> places;
  for (size_t i = 0; i < spans.size(); ++i) {
    if (!spans[i].span_id.empty()) places.emplace(spans[i].span_id, i);
  }
  std::vector<std::vector<size_t>> children(spans.size());
  std::deque<size_t> waiting;
  for (size_t i = 0; i < spans.size(); ++i) {
    const auto parent = places.find(spans[i].parent_id);
    if (spans[i].parent_id.empty() || parent == places.end() || parent->second == i) {
      waiting.push_back(i);
    } else {
      children[parent->second].push_back(i);
    }
  }
  // 2. Down from the roots, level by level.
  std::vector<SpanNode> nodes(spans.size());
  const auto descend = [&] {
    while (!waiting.empty()) {
      const size_t place = waiting.front();
      waiting.pop_front();
      if (nodes[place].span == nullptr) nodes[place].span = &spans[place];
      for (const size_t child : children[place]) {
        if (nodes[child].span != nullptr) continue;
        nodes[child] = Below(nodes[place], spans[child]);
        waiting.push_back(child);
      }
    }
  };
  // From the roots.
  descend();
  for (size_t i = 0; i < spans.size(); ++i) {
    // 3. What is left hangs in a circle, which senders make by mistake: broken at its first span.
    if (nodes[i].span != nullptr) continue;
    waiting.push_back(i);
    descend();
  }
  // 4. By start, parents before children: the order of the spans in the export does not matter.
  std::stable_sort(nodes.begin(), nodes.end(), [](const SpanNode& one, const SpanNode& other) {
    return std::tie(one.span->start_unix_nano, one.depth, one.span->span_id) <
           std::tie(other.span->start_unix_nano, other.depth, other.span->span_id);
  });
  return nodes;
}

}  // namespace flywheel::ingest
