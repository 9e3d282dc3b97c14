#include "shared/sql/text_map.h"

#include <nlohmann/json.hpp>

#include "shared/status/errors.h"

namespace flywheel::sql {
namespace {

using Json = nlohmann::json;

absl::Status NoMap() {
  return errors::Internal("a column of names and values holds something else");
}

}  // namespace

std::string TextMapToJson(const std::map<std::string, std::string>& values) {
  if (values.empty()) return "{}";
  return Json(values).dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

absl::StatusOr<std::map<std::string, std::string>> TextMapFromJson(std::string_view json) {
  const Json parsed = Json::parse(json.begin(), json.end(), nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object()) return NoMap();
  std::map<std::string, std::string> values;
  for (const auto& [name, value] : parsed.items()) {
    if (!value.is_string()) return NoMap();
    values.emplace(name, value.get<std::string>());
  }
  return values;
}

}  // namespace flywheel::sql
