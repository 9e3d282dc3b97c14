#include "ingest_service/http/json_field.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"

namespace flywheel::ingest {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// These are hexadecimal in OTLP; all other bytes are base64 as in protobuf's JSON.
bool IsHexadecimal(const FieldDescriptor& field) {
  const std::string& name = field.name();
  return name == "trace_id" || name == "span_id" || name == "parent_span_id";
}

std::optional<std::string> FromHex(std::string_view text) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(16 * high + low);
  }
  return bytes;
}

// Both alphabets, as protobuf's own JSON takes.
std::optional<std::string> FromBase64(const std::string& text) {
  std::string bytes;
  if (absl::Base64Unescape(text, &bytes) || absl::WebSafeBase64Unescape(text, &bytes)) return bytes;
  return std::nullopt;
}

// A double that is a whole number of the type; JavaScript has no others above 2^53.
template <typename Number>
std::optional<Number> Whole(double value) {
  // The limits as doubles: the upper one is rounded up to the first number beyond the type.
  constexpr double kBelow = static_cast<double>(std::numeric_limits<Number>::max());
  constexpr double kLeast = static_cast<double>(std::numeric_limits<Number>::min());
  const bool fits = sizeof(Number) < sizeof(double) ? value <= kBelow : value < kBelow;
  if (!(value >= kLeast) || !fits || value != std::trunc(value)) return std::nullopt;
  return static_cast<Number>(value);
}

template <typename Number>
std::optional<Number> FromText(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

template <typename Number>
// 64-bit numbers come as texts, because JavaScript cannot hold them; small ones as either.
std::optional<Number> ToInteger(const JsonScalar& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) {
    if (std::in_range<Number>(*number)) return static_cast<Number>(*number);
  } else if (const auto* positive = std::get_if<uint64_t>(&value)) {
    if (std::in_range<Number>(*positive)) return static_cast<Number>(*positive);
  } else if (const auto* real = std::get_if<double>(&value)) {
    return Whole<Number>(*real);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    return FromText<Number>(*text);
  }
  return std::nullopt;
}

std::optional<double> ToDouble(const JsonScalar& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return static_cast<double>(*number);
  if (const auto* positive = std::get_if<uint64_t>(&value)) return static_cast<double>(*positive);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  if (*text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (*text == "Infinity") return std::numeric_limits<double>::infinity();
  if (*text == "-Infinity") return -std::numeric_limits<double>::infinity();
  return FromText<double>(*text);
}

bool SetEnum(Message& message, const FieldDescriptor& field, const JsonScalar& value) {
  const Reflection& reflection = *message.GetReflection();
  // By name, or by number; a number in quotes is one too.
  if (const auto* name = std::get_if<std::string>(&value)) {
    if (const auto* named = field.enum_type()->FindValueByName(*name)) {
      reflection.SetEnum(&message, &field, named);
      return true;
    }
  }
  const auto number = ToInteger<int32_t>(value);
  if (number) reflection.SetEnumValue(&message, &field, *number);
  return number.has_value();
}

bool SetText(Message& message, const FieldDescriptor& field, const JsonScalar& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return false;
  std::optional<std::string> decoded = *text;
  // Bytes: hexadecimal for ids, base64 for all else.
  if (field.type() == FieldDescriptor::TYPE_BYTES) {
    decoded = IsHexadecimal(field) ? FromHex(*text) : FromBase64(*text);
  }
  if (!decoded) return false;
  message.GetReflection()->SetString(&message, &field, *std::move(decoded));
  return true;
}

// `set` is the method of Reflection for numbers of this type.
template <typename Number>
bool SetInteger(Message& message, const FieldDescriptor& field, const JsonScalar& value,
                void (Reflection::*set)(Message*, const FieldDescriptor*, Number) const) {
  const auto number = ToInteger<Number>(value);
  if (number) (message.GetReflection()->*set)(&message, &field, *number);
  return number.has_value();
}

}  // namespace

bool SetField(Message& message, const FieldDescriptor& field, const JsonScalar& value) {
  // OTLP has lists of messages only.
  if (field.is_repeated()) return false;
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return SetInteger(message, field, value, &Reflection::SetInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return SetInteger(message, field, value, &Reflection::SetInt64);
    case FieldDescriptor::CPPTYPE_UINT32:
      return SetInteger(message, field, value, &Reflection::SetUInt32);
    case FieldDescriptor::CPPTYPE_UINT64:
      return SetInteger(message, field, value, &Reflection::SetUInt64);
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      const auto number = ToDouble(value);
      if (number) reflection.SetDouble(&message, &field, *number);
      return number.has_value();
    }
    case FieldDescriptor::CPPTYPE_BOOL: {
      const bool* truth = std::get_if<bool>(&value);
      if (truth != nullptr) reflection.SetBool(&message, &field, *truth);
      return truth != nullptr;
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      return SetEnum(message, field, value);
    case FieldDescriptor::CPPTYPE_STRING:
      return SetText(message, field, value);
    default:  // A message, and float, which OTLP does not have.
      return false;
  }
}

std::string WantOf(const FieldDescriptor& field) {
  if (field.is_repeated()) return "an array of objects";
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return "an object";
    case FieldDescriptor::CPPTYPE_BOOL:
      return "true or false";
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return "a number";
    case FieldDescriptor::CPPTYPE_ENUM:
      return "a value of " + field.enum_type()->full_name();
    case FieldDescriptor::CPPTYPE_STRING:
      if (field.type() == FieldDescriptor::TYPE_STRING) return "a text";
      return IsHexadecimal(field) ? "hexadecimal digits in pairs" : "base64";
    default:
      return "a whole number of its size";
  }
}

}  // namespace flywheel::ingest
