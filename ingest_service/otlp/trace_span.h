// A span, independent of the semantic convention that it came in.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_TRACE_SPAN_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_TRACE_SPAN_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "flywheel/ingest/v1/interaction.pb.h"

namespace flywheel::ingest {

// Documents of a span, and of the interaction that its trace becomes.
inline constexpr size_t kMaxDocuments = 1'000;

// Tools of a span, and of the interaction that its trace becomes.
inline constexpr size_t kMaxToolDefinitions = 1'000;

// A tool call that a model asked for.
struct ToolUse {
  std::string id;
  std::string name;
  // A JSON text; empty means none.
  std::string arguments_json;
};

// What a tool answered, as the model was told.
struct ToolAnswer {
  // Of the call; may be empty.
  std::string id;
  std::string name;
  std::string result;
  // Not set where it does not say.
  std::optional<bool> success;
};

// One message to or from a model.
struct ChatMessage {
  common::v1::Role role = common::v1::ROLE_UNSPECIFIED;
  std::string text;
  // What the model thought before it.
  std::string thought;
  std::vector<ToolUse> calls;
  std::vector<ToolAnswer> answers;
  // What was shown beside the text.
  std::vector<common::v1::Media> media;
  // Why the model stopped; empty where it does not say.
  std::string finish_reason;
  // A piece of a stream: the next message goes on with it.
  bool goes_on = false;
  // Its sender cut it.
  bool incomplete = false;
};

// A score that somebody or something gave.
struct EvaluationResult {
  std::string name;
  double score = 0;
  // "pass", "relevant"; at most 256 bytes, may be empty.
  std::string label;
  // At most 16,384 bytes.
  std::string explanation;
  // Tells results of one name on one span apart; may be empty.
  std::string identifier;
  bool by_person = false;
  // About the session, not about this interaction; which, where it is not the span's.
  bool about_session = false;
  std::string session_id;
  // Nanoseconds since 1970; 0 where it does not say.
  uint64_t time_unix_nano = 0;
};

// What a span is. Whatever says nothing of agents is kOther.
enum class SpanKind {
  kOther,
  kChain,
  kAgent,
  kModel,
  kTool,
  kRetriever,
  kReranker,
  kEmbedding,
  kGuardrail,
  kEvaluator,
  // Makes an agent or the like ready: no work of its own yet.
  kSetup,
};

// A span, or the events of one that has not come.
struct TraceSpan {
  // 8 bytes each; empty where there is none.
  std::string span_id;
  std::string parent_id;
  std::string name;
  uint64_t start_unix_nano = 0;
  uint64_t end_unix_nano = 0;
  SpanKind kind = SpanKind::kOther;
  bool failed = false;
  // Why, where it failed: a type rather than a text.
  std::string error_type;
  // In words.
  std::string error_message;

  std::string agent;
  std::string service;
  // The library that made the span.
  std::string scope;
  // Of a model's answer: its id, and why it ended.
  std::string response_id;
  std::string finish_reason;
  std::string model;
  std::string provider;
  std::string model_version;
  std::string prompt_version;
  // What the experiment service answered; as it was sent.
  std::string assignment_token;
  // What the conventions call the conversation, and what they call the session.
  std::string conversation_id;
  std::string session_id;
  std::string user_id;
  // What the user was called under keys that were replaced since, the newest first.
  std::vector<std::string> earlier_user_ids;

  // What was handed in and out, where it is no list of messages.
  std::string input;
  std::string output;
  std::string system_instructions;
  std::vector<ChatMessage> input_messages;
  std::vector<ChatMessage> output_messages;
  std::optional<int64_t> prompt_tokens;
  std::optional<int64_t> completion_tokens;
  std::optional<double> cost_usd;

  // Of a tool's own span; its result is `output`.
  ToolUse tool;
  // What a model or an agent was told that it may call; of a tool's own span that tool.
  std::vector<common::v1::ToolDefinition> tool_definitions;
  // What was retrieved or ranked.
  std::vector<common::v1::RetrievedContext> documents;
  std::vector<EvaluationResult> evaluations;
  // 16 bytes each: the traces that it says something of.
  std::vector<std::string> linked_trace_ids;
  // What its sender tells their traffic apart by.
  std::map<std::string, std::string> attributes;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_TRACE_SPAN_H_
