#include "ingest_service/otlp/interaction_parts.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "ingest_service/domain/record_limits.h"
#include "ingest_service/otlp/text_reader.h"
#include "ingest_service/otlp/tool_reader.h"
#include "shared/text/shorten.h"

namespace flywheel::ingest {
namespace {

// The composer adds up to four of its own.
constexpr size_t kMaxForeignAttributes = kMaxAttributes - 4;

// The last message of this role that says or shows something; null for none.
const ChatMessage* LastWords(const std::vector<ChatMessage>& messages, common::v1::Role role) {
  for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
    if (message->role != role) continue;
    if (!message->text.empty() || !message->media.empty()) return &*message;
  }
  return nullptr;
}

ChatMessage Said(common::v1::Role role, std::string text) {
  ChatMessage message;
  message.role = role;
  message.text = std::move(text);
  return message;
}

bool IsSilent(const ChatMessage& message) { return message.text.empty() && message.media.empty(); }

// Messages say it best; else what the span calls its input.
ChatMessage QuestionOf(const TraceSpan& span) {
  const ChatMessage* const words = LastWords(span.input_messages, common::v1::ROLE_USER);
  if (words != nullptr) return *words;
  return Said(common::v1::ROLE_USER, ReadText(span.input, common::v1::ROLE_USER));
}

// What was got out of a span with messages is in them, or nothing: a call of a tool is no answer.
ChatMessage AnswerOf(const TraceSpan& span) {
  const ChatMessage* const words = LastWords(span.output_messages, common::v1::ROLE_ASSISTANT);
  if (words != nullptr) return *words;
  if (!span.output_messages.empty()) return {};
  return Said(common::v1::ROLE_ASSISTANT, ReadText(span.output, common::v1::ROLE_ASSISTANT));
}

// Agents of smolagents answer by a call, as their models are told to.
ChatMessage AnswerByCall(const TraceSpan& span) {
  if (span.output_messages.empty() || span.output_messages.back().calls.size() != 1) return {};
  const ToolUse& call = span.output_messages.back().calls.front();
  if (call.name != "final_answer") return {};
  return Said(common::v1::ROLE_ASSISTANT,
              ReadText(call.arguments_json, common::v1::ROLE_ASSISTANT));
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
      if (node.tool_above == nullptr) roles.work.push_back(&node);
      break;
    case SpanKind::kTool:
      // A tool server's account of the same call.
      if (node.tool_above != nullptr && node.tool_above->tool.name != node.span->tool.name) break;
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

// "{}", "[]", "null": nothing was handed over.
bool IsEmptyValue(const std::string& value) {
  return value.find_first_not_of("{}[] \n\"") == std::string::npos || value == "null" ||
         UnwrapArguments(value) == "{}";
}

bool CallsTools(const std::vector<ChatMessage>& messages) {
  return std::any_of(messages.begin(), messages.end(),
                     [](const ChatMessage& message) { return !message.calls.empty(); });
}

// The agent or chain nearest to the root that has messages; null for none.
const TraceSpan* FindTeller(const TraceRoles& roles) {
  for (const SpanNode* head : roles.heads) {
    const TraceSpan& span = *head->span;
    if (!span.output_messages.empty() || !span.input_messages.empty()) return &span;
  }
  return nullptr;
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
  // Who ended last gave the answer; what models inside of tools said is for those tools.
  for (const SpanNode* model : roles.models) {
    if (model->tool_above != nullptr) continue;
    if (roles.first_told == nullptr && !model->span->input_messages.empty()) {
      roles.first_told = model;
    }
    if (roles.answerer == nullptr ||
        model->span->end_unix_nano >= roles.answerer->span->end_unix_nano) {
      roles.answerer = model;
    }
  }
  return roles;
}

ChatMessage FindQuestion(const TraceRoles& roles) {
  ChatMessage told =
      roles.first_told == nullptr ? ChatMessage{} : QuestionOf(*roles.first_told->span);
  // 1. From the top: what the person asked, before what agents ask each other. The first that was
  // handed anything was handed the question, in whatever shape.
  ChatMessage question;
  for (const SpanNode* node : roles.heads) {
    question = QuestionOf(*node->span);
    if (!IsSilent(question) || !node->span->input.empty()) break;
  }
  if (!IsSilent(question)) {
    if (question.media.empty()) question.media = told.media;
    return question;
  }
  // 2. What the first model was told; 3. what any was handed; 4. a blob.
  if (!IsSilent(told)) return told;
  for (const auto* nodes : {&roles.models, &roles.heads, &roles.retrievers}) {
    for (const SpanNode* node : *nodes) {
      question = QuestionOf(*node->span);
      if (!IsSilent(question)) return question;
    }
  }
  for (const auto* nodes : {&roles.heads, &roles.models}) {
    for (const SpanNode* node : *nodes) {
      if (!IsEmptyValue(node->span->input)) return Said(common::v1::ROLE_USER, node->span->input);
    }
  }
  return {};
}

ChatMessage FindAnswer(const TraceRoles& roles) {
  // 1. The agent's answer, where the first that got anything out got a text out. Of one that failed
  // with its model it is no answer, but what it says of the failure.
  const bool model_failed = roles.answerer != nullptr && roles.answerer->span->failed;
  for (const SpanNode* node : roles.heads) {
    const bool complains = node->span->failed && node->span->output_messages.empty();
    if (complains && model_failed) return {};
    ChatMessage answer = AnswerOf(*node->span);
    if (!IsSilent(answer)) return answer;
    if (!node->span->output.empty()) break;
  }
  // 2. That of the model that answered last. Where it failed, or called a tool, there is none yet.
  const TraceSpan* const last = roles.answerer == nullptr ? nullptr : roles.answerer->span;
  if (last != nullptr) {
    ChatMessage answer = AnswerOf(*last);
    if (!IsSilent(answer)) return answer;
    answer = AnswerByCall(*last);
    if (!IsSilent(answer)) return answer;
    if (last->failed || !last->output_messages.empty()) return {};
  }
  // 3. Any model's, then any agent's; 4. a blob.
  for (auto node = roles.models.rbegin(); node != roles.models.rend(); ++node) {
    if ((*node)->tool_above != nullptr) continue;
    ChatMessage answer = AnswerOf(*(*node)->span);
    if (!IsSilent(answer)) return answer;
  }
  for (const SpanNode* node : roles.heads) {
    ChatMessage answer = AnswerOf(*node->span);
    if (!IsSilent(answer)) return answer;
  }
  for (const SpanNode* node : roles.heads) {
    if (!IsEmptyValue(node->span->output)) {
      return Said(common::v1::ROLE_ASSISTANT, node->span->output);
    }
  }
  return {};
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

std::vector<common::v1::ToolDefinition> CollectTools(const TraceRoles& roles) {
  std::vector<common::v1::ToolDefinition> tools;
  absl::flat_hash_map<std::string_view, size_t> places;
  const auto add = [&](const TraceSpan& span) {
    for (const common::v1::ToolDefinition& tool : span.tool_definitions) {
      const auto [known, is_new] = places.try_emplace(tool.name(), tools.size());
      if (is_new && tools.size() < kMaxToolDefinitions) tools.push_back(tool);
      // One place may say what it does, and another what it takes.
      if (is_new || known->second >= tools.size()) continue;
      common::v1::ToolDefinition& first = tools[known->second];
      if (first.description().empty()) first.set_description(tool.description());
      if (first.parameters_json_schema().empty()) {
        first.set_parameters_json_schema(tool.parameters_json_schema());
      }
    }
  };
  // Models know best; what tools say of themselves tells only of those that were called.
  for (const SpanNode* model : roles.models) {
    if (model->tool_above == nullptr) add(*model->span);
  }
  for (const SpanNode* head : roles.heads) {
    if (head->tool_above == nullptr) add(*head->span);
  }
  for (const SpanNode* node : roles.work) {
    if (node->span->kind == SpanKind::kTool && node->tool_above == nullptr) add(*node->span);
  }
  return tools;
}

TurnMessages CollectMessages(const TraceRoles& roles) {
  TurnBuilder builder;
  // Frameworks that do not instrument models tell the conversation at the agent.
  const bool models_say = std::any_of(
      roles.models.begin(), roles.models.end(),
      [](const SpanNode* node) { return node->tool_above == nullptr && SaysTexts(*node->span); });
  const TraceSpan* const teller = models_say ? nullptr : FindTeller(roles);
  const bool tells_calls = teller != nullptr && CallsTools(teller->output_messages);
  if (teller != nullptr) builder.AddHistory(*teller);
  if (tells_calls) builder.AddOutput(teller->output_messages);
  // In the order of the work: each model is told only what is new since the one before.
  const TraceSpan* const first = roles.first_told == nullptr ? nullptr : roles.first_told->span;
  std::string said;
  for (const SpanNode* node : roles.work) {
    const TraceSpan& span = *node->span;
    if (span.kind == SpanKind::kTool) {
      node->tool_above == nullptr ? builder.AddTool(span)
                                  : builder.AddInnerTool(span, *node->tool_above);
      continue;
    }
    const ChatMessage* const words = LastWords(span.input_messages, common::v1::ROLE_USER);
    if (&span == first) {
      builder.AddHistory(span);
      said = words == nullptr ? "" : words->text;
    } else {
      builder.AddAnswers(span.input_messages);
      // What a helping agent is told is no person's word.
      const bool same_place = first != nullptr && span.parent_id == first->parent_id;
      if (same_place && words != nullptr && words->text != said) {
        builder.AddUser(*words);
        said = words->text;
      }
    }
    builder.AddOutput(span.output_messages);
  }
  if (teller != nullptr && !tells_calls) builder.AddOutput(teller->output_messages);
  return std::move(builder).Take();
}

const TraceSpan* FindFailure(const TraceRoles& roles) {
  // The agent's, then the root's, then that of the last call.
  const SpanNode* const top = roles.from_the_top.empty() ? nullptr : roles.from_the_top.front();
  const SpanNode* const head = roles.heads.empty() ? nullptr : roles.heads.front();
  for (const SpanNode* node : {head, top, roles.answerer}) {
    if (node != nullptr && node->span->failed) return node->span;
  }
  return nullptr;
}

std::map<std::string, std::string> CollectAttributes(const TraceRoles& roles) {
  std::map<std::string, std::string> attributes;
  const TraceSpan* const failed = FindFailure(roles);
  if (failed != nullptr) attributes["error.type"] = failed->error_type;
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
