// Tool policy: chooses the call that a turn needs, as it was learnt from calls that people approved
// or corrected.
#ifndef FLYWHEEL_EXAMPLES_TOOL_AGENT_TOOL_POLICY_H_
#define FLYWHEEL_EXAMPLES_TOOL_AGENT_TOOL_POLICY_H_

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "examples/support_agent/intent_model.h"
#include "examples/tool_agent/conversation.h"

namespace flywheel::example {

// All that the policy knows of a conversation when it chooses.
struct Situation {
  Profile profile;
  // The last call; without a name where there was none.
  common::v1::ToolCall previous;
  // What the customer says now.
  std::string text;

  void Add(const common::v1::Message& message);
  // What the model sees: the text, and a word for the call before it.
  std::string Features() const;
};

// A chosen call, with the model's confidence, 0 to 1.
struct Choice {
  common::v1::ToolCall call;
  double confidence = 0;
};

// Thread-safe.
class ToolPolicy {
 public:
  // What is to be learnt from a line of chat JSONL: the first call after the customer's last words.
  // Values of the profile become their keys, so that a call for one customer teaches it for all.
  // Nothing where no call follows. INTERNAL where the line holds no conversation.
  static absl::StatusOr<std::optional<TrainingExample>> ReadCall(const nlohmann::json& line);

  explicit ToolPolicy(std::shared_ptr<const IntentModel> model) : model_(std::move(model)) {}

  // Without a name where the model knows no call at all.
  Choice Choose(const Situation& situation) const;

 private:
  std::shared_ptr<const IntentModel> model_;
};

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_TOOL_AGENT_TOOL_POLICY_H_
