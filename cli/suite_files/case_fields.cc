#include "cli/suite_files/case_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "cli/chat_messages.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {

using evalgate::v1::UploadedCase;
using nlohmann::json;
namespace {

// Of the contract.
constexpr size_t kMostLabelNameBytes = 64;
constexpr size_t kMostLabelBytes = 256;
constexpr size_t kMostLabels = 64;

}  // namespace

std::optional<JsonView> MemberOf(const json& object, const std::string& place, const char* name) {
  const auto member = object.find(name);
  if (member == object.end() || member->is_null()) return std::nullopt;
  return JsonView(*member, fmt::format("{}: {}", place, name));
}

absl::Status ReadQuestion(const JsonView& value, UploadedCase& one) {
  if (value.value().is_array()) {
    ASSIGN_OR_RETURN(std::vector<common::v1::Message> messages, ReadChatMessages(value));
    if (messages.empty()) return value.Wrong("at least one message");
    for (common::v1::Message& message : messages) {
      // What says nothing is no message of the contract.
      if (!message.parts().empty()) *one.add_prompt() = std::move(message);
    }
    if (one.prompt().empty()) return value.Wrong("a message that says something");
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::string text, value.Text());
  if (text.empty()) return value.Wrong("a text, or messages");
  one.set_input(text);
  return absl::OkStatus();
}

absl::Status ReadIdeals(const JsonView& value, UploadedCase& one) {
  if (!value.value().is_array()) {
    if (!value.value().is_string()) return value.Wrong("a text or a list of texts");
    ASSIGN_OR_RETURN(const std::string text, value.Text());
    if (!text.empty()) one.add_ideal_outputs(text);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::vector<JsonView> items, value.Items());
  for (const JsonView& item : items) {
    ASSIGN_OR_RETURN(const std::string text, item.Text());
    if (!text.empty()) one.add_ideal_outputs(text);
  }
  return absl::OkStatus();
}

absl::Status ReadExpectedCalls(const JsonView& value, UploadedCase& one) {
  ASSIGN_OR_RETURN(const std::vector<JsonView> items, value.Items());
  // Also of an empty list: no call is right.
  evalgate::v1::ExpectedToolCalls& expected = *one.mutable_expected_tool_calls();
  for (const JsonView& item : items) {
    evalgate::v1::ExpectedToolCall& call = *expected.add_calls();
    ASSIGN_OR_RETURN(const JsonView name, item.Field("name"));
    ASSIGN_OR_RETURN(*call.mutable_name(), name.Text());
    if (const auto any_of = item.OptionalField("any_of")) {
      if (!any_of->value().is_boolean()) return any_of->Wrong("true or false");
      call.set_any_of(any_of->value().get<bool>());
    }
    const auto arguments = item.OptionalField("arguments");
    if (!arguments) continue;
    json given = arguments->value();
    if (given.is_string()) {
      ASSIGN_OR_RETURN(given, ParseJson(given.get<std::string>(), arguments->where()));
    }
    if (!given.is_object()) return arguments->Wrong("an object, or a text that is one");
    call.set_arguments_json(given.dump());
  }
  return absl::OkStatus();
}

absl::Status ReadToolDefinitions(const JsonView& value, UploadedCase& one) {
  json list = value.value();
  if (!list.is_array()) return value.Wrong("a list of definitions");
  for (json& tool : list) {
    if (tool.is_object() && !tool.contains("function")) {
      tool = {{"type", "function"}, {"function", std::move(tool)}};
    }
  }
  return ReadTools(JsonView(list, value.where()), *one.mutable_tools());
}

absl::Status ReadContexts(const JsonView& value, UploadedCase& one) {
  if (value.value().is_string()) {
    ASSIGN_OR_RETURN(*one.add_contexts()->mutable_text(), value.Text());
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::vector<JsonView> items, value.Items());
  for (const JsonView& item : items) {
    common::v1::RetrievedContext& context = *one.add_contexts();
    if (item.value().is_string()) {
      ASSIGN_OR_RETURN(*context.mutable_text(), item.Text());
      continue;
    }
    ASSIGN_OR_RETURN(const JsonView text, item.Field("text"));
    ASSIGN_OR_RETURN(*context.mutable_text(), text.Text());
    if (const auto id = item.OptionalField("document_id")) {
      ASSIGN_OR_RETURN(*context.mutable_document_id(), id->TextOrInteger());
    }
    if (const auto score = item.OptionalField("score")) {
      ASSIGN_OR_RETURN(const double number, score->Number());
      context.set_score(number);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<evalgate::v1::EvaluatorSpec> ReadEvaluator(const JsonView& value) {
  evalgate::v1::EvaluatorSpec spec;
  ASSIGN_OR_RETURN(const JsonView kind, value.Field("kind"));
  ASSIGN_OR_RETURN(*spec.mutable_kind(), kind.Text());
  for (const auto& [name, member] : value.value().items()) {
    if (name == "kind") continue;
    const JsonView view(member, fmt::format("{}.{}", value.where(), name));
    if (name == "threshold") {
      ASSIGN_OR_RETURN(const double threshold, view.Number());
      spec.set_threshold(threshold);
    } else if (name == "parameters") {
      if (!member.is_object()) return view.Wrong("an object");
      spec.set_parameters_json(member.dump());
    } else if (name == "id") {
      ASSIGN_OR_RETURN(*spec.mutable_evaluator_id(), view.Text());
    } else if (name == "informative") {
      if (!member.is_boolean()) return view.Wrong("true or false");
      spec.set_informative(member.get<bool>());
    } else {
      return view.Wrong("one of kind, parameters, threshold, id and informative");
    }
  }
  return spec;
}

absl::Status ReadChecks(const JsonView& value, UploadedCase& one) {
  ASSIGN_OR_RETURN(const std::vector<JsonView> items, value.Items());
  for (const JsonView& item : items) {
    ASSIGN_OR_RETURN(*one.add_checks(), ReadEvaluator(item));
  }
  return absl::OkStatus();
}

absl::Status ReadLabels(const JsonView& value, UploadedCase& one) {
  if (!value.value().is_object()) return value.Wrong("an object of texts");
  for (const auto& [name, given] : value.value().items()) {
    if (given.is_structured() || given.is_null()) {
      return JsonView(given, value.where() + "." + name).Wrong("a text");
    }
    (*one.mutable_labels())[name] = AnswerTextOf(given);
  }
  return absl::OkStatus();
}

bool AddLabel(const std::string& name, const json& value, UploadedCase& one) {
  if (value.is_null()) return true;
  const std::string text = value.is_structured() ? "" : AnswerTextOf(value);
  if (text.empty()) return value.is_string();
  const auto is_clean = [](const std::string& word) {
    return std::none_of(word.begin(), word.end(), [](char c) { return c >= 0 && c < ' '; });
  };
  const auto& ideals = one.ideal_outputs();
  if (std::find(ideals.begin(), ideals.end(), text) != ideals.end()) return false;
  if (name.empty() || name.size() > kMostLabelNameBytes || text.size() > kMostLabelBytes ||
      !is_clean(name) || !is_clean(text) || one.labels().size() >= kMostLabels) {
    return false;
  }
  (*one.mutable_labels())[name] = text;
  return true;
}

std::string AnswerTextOf(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace flywheel::cli
