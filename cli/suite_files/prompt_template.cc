#include "cli/suite_files/prompt_template.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "cli/suite_files/trimmed.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

using nlohmann::json;

absl::Status NotUnderstood(std::string_view what) {
  return absl::InvalidArgumentError(fmt::format("the template has '{}'", what));
}

bool IsWord(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c == '_' || c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
  });
}

// A member by its name, or an element by its number; null where there is none.
const json* StepInto(const json& value, std::string_view step) {
  if (value.is_object()) {
    const auto member = value.find(step);
    return member == value.end() ? nullptr : &*member;
  }
  size_t index = 0;
  const auto [read, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  const bool number = error == std::errc() && read == step.data() + step.size();
  return value.is_array() && number && index < value.size() ? &value[index] : nullptr;
}

// "a.b[0]", "a['b']": one step after the other.
absl::StatusOr<json> Look(std::string_view path, const json& variables) {
  const json* value = &variables;
  for (std::string_view rest = path; !rest.empty();) {
    std::string_view step;
    if (rest.front() == '[') {
      const size_t end = std::min(rest.find(']'), rest.size() - 1);
      step = Trimmed(rest.substr(1, end - 1));
      if (step.size() > 1 && (step.front() == '\'' || step.front() == '"')) {
        step = step.substr(1, step.size() - 2);
      }
      rest.remove_prefix(end + 1);
    } else {
      if (rest.front() == '.' && rest.size() < path.size()) rest.remove_prefix(1);
      const size_t end = std::min(rest.find_first_of(".["), rest.size());
      step = rest.substr(0, end);
      rest.remove_prefix(end);
    }
    if (!IsWord(step)) return NotUnderstood("{{ " + std::string(path) + " }}");
    value = StepInto(*value, step);
    if (value == nullptr) {
      return absl::InvalidArgumentError(fmt::format("no variable '{}'", path));
    }
  }
  return *value;
}

absl::StatusOr<json> Filter(json value, std::string_view filter) {
  if (filter == "safe") return value;
  if (filter == "dump") return json(value.dump());
  if (!value.is_string()) return NotUnderstood("| " + std::string(filter));
  std::string text = value.get<std::string>();
  if (filter == "trim") return json(std::string(Trimmed(text)));
  // Of ASCII: the rest would need the tables of Unicode.
  if (filter == "upper") {
    for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return json(text);
  }
  if (filter == "lower") {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return json(text);
  }
  return NotUnderstood("| " + std::string(filter));
}

absl::StatusOr<std::string> Evaluate(std::string_view expression, const json& variables) {
  const size_t pipe = std::min(expression.find('|'), expression.size());
  const std::string_view path = Trimmed(expression.substr(0, pipe));
  if (path.empty()) return NotUnderstood("{{}}");
  ASSIGN_OR_RETURN(json value, Look(path, variables));
  std::string_view filters = expression.substr(pipe);
  while (!filters.empty()) {
    filters.remove_prefix(1);
    const size_t end = std::min(filters.find('|'), filters.size());
    ASSIGN_OR_RETURN(value, Filter(std::move(value), Trimmed(filters.substr(0, end))));
    filters.remove_prefix(end);
  }
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

absl::StatusOr<std::string> RenderTemplate(std::string_view text, const json& variables) {
  std::string rendered;
  while (true) {
    const size_t begin = text.find('{');
    rendered += text.substr(0, begin);
    if (begin == std::string_view::npos) return rendered;
    text.remove_prefix(begin);
    const std::string_view mark = text.substr(0, 2);
    if (mark == "{%" || mark == "{#") {
      return NotUnderstood(text.substr(0, std::min(text.find('}'), text.size() - 1) + 1));
    }
    if (mark != "{{") {
      rendered += text.front();
      text.remove_prefix(1);
      continue;
    }
    const size_t end = text.find("}}");
    if (end == std::string_view::npos) return NotUnderstood("{{");
    std::string_view expression = text.substr(2, end - 2);
    // "{{-" and "-}}" take the white space beside them away.
    if (expression.substr(0, 1) == "-" || (!expression.empty() && expression.back() == '-')) {
      return NotUnderstood(text.substr(0, end + 2));
    }
    ASSIGN_OR_RETURN(const std::string value, Evaluate(expression, variables));
    rendered += value;
    text.remove_prefix(end + 2);
  }
}

absl::StatusOr<json> RenderTexts(const json& value, const json& variables) {
  if (value.is_string()) {
    ASSIGN_OR_RETURN(std::string text,
                     RenderTemplate(value.get_ref<const std::string&>(), variables));
    return json(std::move(text));
  }
  if (!value.is_structured()) return value;
  json rendered = value;
  for (json& one : rendered) {
    ASSIGN_OR_RETURN(one, RenderTexts(one, variables));
  }
  return rendered;
}

}  // namespace flywheel::cli
