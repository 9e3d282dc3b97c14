#include "curation_service/store/json_columns.h"

#include <nlohmann/json.hpp>

#include "shared/status/errors.h"

namespace flywheel::curation {
namespace {

using Json = nlohmann::json;

std::string Write(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

Json Read(std::string_view text) {
  return Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
}

absl::Status Damaged(std::string_view what) {
  return errors::Internal("a column of " + std::string(what) + " holds something else");
}

}  // namespace

std::string TextsToJson(const std::vector<std::string>& values) {
  return values.empty() ? "[]" : Write(Json(values));
}

absl::StatusOr<std::vector<std::string>> TextsFromJson(std::string_view text) {
  std::vector<std::string> values;
  const Json json = Read(text);
  if (!json.is_array()) return Damaged("texts");
  for (const Json& value : json) {
    if (!value.is_string()) return Damaged("texts");
    values.push_back(value.get<std::string>());
  }
  return values;
}

std::string MetricsToJson(const std::map<std::string, double>& metrics) {
  return metrics.empty() ? "{}" : Write(Json(metrics));
}

absl::StatusOr<std::map<std::string, double>> MetricsFromJson(std::string_view text) {
  std::map<std::string, double> metrics;
  const Json json = Read(text);
  if (!json.is_object()) return Damaged("metrics");
  for (const auto& [key, value] : json.items()) {
    if (!value.is_number()) return Damaged("metrics");
    metrics.emplace(key, value.get<double>());
  }
  return metrics;
}

std::string CountsToJson(const CodedCounts& counts) {
  Json json = Json::array();
  for (const auto& [code, count] : counts) json.push_back(Json::array({code, count}));
  return Write(json);
}

absl::StatusOr<CodedCounts> CountsFromJson(std::string_view text) {
  CodedCounts counts;
  const Json json = Read(text);
  if (!json.is_array()) return Damaged("counts");
  for (const Json& entry : json) {
    if (!entry.is_array() || entry.size() != 2 || !entry[0].is_number_integer() ||
        !entry[1].is_number_integer()) {
      return Damaged("counts");
    }
    counts.emplace_back(entry[0].get<int>(), entry[1].get<int64_t>());
  }
  return counts;
}

}  // namespace flywheel::curation
