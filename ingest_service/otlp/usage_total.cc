#include "ingest_service/otlp/usage_total.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

namespace flywheel::ingest {
namespace {

void AddCount(std::optional<int64_t> count, std::optional<int64_t>& sum) {
  if (!count) return;
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  // Sums of what senders claim must not overflow.
  sum = *count > kMax - sum.value_or(0) ? kMax : sum.value_or(0) + *count;
}

void AddUsage(const TraceSpan& span, Usage& usage) {
  AddCount(span.prompt_tokens, usage.prompt_tokens);
  AddCount(span.completion_tokens, usage.completion_tokens);
  constexpr double kMaxCost = 1e300;
  if (span.cost_usd)
    usage.cost_usd = std::min(usage.cost_usd.value_or(0) + *span.cost_usd, kMaxCost);
}

// Who is above whom.
class Ancestors {
 public:
  explicit Ancestors(const TraceRoles& roles) {
    for (const SpanNode* node : roles.from_the_top) {
      if (!node->span->span_id.empty()) spans_.emplace(node->span->span_id, node->span);
    }
  }

  // Marks all above a span.
  void MarkAbove(const TraceSpan& span, absl::flat_hash_set<const TraceSpan*>& marked) const {
    for (const TraceSpan* above = ParentOf(span); above != nullptr; above = ParentOf(*above)) {
      if (!marked.insert(above).second) return;
    }
  }

  // Whether one of `of` is above. Asked for from the top down, so that what is known of a span
  // stays so, and no way up is gone twice.
  bool IsBelowAny(const TraceSpan& span, const absl::flat_hash_set<const TraceSpan*>& of) {
    std::vector<const TraceSpan*> way;
    bool below = false;
    for (const TraceSpan* above = ParentOf(span); above != nullptr; above = ParentOf(*above)) {
      below = of.contains(above) || below_some_.contains(above);
      // Parents may form a ring.
      if (below || below_none_.contains(above) || way.size() > spans_.size()) break;
      way.push_back(above);
    }
    (below ? below_some_ : below_none_).insert(way.begin(), way.end());
    return below;
  }

 private:
  const TraceSpan* ParentOf(const TraceSpan& span) const {
    const auto parent = spans_.find(span.parent_id);
    return parent == spans_.end() || parent->second == &span ? nullptr : parent->second;
  }

  absl::flat_hash_map<std::string_view, const TraceSpan*> spans_;
  absl::flat_hash_set<const TraceSpan*> below_some_;
  absl::flat_hash_set<const TraceSpan*> below_none_;
};

}  // namespace

Usage SumUsage(const TraceRoles& roles) {
  Usage usage;
  Ancestors ancestors(roles);
  // 1. Calls of models are the figures nearest to the truth; agents above repeat their sums.
  absl::flat_hash_set<const TraceSpan*> above_models;
  for (const SpanNode* node : roles.from_the_top) {
    if (node->span->kind != SpanKind::kModel || !HasUsage(*node->span)) continue;
    ancestors.MarkAbove(*node->span, above_models);
    if (!node->model_usage_is_above) AddUsage(*node->span, usage);
  }
  // 2. Agents below which nothing says any, the outermost first; those below one are marked, so
  // that the way up from what is deeper is short.
  absl::flat_hash_set<const TraceSpan*> counted;
  for (const SpanNode* node : roles.heads) {
    const TraceSpan& span = *node->span;
    if (!HasUsage(span) || above_models.contains(&span) || node->model_usage_is_above) continue;
    if (!ancestors.IsBelowAny(span, counted)) AddUsage(span, usage);
    counted.insert(&span);
  }
  return usage;
}

}  // namespace flywheel::ingest
