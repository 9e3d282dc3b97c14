#include "examples/tool_agent/tool_policy.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "shared/status/errors.h"

namespace flywheel::example {
namespace {

// Before a key of the profile that stands for its value.
constexpr char kPlaceholder = '$';

// The call with the profile's values replaced by their keys, as the model's label.
std::string LabelOf(const common::v1::ToolCall& call, const Profile& profile) {
  auto arguments = nlohmann::json::parse(call.arguments_json(), nullptr, false);
  for (auto& argument : arguments) {
    for (const auto& [key, value] : profile) {
      if (argument == value) argument = kPlaceholder + key;
    }
  }
  return call.name() + " " + arguments.dump();
}

common::v1::ToolCall CallOf(const std::string& label, const Profile& profile) {
  const size_t separator = label.find(' ');
  auto arguments = nlohmann::json::parse(label.substr(separator + 1), nullptr, false);
  for (auto& argument : arguments) {
    if (!argument.is_string()) continue;
    const std::string value = argument.get<std::string>();
    if (value.empty() || value[0] != kPlaceholder) continue;
    const auto known = profile.find(value.substr(1));
    if (known != profile.end()) argument = known->second;
  }
  common::v1::ToolCall call;
  call.set_name(label.substr(0, separator));
  call.set_arguments_json(arguments.dump());
  return call;
}

// One word, whatever the model's tokens are.
std::string WordOf(std::string_view text) {
  std::string word;
  std::copy_if(text.begin(), text.end(), std::back_inserter(word),
               [](unsigned char c) { return std::isalnum(c) != 0; });
  return word;
}

common::v1::ToolCall ReadToolCall(const nlohmann::json& json) {
  common::v1::ToolCall call;
  const auto& function = json.at("function");
  call.set_name(function.value("name", ""));
  call.set_arguments_json(function.value("arguments", "{}"));
  return call;
}

}  // namespace

void Situation::Add(const common::v1::Message& message) {
  for (const common::v1::Part& part : message.parts()) {
    if (part.has_tool_call()) previous = part.tool_call();
    if (message.role() == common::v1::ROLE_SYSTEM) profile = ReadProfile(part.text());
    if (message.role() == common::v1::ROLE_USER) text = part.text();
  }
}

std::string Situation::Features() const {
  if (previous.name().empty()) return text;
  return text + " after" + WordOf(LabelOf(previous, profile));
}

absl::StatusOr<std::optional<TrainingExample>> ToolPolicy::ReadCall(const nlohmann::json& line) {
  Situation situation;
  std::optional<common::v1::ToolCall> next;
  for (const auto& message : line["messages"]) {
    const std::string role = message.value("role", "");
    const bool speaks = message.contains("content") && message["content"].is_string();
    const std::string content = speaks ? message["content"].get<std::string>() : "";
    if (role == "system") situation.profile = ReadProfile(content);
    if (role == "user") {
      // What was called until now was the answer to earlier words.
      if (next) situation.previous = *next;
      next.reset();
      situation.text = content;
    }
    if (!next && message.contains("tool_calls")) next = ReadToolCall(message["tool_calls"].at(0));
  }
  if (situation.text.empty()) {
    return errors::Internal("curation exported a line without a customer: " + line.dump());
  }
  if (!next) return std::nullopt;
  return TrainingExample{situation.Features(), LabelOf(*next, situation.profile)};
}

Choice ToolPolicy::Choose(const Situation& situation) const {
  const std::vector<Guess> guesses = model_->Predict(situation.Features(), 1);
  if (guesses.empty()) return {};
  return {CallOf(guesses[0].intent, situation.profile), guesses[0].confidence};
}

}  // namespace flywheel::example
