#include "eval_gate_service/evaluators/parameters.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "eval_gate_service/evaluators/json_values.h"

namespace flywheel::evalgate::evaluators {
namespace {

constexpr size_t kMaxParameterBytes = 10'000;
constexpr size_t kMaxTexts = 1'000;

bool IsText(const nlohmann::json& value) {
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  return !text.empty() && text.size() <= kMaxParameterBytes;
}

}  // namespace

std::string CanonicalParameters(std::string_view json) {
  const auto values = nlohmann::json::parse(json, /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (!values.is_object() || values.empty()) return "";
  return values.dump(/*indent=*/-1, ' ', /*ensure_ascii=*/false,
                     nlohmann::json::error_handler_t::replace);
}

absl::StatusOr<Parameters> Parameters::Parse(std::string_view json) {
  std::optional<nlohmann::json> values = ParseArguments(json);
  if (!values) {
    return errors::InvalidArgument(
        "parameters", "no JSON object",
        fmt::format("an object, at most {} levels deep, or nothing", kMaxJsonNesting));
  }
  return Parameters(*std::move(values));
}

const nlohmann::json* Parameters::Find(std::string_view name) {
  known_.emplace(name);
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &*found;
}

void Parameters::Wrong(std::string_view name, const nlohmann::json& got, std::string_view want) {
  Violation(name, fmt::format("got {}, want {}", Brief(got), want));
}

void Parameters::Violation(std::string_view name, std::string_view description) {
  violations_.push_back({fmt::format("parameters.{}", name), std::string(description)});
}

bool Parameters::Flag(std::string_view name, bool default_value) {
  const nlohmann::json* value = Find(name);
  if (value == nullptr) return default_value;
  if (value->is_boolean()) return value->get<bool>();
  Wrong(name, *value, "true or false");
  return default_value;
}

std::optional<double> Parameters::Number(std::string_view name, double least, double most) {
  const nlohmann::json* value = Find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) {
    const double number = value->get<double>();
    if (number >= least && number <= most) return number;
  }
  Wrong(name, *value, fmt::format("a number from {} to {}", least, most));
  return std::nullopt;
}

double Parameters::Number(std::string_view name, double default_value, double least, double most) {
  return Number(name, least, most).value_or(default_value);
}

std::optional<int64_t> Parameters::Integer(std::string_view name, int64_t least, int64_t most) {
  const nlohmann::json* value = Find(name);
  if (value == nullptr) return std::nullopt;
  // What is above the largest int64_t is unsigned.
  if (value->is_number_integer() && (!value->is_number_unsigned() ||
                                     value->get<uint64_t>() <= static_cast<uint64_t>(INT64_MAX))) {
    const auto number = value->get<int64_t>();
    if (number >= least && number <= most) return number;
  }
  Wrong(name, *value, fmt::format("an integer from {} to {}", least, most));
  return std::nullopt;
}

std::string Parameters::Text(std::string_view name) {
  const nlohmann::json* value = Find(name);
  if (value == nullptr) return "";
  if (IsText(*value)) return value->get<std::string>();
  Wrong(name, *value, fmt::format("a text of 1 to {} bytes", kMaxParameterBytes));
  return "";
}

std::string Parameters::OneOf(std::string_view name, const std::vector<std::string>& allowed) {
  const nlohmann::json* value = Find(name);
  if (value == nullptr) return allowed.front();
  for (const std::string& one : allowed) {
    if (*value == one) return one;
  }
  Wrong(name, *value, fmt::format("one of {}", fmt::join(allowed, ", ")));
  return allowed.front();
}

std::vector<std::string> Parameters::Texts(std::string_view name) {
  const nlohmann::json* value = Find(name);
  if (value == nullptr) return {};
  if (value->is_array() && !value->empty() && value->size() <= kMaxTexts &&
      std::all_of(value->begin(), value->end(), IsText)) {
    return value->get<std::vector<std::string>>();
  }
  Wrong(name, *value,
        fmt::format("a list of 1 to {} texts of 1 to {} bytes", kMaxTexts, kMaxParameterBytes));
  return {};
}

nlohmann::json Parameters::Value(std::string_view name) {
  const nlohmann::json* value = Find(name);
  return value == nullptr ? nlohmann::json() : *value;
}

absl::Status Parameters::Check() const {
  std::vector<errors::FieldViolation> violations = violations_;
  for (const auto& [name, value] : values_.items()) {
    if (known_.contains(name)) continue;
    violations.push_back(
        {"parameters",
         fmt::format("got the unknown {}, want {}", Brief(name),
                     known_.empty() ? "none" : fmt::format("{}", fmt::join(known_, ", ")))});
  }
  return violations.empty() ? absl::OkStatus() : errors::InvalidArgument(violations);
}

}  // namespace flywheel::evalgate::evaluators
