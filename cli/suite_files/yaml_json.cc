#include "cli/suite_files/yaml_json.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/json_view.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

using nlohmann::json;

constexpr int kMostLevels = 64;
// An alias counts as often as it is used, or a short text would be a billion values.
constexpr int kMostValues = 1'000'000;

bool IsOneOf(std::string_view text, const std::vector<std::string_view>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

template <typename Number, typename... Base>
bool IsNumber(std::string_view text, Number& number, Base... base) {
  const char* const end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, number, base...);
  return !text.empty() && error == std::errc() && read == end;
}

// Of a scalar without quotes, after the core schema of YAML 1.2.2 (10.3.2).
json PlainScalar(const std::string& text) {
  if (IsOneOf(text, {"", "~", "null", "Null", "NULL"})) return nullptr;
  if (IsOneOf(text, {"true", "True", "TRUE"})) return true;
  if (IsOneOf(text, {"false", "False", "FALSE"})) return false;
  std::string_view digits = text;
  if (digits.front() == '+') digits.remove_prefix(1);
  if (digits.substr(0, 1) == "-" && text.front() == '+') return text;
  int64_t whole = 0;
  if (IsNumber(digits, whole, 10)) return whole;
  if (digits.substr(0, 2) == "0x" && IsNumber(digits.substr(2), whole, 16)) return whole;
  if (digits.substr(0, 2) == "0o" && IsNumber(digits.substr(2), whole, 8)) return whole;
  // from_chars would take "inf" and "nan" too, which are words.
  const bool numeric = digits.find_first_not_of("0123456789.eE+-") == std::string_view::npos &&
                       digits.find_first_of("0123456789") != std::string_view::npos;
  double real = 0;
  if (numeric && IsNumber(digits, real) && std::isfinite(real)) return real;
  return text;
}

class YamlReader {
 public:
  YamlReader(const std::string& name, YamlDocument& document) : name_(name), document_(document) {}

  absl::StatusOr<json> Read(const YAML::Node& node, const std::string& pointer, int level) {
    if (level > kMostLevels) return Wrong(node, "values nested deeper", "at most 64 levels");
    if (++values_ > kMostValues) return Wrong(node, "more values", "at most a million");
    switch (node.Type()) {
      case YAML::NodeType::Scalar:
        return Scalar(node);
      case YAML::NodeType::Sequence:
        return List(node, pointer, level);
      case YAML::NodeType::Map:
        return Object(node, pointer, level);
      default:
        return json(nullptr);
    }
  }

 private:
  absl::Status Wrong(const YAML::Node& node, std::string_view got, std::string_view want) const {
    return WrongInFile(fmt::format("{}:{}", name_, node.Mark().line + 1), got, want);
  }

  absl::StatusOr<json> Scalar(const YAML::Node& node) const {
    const std::string& text = node.Scalar();
    // "!" is what the library says of a text in quotes, "?" of a plain one.
    const bool plain = node.Tag() == "?" || node.Tag().empty();
    json value = plain ? PlainScalar(text) : json(text);
    // Everything that follows relies on it.
    if (json(text).dump(-1, ' ', false, json::error_handler_t::ignore).size() !=
        json(text).dump(-1, ' ', false, json::error_handler_t::replace).size()) {
      return Wrong(node, "a text that is no UTF-8", "UTF-8");
    }
    return value;
  }

  absl::StatusOr<json> List(const YAML::Node& node, const std::string& pointer, int level) {
    json list = json::array();
    for (size_t i = 0; i < node.size(); ++i) {
      const std::string place = fmt::format("{}/{}", pointer, i);
      const YAML::Node element = node[i];
      if (!element.IsScalar()) document_.lines[place] = element.Mark().line + 1;
      ASSIGN_OR_RETURN(json value, Read(element, place, level + 1));
      list.push_back(std::move(value));
    }
    return list;
  }

  absl::StatusOr<json> Object(const YAML::Node& node, const std::string& pointer, int level) {
    json object = json::object();
    json merged = json::object();
    for (const auto& member : node) {
      if (!member.first.IsScalar()) return Wrong(member.first, "a key that is no text", "a text");
      const std::string& key = member.first.Scalar();
      ASSIGN_OR_RETURN(json value,
                       Read(member.second, fmt::format("{}/{}", pointer, key), level + 1));
      if (key == "<<") {
        Merge(value, merged);
      } else {
        object[key] = std::move(value);
      }
    }
    // What the object says itself wins.
    for (auto& [key, value] : merged.items()) {
      if (!object.contains(key)) object[key] = value;
    }
    return object;
  }

  // Of several objects the first that has a key wins.
  static void Merge(const json& value, json& merged) {
    if (value.is_object()) {
      merged.insert(value.begin(), value.end());
    } else if (value.is_array()) {
      for (const json& one : value) Merge(one, merged);
    }
  }

  const std::string& name_;
  YamlDocument& document_;
  int values_ = 0;
};

}  // namespace

absl::StatusOr<YamlDocument> ReadYaml(const std::string& text, const std::string& name) {
  // The library throws.
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.size() > 1) {
      return WrongInFile(name, fmt::format("{} documents", documents.size()), "one");
    }
    YamlDocument document;
    if (documents.empty()) return document;
    ASSIGN_OR_RETURN(document.value, YamlReader(name, document).Read(documents.front(), "", 0));
    return document;
  } catch (const YAML::Exception& error) {
    return WrongInFile(fmt::format("{}:{}", name, error.mark.line + 1),
                       fmt::format("malformed YAML ({})", error.msg), "YAML");
  }
}

}  // namespace flywheel::cli
