#include "eval_gate_service/store/bar_text.h"

#include <nlohmann/json.hpp>

#include "eval_gate_service/store/evaluators_text.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

std::string Dump(const nlohmann::json& json) {
  // Never throws, should a text ever hold what is no UTF-8.
  return json.dump(/*indent=*/-1, ' ', /*ensure_ascii=*/false,
                   nlohmann::json::error_handler_t::replace);
}

nlohmann::json Parse(std::string_view text) {
  return nlohmann::json::parse(text, /*cb=*/nullptr, /*allow_exceptions=*/false);
}

template <typename Number>
void Take(const nlohmann::json& json, const char* name, Number& number) {
  const auto found = json.find(name);
  if (found != json.end() && found->is_number()) number = found->get<Number>();
}

absl::StatusOr<std::vector<std::string>> NamesFromJson(const nlohmann::json& json) {
  if (!json.is_array()) return errors::Internal("a column of names holds no JSON array");
  std::vector<std::string> names;
  for (const auto& name : json) {
    if (!name.is_string()) return errors::Internal("a column of names holds something else");
    names.push_back(name.get<std::string>());
  }
  return names;
}

}  // namespace

std::string BarToText(const Bar& bar) {
  nlohmann::json json = {{"pass_rate_floor", bar.pass_rate_floor},
                         {"cohort_floors", bar.cohort_floors},
                         {"non_inferiority_margin", bar.non_inferiority_margin},
                         {"cohort_margin", bar.cohort_margin},
                         {"cohort_margin_cases", bar.cohort_margin_cases},
                         {"alpha", bar.alpha},
                         {"min_cohort_cases", bar.min_cohort_cases},
                         {"least_cases", bar.least_cases}};
  // Bars of before there were these keep their texts, by which they are stored.
  const Bar other;
  if (bar.repeat_rule != other.repeat_rule) {
    json["repeat_rule"] = static_cast<int>(bar.repeat_rule);
  }
  if (bar.least_attempts != other.least_attempts) json["least_attempts"] = bar.least_attempts;
  if (bar.point_floor != other.point_floor) json["point_floor"] = bar.point_floor;
  if (!bar.evaluators.empty()) json["evaluators"] = EvaluatorsToText(bar.evaluators);
  if (!bar.cohort_labels.empty()) json["cohort_labels"] = bar.cohort_labels;
  return Dump(json);
}

absl::StatusOr<Bar> BarFromText(std::string_view text) {
  const nlohmann::json json = Parse(text);
  if (!json.is_object()) return errors::Internal("a column of a bar holds no JSON object");
  Bar bar;
  Take(json, "pass_rate_floor", bar.pass_rate_floor);
  Take(json, "non_inferiority_margin", bar.non_inferiority_margin);
  Take(json, "cohort_margin", bar.cohort_margin);
  Take(json, "cohort_margin_cases", bar.cohort_margin_cases);
  Take(json, "alpha", bar.alpha);
  Take(json, "min_cohort_cases", bar.min_cohort_cases);
  Take(json, "least_cases", bar.least_cases);
  Take(json, "least_attempts", bar.least_attempts);
  Take(json, "point_floor", bar.point_floor);
  const auto evaluators = json.find("evaluators");
  if (evaluators != json.end() && evaluators->is_string()) {
    ASSIGN_OR_RETURN(bar.evaluators, EvaluatorsFromText(evaluators->get<std::string>()));
  }
  const auto labels = json.find("cohort_labels");
  if (labels != json.end()) {
    ASSIGN_OR_RETURN(bar.cohort_labels, NamesFromJson(*labels));
  }
  auto rule = static_cast<int>(bar.repeat_rule);
  Take(json, "repeat_rule", rule);
  bar.repeat_rule = static_cast<RepeatRule>(rule);
  const auto floors = json.find("cohort_floors");
  if (floors == json.end() || !floors->is_object()) return bar;
  for (const auto& [cohort, floor] : floors->items()) {
    if (floor.is_number()) bar.cohort_floors[cohort] = floor.get<double>();
  }
  return bar;
}

std::string NamesToText(const std::vector<std::string>& names) {
  return Dump(nlohmann::json(names));
}

absl::StatusOr<std::vector<std::string>> NamesFromText(std::string_view text) {
  return NamesFromJson(Parse(text));
}

}  // namespace flywheel::evalgate
