#include "eval_gate_service/evaluators/strict_call.h"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace flywheel::evalgate::evaluators {
namespace {

using nlohmann::json;

// "integer", "float", "string", "boolean", "array", "object" or "null".
std::string_view TypeOf(const json& value) {
  if (value.is_number_integer()) return "integer";
  if (value.is_number()) return "float";
  return value.type_name();
}

// The types that schemas of the leaderboard and JSON Schema name, in the words of TypeOf; empty for
// others, and where `schema` names none.
std::string_view DeclaredType(const json& schema) {
  static const auto& names = *new std::map<std::string, std::string_view, std::less<>>{
      {"string", "string"}, {"any", "string"},      {"integer", "integer"}, {"number", "float"},
      {"float", "float"},   {"boolean", "boolean"}, {"array", "array"},     {"tuple", "array"},
      {"dict", "object"},   {"object", "object"}};
  if (!schema.is_object()) return "";
  const auto type = schema.find("type");
  if (type == schema.end() || !type->is_string()) return "";
  const auto found = names.find(type->get_ref<const std::string&>());
  return found == names.end() ? "" : found->second;
}

bool HasType(const json& value, std::string_view type) {
  return TypeOf(value) == type || (type == "float" && value.is_number_integer());
}

// The type of the first that is no empty text; empty where there is none.
std::string_view TypeOfFirst(const json& values) {
  for (const json& value : values) {
    if (!IsEmptyText(value)) return TypeOf(value);
  }
  return "";
}

bool HasRightType(const json& value, const json& allowed, const json& schema) {
  const std::string_view declared = DeclaredType(schema);
  const std::string_view of_allowed = TypeOfFirst(allowed);
  if (declared.empty()) return of_allowed.empty() || HasType(value, of_allowed);
  if (!HasType(value, declared)) return !of_allowed.empty() && TypeOf(value) == of_allowed;
  const auto items = schema.find("items");
  if (declared != "array" || items == schema.end()) return true;
  const std::string_view declared_item = DeclaredType(*items);
  if (declared_item.empty() || value.empty()) return true;
  // As the leaderboard does it: each element, against each allowed list until one fits.
  return std::any_of(allowed.begin(), allowed.end(), [&](const json& list) {
    return list.is_array() && std::all_of(value.begin(), value.end(), [&](const json& element) {
             return TypeOf(element) == declared_item || TypeOf(element) == TypeOfFirst(list);
           });
  });
}

// Every text in it without what the leaderboard does not look at.
json Standardised(const json& value) {
  json standard = value;
  if (value.is_string()) {
    std::string text;
    for (const char c : value.get_ref<const std::string&>()) {
      if (std::string_view(" ,./-_*^").find(c) != std::string_view::npos) continue;
      text += c == '\'' ? '"' : (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    }
    return text;
  }
  if (value.is_structured()) {
    for (json& element : standard) element = Standardised(element);
  }
  return standard;
}

bool MatchesArgument(const json& allowed, const json& value, const json& schema) {
  if (!HasRightType(value, allowed, schema)) return false;
  return IsAllowed(Standardised(allowed), Standardised(value));
}

// The value of `name`; null where there is none.
const json& Member(const json& object, std::string_view name) {
  static const json& none = *new json();
  if (!object.is_object()) return none;
  const auto found = object.find(name);
  return found == object.end() ? none : *found;
}

}  // namespace

bool MatchesStrictly(const ParsedExpectation& expected, const ParsedCall& call,
                     const json& schema) {
  if (expected.name != call.name) return false;
  const json& properties = Member(schema, "properties");
  for (const json& required : Member(schema, "required")) {
    if (!required.is_string() || !call.arguments.contains(required.get_ref<const std::string&>())) {
      return false;
    }
  }
  for (const auto& [name, value] : call.arguments.items()) {
    const auto wanted = expected.arguments.find(name);
    if (wanted == expected.arguments.end()) return false;
    if (properties.is_object() && !properties.contains(name)) return false;
    const json allowed = expected.any_of ? *wanted : json::array({*wanted});
    if (!MatchesArgument(allowed, value, Member(properties, name))) return false;
  }
  const auto items = expected.arguments.items();
  return std::all_of(items.begin(), items.end(), [&](const auto& item) {
    return call.arguments.contains(item.key()) || (expected.any_of && MayBeLeftOut(item.value()));
  });
}

}  // namespace flywheel::evalgate::evaluators
