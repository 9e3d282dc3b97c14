#include "curation_service/store/dataset_options_column.h"

#include <exception>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "curation_service/store/selection_json.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

using Json = nlohmann::json;

constexpr char kEvalShare[] = "eval_share";
constexpr char kCohortAttribute[] = "cohort_attribute";
constexpr char kSkipLabelReview[] = "skip_label_review";
constexpr char kGroupAttributes[] = "group_attributes";
constexpr char kBlockSimilarity[] = "block_similarity";
constexpr char kReviewSimilarity[] = "review_similarity";
constexpr char kMaxPersonShare[] = "max_person_share";
constexpr char kSelection[] = "selection";

// Reads the value of `name` into `value`, which stays as it is where there is none; false for a
// value of another type.
template <typename T>
bool Read(const Json& json, const char* name, T& value) {
  const auto found = json.find(name);
  if (found == json.end()) return true;
  try {
    value = found->get<T>();
  } catch (const std::exception&) {
    return false;
  }
  return true;
}

}  // namespace

std::string OptionsToJson(const DatasetOptions& options) {
  const DatasetOptions defaults;
  Json json = Json::object();
  json[kEvalShare] = options.eval_share;
  if (options.cohort_attribute != defaults.cohort_attribute) {
    json[kCohortAttribute] = options.cohort_attribute;
  }
  if (options.skip_label_review) json[kSkipLabelReview] = true;
  if (!options.group_attributes.empty()) json[kGroupAttributes] = options.group_attributes;
  json[kBlockSimilarity] = options.block_similarity;
  json[kReviewSimilarity] = options.review_similarity;
  json[kMaxPersonShare] = options.max_person_share;
  if (!options.selection.empty()) {
    json[kSelection] = Json::parse(SelectionToJson(options.selection));
  }
  return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

absl::StatusOr<DatasetOptions> OptionsFromJson(std::string agent, std::string_view text) {
  const Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  DatasetOptions options;
  options.agent = std::move(agent);
  if (!json.is_object() || !Read(json, kEvalShare, options.eval_share) ||
      !Read(json, kCohortAttribute, options.cohort_attribute) ||
      !Read(json, kSkipLabelReview, options.skip_label_review) ||
      !Read(json, kGroupAttributes, options.group_attributes) ||
      !Read(json, kBlockSimilarity, options.block_similarity) ||
      !Read(json, kReviewSimilarity, options.review_similarity) ||
      !Read(json, kMaxPersonShare, options.max_person_share)) {
    return errors::Internal("a column of a dataset's options holds something else");
  }
  if (const auto selection = json.find(kSelection); selection != json.end()) {
    ASSIGN_OR_RETURN(options.selection, SelectionFromJson(selection->dump()));
  }
  return options;
}

}  // namespace flywheel::curation
