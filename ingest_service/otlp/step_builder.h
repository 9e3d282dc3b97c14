// Builds the steps of an interaction from model and tool spans.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_STEP_BUILDER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_STEP_BUILDER_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "flywheel/ingest/v1/interaction.pb.h"
#include "ingest_service/otlp/trace_span.h"

namespace flywheel::ingest {

// Makes steps of what models said and tools did, in the order in which it is told. A tool's own
// span and the call that asked for it become one ToolCall. Not thread-safe.
class StepBuilder {
 public:
  // What a model was told before its first answer: its instructions, and of this turn (behind the
  // person's last words) what it had done already.
  void AddHistory(const TraceSpan& span);
  // What a person said between two answers.
  void AddUser(const std::string& text) { AddText(v1::ROLE_USER, text); }
  // The answers of tools that a model was told, to calls that are known.
  void AddAnswers(const std::vector<ChatMessage>& messages);
  // What a model said.
  void AddOutput(const std::vector<ChatMessage>& messages);
  // What a tool did.
  void AddTool(const TraceSpan& span);

  bool empty() const { return steps_.empty(); }
  std::vector<v1::Step> Take() && { return std::move(steps_); }

 private:
  // Where a call stands.
  using Place = std::pair<size_t, int>;

  void AddText(v1::Role role, const std::string& text);
  void AddCall(const ToolUse& call, v1::Step& step);
  void AddAnswer(const ToolAnswer& answer);
  // The call of this id or, without one, the first of this name that nothing is known of yet; null
  // for none.
  v1::ToolCall* Find(const std::string& id, const std::string& name);

  std::vector<v1::Step> steps_;
  int64_t calls_ = 0;
  absl::flat_hash_map<std::string, Place> by_id_;
  absl::flat_hash_map<std::string, std::vector<Place>> open_by_name_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_STEP_BUILDER_H_
