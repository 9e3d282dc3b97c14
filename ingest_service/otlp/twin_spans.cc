#include "ingest_service/otlp/twin_spans.h"

#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace flywheel::ingest {
namespace {

// What is compared with each other, so that a trace of many calls is quick.
constexpr size_t kMaxNeighbours = 16;

bool AreTwins(const TraceSpan& one, const TraceSpan& other) {
  const bool overlap =
      one.start_unix_nano < other.end_unix_nano && other.start_unix_nano < one.end_unix_nano;
  const bool one_id = one.response_id.empty() || other.response_id.empty();
  return overlap && one_id && one.parent_id == other.parent_id && one.scope != other.scope &&
         one.model == other.model && one.prompt_tokens && other.prompt_tokens &&
         one.prompt_tokens == other.prompt_tokens &&
         one.completion_tokens == other.completion_tokens;
}

size_t WordsOf(const TraceSpan& span) {
  return span.input_messages.size() + span.output_messages.size();
}

// What the one that stays did not say itself.
void Merge(TraceSpan& from, TraceSpan& to) {
  if (!to.prompt_tokens) to.prompt_tokens = from.prompt_tokens;
  if (!to.completion_tokens) to.completion_tokens = from.completion_tokens;
  if (!to.cost_usd) to.cost_usd = from.cost_usd;
  if (to.model.empty()) to.model = from.model;
  if (to.finish_reason.empty()) to.finish_reason = from.finish_reason;
  from.kind = SpanKind::kOther;
  from.attributes.clear();
}

// Of a call in a call the one that was told the conversation counts: what stands above it, and was
// handed something else, is a step around it.
void PreferTold(std::vector<TraceSpan>& spans) {
  absl::flat_hash_map<std::string_view, TraceSpan*> by_id;
  for (TraceSpan& span : spans) by_id.emplace(span.span_id, &span);
  // From the last start to the first, so that what is below has been decided.
  for (auto span = spans.rbegin(); span != spans.rend(); ++span) {
    if (span->kind != SpanKind::kModel || span->input_messages.empty()) continue;
    const TraceSpan* below = &*span;
    for (auto above = by_id.find(below->parent_id); above != by_id.end();
         above = by_id.find(below->parent_id)) {
      TraceSpan& outer = *above->second;
      if (outer.kind != SpanKind::kModel || !outer.input_messages.empty()) break;
      outer.kind = SpanKind::kChain;
      below = &outer;
    }
  }
}

}  // namespace

void MergeTwins(std::vector<TraceSpan>& spans) {
  PreferTold(spans);
  absl::flat_hash_map<std::string_view, size_t> by_response;
  std::vector<size_t> models;
  for (size_t i = 0; i < spans.size(); ++i) {
    if (spans[i].kind != SpanKind::kModel) continue;
    // The spans are by start, so twins stand near each other.
    size_t twin = spans.size();
    for (size_t back = 0; back < models.size() && back < kMaxNeighbours; ++back) {
      const size_t other = models[models.size() - 1 - back];
      if (spans[other].kind == SpanKind::kModel && AreTwins(spans[other], spans[i])) twin = other;
    }
    if (!spans[i].response_id.empty()) {
      const auto [known, is_new] = by_response.try_emplace(spans[i].response_id, i);
      if (!is_new) twin = known->second;
    }
    models.push_back(i);
    if (twin == spans.size()) continue;
    // The one that says more stays; of two alike the first.
    if (WordsOf(spans[i]) > WordsOf(spans[twin])) {
      Merge(spans[twin], spans[i]);
      if (!spans[i].response_id.empty()) by_response[spans[i].response_id] = i;
    } else {
      Merge(spans[i], spans[twin]);
    }
  }
}

}  // namespace flywheel::ingest
