// Builds the messages of a turn, and its history, from model and tool spans.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_TURN_BUILDER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_TURN_BUILDER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "flywheel/common/v1/message.pb.h"
#include "ingest_service/otlp/trace_span.h"

namespace flywheel::ingest {

// Whether it is the person who speaks, in words or pictures, and not a tool in their name.
bool IsPersonsWord(const ChatMessage& message);

// What was said before a turn, and in it between the person's question and the final answer.
struct TurnMessages {
  std::vector<common::v1::Message> history;
  std::vector<common::v1::Message> work;
};

// Makes messages of what models said and tools did, in the order in which it is told. A tool's own
// span and the call that asked for it become one call with one result. Not thread-safe.
class TurnBuilder {
 public:
  // What a model was told before its first answer: its instructions and earlier turns, and of this
  // turn (behind the person's last words) what it had done already.
  void AddHistory(const TraceSpan& span);
  // What a person said between two answers.
  void AddUser(const ChatMessage& message);
  // The answers of tools that a model was told, to calls that are known; and their ids, where the
  // model's own span did not say them.
  void AddAnswers(const std::vector<ChatMessage>& messages);
  // What a model said.
  void AddOutput(const std::vector<ChatMessage>& messages);
  // What a tool did.
  void AddTool(const TraceSpan& span);
  // What the server of a tool tells of the same call, which `outer` is the client's span of.
  void AddInnerTool(const TraceSpan& span, const TraceSpan& outer);

  TurnMessages Take() &&;

 private:
  struct Call {
    ToolUse use;
    std::string result;
    // By its own span, and by what the model was told.
    std::optional<bool> success;
    std::optional<bool> told_success;
  };
  // A message, with its calls and their results; `message.calls` is not used.
  struct Step {
    ChatMessage message;
    std::vector<Call> calls;
  };
  // Where a call stands: its step, and its place there.
  using Place = std::pair<size_t, size_t>;

  Call& At(const Place& place) { return steps_[place.first].calls[place.second]; }
  void AddCall(const ToolUse& use);
  void AddAnswer(const ToolAnswer& answer);
  void LearnId(const ToolUse& told);
  // The call of this id or, without one, the first of this name that nothing is known of yet.
  std::optional<Place> Find(const std::string& id, const std::string& name);
  // The first call of this name that nothing is known of yet and that has these arguments: of
  // several at once the tools may run in any order.
  std::optional<Place> FindByNameAndArguments(const ToolUse& use);
  // The call in the last step that has these arguments, where it is the only one and no tool has
  // told of it: a function's name may be another than its tool's.
  std::optional<Place> FindByArguments(const std::string& arguments);

  std::vector<common::v1::Message> history_;
  std::vector<Step> steps_;
  int64_t calls_ = 0;
  absl::flat_hash_map<std::string, Place> by_id_;
  absl::flat_hash_map<const TraceSpan*, Place> by_span_;
  absl::flat_hash_map<std::string, std::vector<Place>> open_by_name_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_TURN_BUILDER_H_
