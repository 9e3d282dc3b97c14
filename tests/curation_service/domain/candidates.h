// Makes candidates for rows, and their messages.
#ifndef FLYWHEEL_TESTS_CURATION_SERVICE_DOMAIN_CANDIDATES_H_
#define FLYWHEEL_TESTS_CURATION_SERVICE_DOMAIN_CANDIDATES_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "curation_service/domain/draft_row.h"

namespace flywheel::curation {

// A candidate that its user approved of.
inline Candidate Said(const std::string& id, const std::string& input, const std::string& output,
                      double score) {
  static int64_t sequence = 0;
  Candidate candidate;
  candidate.sequence = ++sequence;
  candidate.interaction.interaction_id = id;
  candidate.interaction.input = input;
  candidate.interaction.output = output;
  candidate.score.combined = score;
  candidate.score.approval = Approval::kUser;
  return candidate;
}

inline Message Calls(const std::string& id, const std::string& tool) {
  Message message;
  message.role = Role::kAssistant;
  message.parts = {{ToolCall{id, tool, "{}"}}};
  return message;
}

inline Message Gives(const std::string& id, const std::string& content, bool success = true) {
  Message message;
  message.role = Role::kTool;
  message.parts = {{ToolResult{id, content, success}}};
  return message;
}

inline const Message kTold = TextMessage(Role::kSystem, "Always look it up.");
inline const Message kAsked = TextMessage(Role::kUser, "where");
inline const Message kAnswered = TextMessage(Role::kAssistant, "here");

// Asked after instructions, looked up and answered.
inline Candidate LookedUp(const std::string& id, double score) {
  Candidate candidate = Said(id, "where", "here", score);
  candidate.interaction.history = {kTold};
  candidate.interaction.messages = {kAsked, Calls("1", "look_up"), Gives("1", "found"), kAnswered};
  candidate.interaction.tools = {{"look_up", "Looks things up.", ""}};
  candidate.interaction.contexts = {{"d1", "It is here.", 0.5, absl::Hours(1)}};
  return candidate;
}

}  // namespace flywheel::curation

#endif  // FLYWHEEL_TESTS_CURATION_SERVICE_DOMAIN_CANDIDATES_H_
