// Message: one turn of speech in a conversation, with its parts (text, tool calls, tool results).
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_MESSAGE_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_MESSAGE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"

namespace flywheel::curation {

// Values of flywheel.common.v1, field by field.

// Who speaks; the numbers of flywheel.common.v1.Role.
enum class Role { kSystem = 1, kUser = 2, kAssistant = 3, kTool = 4, kDeveloper = 5 };

struct Text {
  std::string text;

  bool operator==(const Text&) const = default;
};

// What the model thought before it spoke.
struct Reasoning {
  std::string text;

  bool operator==(const Reasoning&) const = default;
};

struct ToolCall {
  // Empty where the conversation names none.
  std::string tool_call_id;
  std::string name;
  // Empty: none.
  std::string arguments_json;

  bool operator==(const ToolCall&) const = default;
};

struct ToolResult {
  // Empty: of the first call before it that has no answer yet.
  std::string tool_call_id;
  std::string content;
  // Not set where nobody knows.
  std::optional<bool> success;

  bool operator==(const ToolResult&) const = default;
};

struct Media {
  std::string uri;
  // 32 bytes; empty where unknown.
  std::string sha256;
  std::string mime_type;
  std::optional<int64_t> size_bytes;
  std::string description;

  bool operator==(const Media&) const = default;
};

struct Part {
  std::variant<Text, Reasoning, ToolCall, ToolResult, Media> kind;
  bool incomplete = false;

  bool operator==(const Part&) const = default;
};

struct Message {
  Role role = Role::kUser;
  std::vector<Part> parts;
  std::string name;
  std::string message_id;

  bool operator==(const Message&) const = default;
};

using Messages = std::vector<Message>;

struct ToolDefinition {
  std::string name;
  std::string description;
  std::string parameters_json_schema;

  bool operator==(const ToolDefinition&) const = default;
};

struct RetrievedContext {
  std::string document_id;
  std::string text;
  std::optional<double> score;
  std::optional<absl::Duration> age;

  bool operator==(const RetrievedContext&) const = default;
};

// A message that says one text.
Message TextMessage(Role role, std::string text);

// What the agent says in the last message, a line break between its texts; empty where another
// speaks last.
std::string FinalText(const Messages& messages);

// Does any of them say something: a text that is not blank, a call, a result, media? Thoughts are
// not said.
bool SaysSomething(const Messages& messages);

// Does any of them call a tool with arguments that are no IsJsonObject? No arguments are none.
bool HasMalformedCall(const Messages& messages);

// SHA-256 of what is said and done, by whom and in which order. Texts count as NormaliseText has
// them. Ids of calls and messages and names of speakers do not count, because they differ from one
// conversation to the next; nor do thoughts.
std::string MeaningHash(const Messages& messages);

// Of their texts, for those who count what they hold in memory or write.
size_t TextBytes(const Messages& messages);
size_t TextBytes(const std::vector<ToolDefinition>& tools);
size_t TextBytes(const std::vector<RetrievedContext>& contexts);

// The call that each result answers. Calls and results are numbered from 0, each in their order
// over all messages: element r is the call of result r, or none where it answers no call before it.
// A result that names no call answers the first one before it that has no answer yet; one that
// names a call that is not there answers the first such call without an id.
std::vector<std::optional<size_t>> AnsweredCalls(const Messages& messages);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_MESSAGE_H_
