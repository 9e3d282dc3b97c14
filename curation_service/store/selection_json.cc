#include "curation_service/store/selection_json.h"

#include <nlohmann/json.hpp>

#include "shared/status/errors.h"

namespace flywheel::curation {
namespace {

using Json = nlohmann::json;

std::string Write(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

template <typename Value>
void Put(const char* name, const Value& value, const Value& usual, Json& json) {
  if (value != usual) json[name] = value;
}

template <typename Code>
void PutCodes(const char* name, const std::vector<Code>& codes, Json& json) {
  for (const Code code : codes) json[name].push_back(static_cast<int>(code));
}

// Ends of a range have no time of their own.
void PutTime(const char* name, absl::Time time, absl::Time none, Json& json) {
  if (time != none) json[name] = absl::ToUnixMicros(time);
}

// A text that is damaged makes these throw, as the library does.
template <typename Value>
void Get(const char* name, const Json& json, Value& value) {
  if (const auto found = json.find(name); found != json.end()) value = found->get<Value>();
}

template <typename Code>
void GetCodes(const char* name, const Json& json, std::vector<Code>& codes) {
  std::vector<int> numbers;
  Get(name, json, numbers);
  for (const int number : numbers) codes.push_back(static_cast<Code>(number));
}

void GetTime(const char* name, const Json& json, absl::Time& time) {
  if (const auto found = json.find(name); found != json.end()) {
    time = absl::FromUnixMicros(found->get<int64_t>());
  }
}

const Json& Object(const char* name, const Json& json) {
  const Json& object = json.at(name);
  object.get_ref<const Json::object_t&>();  // Throws for anything else.
  return object;
}

Json ToJson(const CandidateFilter& filter) {
  Json json = Json::object();
  const CandidateFilter usual;
  Put("model_versions", filter.model_versions, usual.model_versions, json);
  Put("prompt_versions", filter.prompt_versions, usual.prompt_versions, json);
  Put("labels", filter.labels, usual.labels, json);
  PutCodes("sources", filter.sources, json);
  PutCodes("tiers", filter.tiers, json);
  PutTime("start_time_from_us", filter.start_time_from, usual.start_time_from, json);
  PutTime("start_time_before_us", filter.start_time_before, usual.start_time_before, json);
  return json;
}

CandidateFilter FilterOf(const Json& json) {
  CandidateFilter filter;
  Get("model_versions", json, filter.model_versions);
  Get("prompt_versions", json, filter.prompt_versions);
  Get("labels", json, filter.labels);
  GetCodes("sources", json, filter.sources);
  GetCodes("tiers", json, filter.tiers);
  GetTime("start_time_from_us", json, filter.start_time_from);
  GetTime("start_time_before_us", json, filter.start_time_before);
  return filter;
}

Json ToJson(const RowBudget& budget) {
  Json json = {{"rows", budget.rows}};
  Put("seed", budget.seed, int64_t{0}, json);
  Put("fill", budget.fill, false, json);
  return json;
}

RowBudget BudgetOf(const Json& json) {
  RowBudget budget;
  Get("rows", json, budget.rows);
  Get("seed", json, budget.seed);
  Get("fill", json, budget.fill);
  return budget;
}

Json ToJson(const SegmentBalance& segments) {
  Json json = {{"max_share", segments.max_share}, {"max_weight", segments.max_weight}};
  Put("attribute", segments.attribute, std::string(), json);
  Put("weights", segments.weights, {}, json);
  Put("weight_by_use", segments.weight_by_use, false, json);
  return json;
}

SegmentBalance SegmentsOf(const Json& json) {
  SegmentBalance segments;
  Get("attribute", json, segments.attribute);
  Get("max_share", json, segments.max_share);
  Get("weights", json, segments.weights);
  Get("weight_by_use", json, segments.weight_by_use);
  Get("max_weight", json, segments.max_weight);
  return segments;
}

Selection SelectionOf(const Json& json) {
  Selection selection;
  if (json.contains("filter")) selection.filter = FilterOf(Object("filter", json));
  if (json.contains("budget")) selection.budget = BudgetOf(Object("budget", json));
  if (json.contains("segments")) selection.segments = SegmentsOf(Object("segments", json));
  if (json.contains("synthetic")) {
    SyntheticLimit& synthetic = selection.synthetic.emplace();
    Get("max_rows", Object("synthetic", json), synthetic.max_rows);
    Get("real_rows", json.at("synthetic"), synthetic.real_rows);
  }
  return selection;
}

absl::Status Damaged(std::string_view what) {
  return errors::Internal("a column of " + std::string(what) + " holds something else");
}

}  // namespace

std::string SelectionToJson(const Selection& selection) {
  Json json = Json::object();
  if (selection.filter) json["filter"] = ToJson(*selection.filter);
  if (selection.budget) json["budget"] = ToJson(*selection.budget);
  if (selection.segments) json["segments"] = ToJson(*selection.segments);
  if (selection.synthetic) {
    json["synthetic"] = {{"max_rows", selection.synthetic->max_rows},
                         {"real_rows", selection.synthetic->real_rows}};
  }
  return Write(json);
}

absl::StatusOr<Selection> SelectionFromJson(std::string_view text) {
  const Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return Damaged("selections");
  try {
    return SelectionOf(json);
  } catch (const Json::exception&) {
    return Damaged("selections");
  }
}

std::string TierRemovalsToJson(const std::vector<TierRemoval>& removals) {
  Json json = Json::array();
  for (const TierRemoval& removal : removals) {
    json.push_back(Json::array(
        {static_cast<int>(removal.reason), static_cast<int>(removal.tier), removal.rows}));
  }
  return Write(json);
}

absl::StatusOr<std::vector<TierRemoval>> TierRemovalsFromJson(std::string_view text) {
  const Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!json.is_array()) return Damaged("counts by tier");
  std::vector<TierRemoval> removals;
  for (const Json& entry : json) {
    const bool whole = entry.is_array() && entry.size() == 3 && entry[0].is_number_integer() &&
                       entry[1].is_number_integer() && entry[2].is_number_integer();
    if (!whole) return Damaged("counts by tier");
    removals.push_back({static_cast<RemovalReason>(entry[0].get<int>()),
                        static_cast<Tier>(entry[1].get<int>()), entry[2].get<int64_t>()});
  }
  return removals;
}

}  // namespace flywheel::curation
