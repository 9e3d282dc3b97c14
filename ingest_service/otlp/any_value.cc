#include "ingest_service/otlp/any_value.h"

#include <charconv>
#include <cmath>

#include "ingest_service/otlp/json_repair.h"
#include "ingest_service/otlp/media_marks.h"

namespace flywheel::ingest {
namespace {

using opentelemetry::proto::common::v1::AnyValue;
using opentelemetry::proto::common::v1::KeyValue;

// Values nest by recursion here and in nlohmann's reader.
constexpr int kMaxValueDepth = 64;
// Beyond this, a double counts no single things any more.
constexpr double kMaxExactCount = 9e15;

// What is nested too deep becomes an empty list or map, not an error: the rest still says
// something.
nlohmann::json ToJson(const AnyValue& value, int depth) {
  switch (value.value_case()) {
    case AnyValue::kStringValue:
      return value.string_value();
    case AnyValue::kBoolValue:
      return value.bool_value();
    case AnyValue::kIntValue:
      return value.int_value();
    case AnyValue::kDoubleValue:
      return value.double_value();
    case AnyValue::kArrayValue: {
      nlohmann::json array = nlohmann::json::array();
      if (depth == kMaxValueDepth) return array;
      for (const AnyValue& item : value.array_value().values()) {
        array.push_back(ToJson(item, depth + 1));
      }
      return array;
    }
    case AnyValue::kKvlistValue: {
      nlohmann::json object = nlohmann::json::object();
      if (depth == kMaxValueDepth) return object;
      for (const KeyValue& item : value.kvlist_value().values()) {
        object[item.key()] = ToJson(item.value(), depth + 1);
      }
      return object;
    }
    case AnyValue::kBytesValue:
      return MarkOf({}, value.bytes_value());
    case AnyValue::VALUE_NOT_SET:
      return nullptr;
  }
  return nullptr;
}

// Looked at before parsing: only brackets outside of strings count.
// Dumping and freeing take a level of stack for each.
bool IsTooDeep(std::string_view json) {
  int depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxValueDepth) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

// Texts may hold bytes that are no UTF-8, which must not throw.
std::string Dump(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string ToText(const AnyValue& value) {
  if (value.has_string_value()) return value.string_value();
  return ToText(ToJson(value, 0));
}

std::optional<nlohmann::json> ParseJson(std::string_view text, bool* cut) {
  // Bare numbers and words are left as the text that they are.
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return std::nullopt;
  if (text[first] != '{' && text[first] != '[' && text[first] != '"') return std::nullopt;
  if (IsTooDeep(text)) return std::nullopt;
  nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_discarded()) return json;
  // "[note" and "{name}" are no JSON that was cut: that has texts.
  if (text[first] == '"' || text.find('"') == std::string_view::npos) return std::nullopt;
  const RepairedJson repaired = RepairJson(text);
  json = nlohmann::json::parse(repaired.text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return std::nullopt;
  if (cut != nullptr) *cut = repaired.cut;
  return json;
}

std::string ToText(const nlohmann::json& json) {
  if (json.is_null()) return "";
  if (json.is_string()) return json.get_ref<const std::string&>();
  return Dump(json);
}

std::optional<int64_t> ToCount(const AnyValue& value) {
  // Exactly, where it came exactly; by way of a double where it did not.
  if (value.has_int_value()) {
    if (value.int_value() < 0) return std::nullopt;
    return value.int_value();
  }
  const std::optional<double> number = ToNumber(value);
  if (!number || *number < 0 || *number > kMaxExactCount) return std::nullopt;
  return static_cast<int64_t>(*number);
}

std::optional<double> ToNumber(const AnyValue& value) {
  if (value.has_int_value()) return static_cast<double>(value.int_value());
  if (value.has_string_value()) return ToNumber(value.string_value());
  if (value.has_bool_value()) return value.bool_value() ? 1.0 : 0.0;
  if (!value.has_double_value() || !std::isfinite(value.double_value())) return std::nullopt;
  return value.double_value();
}

std::optional<double> ToNumber(std::string_view text) {
  // The whole text has to be the number: "5 apples" is none.
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(number)) return std::nullopt;
  return number;
}

}  // namespace flywheel::ingest
