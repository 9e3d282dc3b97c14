#include "ingest_service/otlp/attribute_view.h"

#include "ingest_service/otlp/any_value.h"

namespace flywheel::ingest {
namespace {

using opentelemetry::proto::common::v1::AnyValue;
using opentelemetry::proto::common::v1::KeyValue;

// Of names such as llm.input_messages.0.message.content; deeper ones are left out.
constexpr int kMaxKeyDepth = 12;

// Numbers stay numbers; lists and maps become the text of their JSON.
nlohmann::json Leaf(const AnyValue& value) {
  if (value.has_int_value()) return value.int_value();
  if (value.has_double_value()) return value.double_value();
  if (value.has_bool_value()) return value.bool_value();
  return ToText(value);
}

// Puts a value under its path; what contradicts an earlier name is left out.
void Insert(std::string_view path, const AnyValue& value, nlohmann::json& tree) {
  nlohmann::json* place = &tree;
  for (int depth = 0; depth < kMaxKeyDepth; ++depth) {
    const size_t dot = path.find('.');
    const std::string key(path.substr(0, dot));
    if (!place->is_object()) return;
    if (dot == std::string_view::npos) {
      if (!place->contains(key)) (*place)[key] = Leaf(value);
      return;
    }
    if (!place->contains(key)) (*place)[key] = nlohmann::json::object();
    place = &(*place)[key];
    path.remove_prefix(dot + 1);
  }
}

}  // namespace

void AttributeView::Add(const KeyValues& attributes) {
  for (const KeyValue& attribute : attributes) {
    // The first of a name counts: who adds a span before its resource lets the span win.
    values_.emplace(attribute.key(), &attribute.value());
  }
}

const AnyValue* AttributeView::Find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : found->second;
}

std::string AttributeView::Text(Names names) const {
  for (const std::string_view name : names) {
    const AnyValue* const value = Find(name);
    if (value == nullptr) continue;
    std::string text = ToText(*value);
    if (!text.empty()) return text;
  }
  return "";
}

std::optional<int64_t> AttributeView::Count(Names names) const {
  for (const std::string_view name : names) {
    const AnyValue* const value = Find(name);
    const std::optional<int64_t> count = value == nullptr ? std::nullopt : ToCount(*value);
    if (count) return count;
  }
  return std::nullopt;
}

std::optional<double> AttributeView::Number(Names names) const {
  for (const std::string_view name : names) {
    const AnyValue* const value = Find(name);
    const std::optional<double> number = value == nullptr ? std::nullopt : ToNumber(*value);
    if (number) return number;
  }
  return std::nullopt;
}

std::optional<nlohmann::json> AttributeView::Json(Names names) const {
  for (const std::string_view name : names) {
    const AnyValue* const value = Find(name);
    std::optional<nlohmann::json> json =
        value == nullptr ? std::nullopt : ParseJson(ToText(*value));
    if (json) return json;
  }
  return std::nullopt;
}

// The names are sorted, so all below a prefix stand together.
std::optional<nlohmann::json> AttributeView::Tree(std::string_view prefix) const {
  nlohmann::json tree = nlohmann::json::object();
  const std::string begin = std::string(prefix) + '.';
  for (auto place = values_.lower_bound(begin);
       place != values_.end() && place->first.starts_with(begin); ++place) {
    Insert(place->first.substr(begin.size()), *place->second, tree);
  }
  if (tree.empty()) return std::nullopt;
  return tree;
}

}  // namespace flywheel::ingest
