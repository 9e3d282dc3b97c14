#include "ingest_service/otlp/interaction_parts.h"

#include <algorithm>
#include <limits>
#include <set>
#include <string_view>
#include <utility>

#include "ingest_service/domain/record_limits.h"
#include "ingest_service/otlp/message_reader.h"
#include "shared/text/shorten.h"

namespace flywheel::ingest {
namespace {

// The composer adds up to four of its own.
constexpr size_t kMaxForeignAttributes = kMaxAttributes - 4;

// The text of the last message of this role.
std::string LastText(const std::vector<ChatMessage>& messages, common::v1::Role role) {
  for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
    if (message->role == role && !message->text.empty()) return message->text;
  }
  return "";
}

// Messages say it best; else what the span calls its input.
std::string InputOf(const TraceSpan& span) {
  const std::string text = LastText(span.input_messages, common::v1::ROLE_USER);
  return text.empty() ? ReadText(span.input, common::v1::ROLE_USER) : text;
}

std::string OutputOf(const TraceSpan& span) {
  const std::string text = LastText(span.output_messages, common::v1::ROLE_ASSISTANT);
  return text.empty() ? ReadText(span.output, common::v1::ROLE_ASSISTANT) : text;
}

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

bool SaysTexts(const TraceSpan& span) {
  return !span.input_messages.empty() || !span.output_messages.empty() || !span.output.empty();
}

// A call that a span above repeats is one call: SDKs and frameworks instrument both.
void AddRole(const SpanNode& node, TraceRoles& roles) {
  switch (node.span->kind) {
    case SpanKind::kAgent:
    case SpanKind::kChain:
      roles.heads.push_back(&node);
      break;
    case SpanKind::kModel:
      if (node.output_is_above) return;
      roles.models.push_back(&node);
      roles.work.push_back(&node);
      break;
    case SpanKind::kTool:
      if (node.same_tool_is_above) return;
      roles.tools.push_back(&node);
      roles.work.push_back(&node);
      break;
    case SpanKind::kRetriever:
      roles.retrievers.push_back(&node);
      break;
    case SpanKind::kReranker:
      roles.rerankers.push_back(&node);
      return;
    // None of these is work that a step would tell of.
    case SpanKind::kEmbedding:
    case SpanKind::kGuardrail:
    case SpanKind::kEvaluator:
    case SpanKind::kSetup:
    case SpanKind::kOther:
      return;
  }
  roles.tells_of_work = true;
}

void AddAttributes(const TraceSpan& span, std::map<std::string, std::string>& attributes) {
  for (const auto& [name, value] : span.attributes) {
    if (attributes.size() >= kMaxForeignAttributes) return;
    if (name.size() <= kMaxRecordNameBytes) attributes.emplace(name, value);
  }
}

}  // namespace

TraceRoles FindRoles(const std::vector<SpanNode>& nodes) {
  TraceRoles roles;
  // A judge and what it does are about the agent, and no work of the agent.
  for (const SpanNode& node : nodes) {
    if (node.under_evaluator || node.span->kind == SpanKind::kEvaluator) continue;
    roles.from_the_top.push_back(&node);
    AddRole(node, roles);
  }
  const auto by_depth = [](const SpanNode* one, const SpanNode* other) {
    return one->depth < other->depth;
  };
  std::stable_sort(roles.from_the_top.begin(), roles.from_the_top.end(), by_depth);
  std::stable_sort(roles.heads.begin(), roles.heads.end(), by_depth);
  // Who ended last gave the answer.
  for (const SpanNode* model : roles.models) {
    if (roles.answerer == nullptr ||
        model->span->end_unix_nano >= roles.answerer->span->end_unix_nano) {
      roles.answerer = model;
    }
  }
  return roles;
}

Usage SumUsage(const TraceRoles& roles) {
  Usage usage;
  bool models_say = false;
  // Calls of models are the figures nearest to the truth; agents repeat their sums, and count only
  // where no call says anything.
  for (const SpanNode* node : roles.from_the_top) {
    if (node->span->kind != SpanKind::kModel || node->model_usage_is_above) continue;
    models_say = models_say || HasUsage(*node->span);
    AddUsage(*node->span, usage);
  }
  if (models_say) return usage;
  for (const SpanNode* node : roles.heads) {
    if (!node->agent_usage_is_above) AddUsage(*node->span, usage);
  }
  return usage;
}

std::string FindInput(const TraceRoles& roles) {
  // From the top: what the person asked, before what agents ask each other.
  for (const auto* nodes : {&roles.heads, &roles.models, &roles.retrievers}) {
    for (const SpanNode* node : *nodes) {
      std::string input = InputOf(*node->span);
      if (!input.empty()) return input;
    }
  }
  return "";
}

std::string FindOutput(const TraceRoles& roles) {
  // The agent's answer, then that of the model that answered last, then any model's.
  for (const SpanNode* node : roles.heads) {
    std::string output = OutputOf(*node->span);
    if (!output.empty()) return output;
  }
  if (roles.answerer != nullptr) {
    std::string output = OutputOf(*roles.answerer->span);
    if (!output.empty()) return output;
  }
  for (auto node = roles.models.rbegin(); node != roles.models.rend(); ++node) {
    std::string output = OutputOf(*(*node)->span);
    if (!output.empty()) return output;
  }
  return "";
}

std::vector<common::v1::RetrievedContext> CollectContexts(const TraceRoles& roles) {
  // A reranker hands on the documents that counted, in their order.
  const bool ranked =
      std::any_of(roles.rerankers.begin(), roles.rerankers.end(),
                  [](const SpanNode* node) { return !node->span->documents.empty(); });
  std::vector<common::v1::RetrievedContext> contexts;
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const SpanNode* node : ranked ? roles.rerankers : roles.retrievers) {
    for (const common::v1::RetrievedContext& document : node->span->documents) {
      if (contexts.size() == kMaxDocuments) return contexts;
      if (seen.emplace(document.document_id(), document.text()).second) {
        contexts.push_back(document);
      }
    }
  }
  return contexts;
}

TurnMessages CollectMessages(const TraceRoles& roles) {
  TurnBuilder builder;
  // Frameworks that do not instrument models tell the conversation at the agent.
  const bool models_say = std::any_of(roles.models.begin(), roles.models.end(),
                                      [](const SpanNode* node) { return SaysTexts(*node->span); });
  if (!models_say && !roles.heads.empty()) {
    for (const SpanNode* head : roles.heads) {
      if (head->span->output_messages.empty()) continue;
      builder.AddHistory(*head->span);
      builder.AddOutput(head->span->output_messages);
      break;
    }
  }
  // In the order of the work: each model is told only what is new since the one before.
  const TraceSpan* first = nullptr;
  std::string said;
  for (const SpanNode* node : roles.work) {
    const TraceSpan& span = *node->span;
    if (span.kind == SpanKind::kTool) {
      builder.AddTool(span);
      continue;
    }
    std::string says = LastText(span.input_messages, common::v1::ROLE_USER);
    if (first == nullptr) {
      builder.AddHistory(span);
      first = &span;
    } else {
      builder.AddAnswers(span.input_messages);
      // A trace may hold a whole conversation. What a helping agent is told is no person's word.
      const bool same_place = span.parent_id == first->parent_id;
      if (same_place && !says.empty() && says != said) builder.AddUser(says);
    }
    if (!says.empty()) said = std::move(says);
    builder.AddOutput(span.output_messages);
  }
  return std::move(builder).Take();
}

std::map<std::string, std::string> CollectAttributes(const TraceRoles& roles) {
  std::map<std::string, std::string> attributes;
  // The failure nearest to the person: the agent's, then the root's, then that of the last call.
  bool failed = roles.answerer != nullptr && roles.answerer->span->failed;
  std::string error = failed ? roles.answerer->span->error_type : "";
  if (!roles.from_the_top.empty() && roles.from_the_top.front()->span->failed) {
    error = roles.from_the_top.front()->span->error_type;
  }
  if (!roles.heads.empty() && roles.heads.front()->span->failed) {
    error = roles.heads.front()->span->error_type;
  }
  if (!error.empty()) attributes["error.type"] = error;
  const SpanNode* const answerer = roles.answerer;
  if (answerer != nullptr && !answerer->span->provider.empty()) {
    attributes["gen_ai.provider.name"] = answerer->span->provider;
  }
  for (const SpanNode* node : roles.from_the_top) {
    // Attributes that applications set stand at the top; those of inner spans are technical.
    const bool is_root = node->span->parent_id.empty();
    const bool is_head =
        node->span->kind == SpanKind::kAgent || node->span->kind == SpanKind::kChain;
    if (is_root || is_head || roles.heads.empty()) AddAttributes(*node->span, attributes);
  }
  return attributes;
}

}  // namespace flywheel::ingest
