#include "curation_service/rpc/validate_selection.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

namespace flywheel::curation {
namespace {

constexpr int64_t kMaxListed = 100;
constexpr size_t kMaxVersionBytes = 128;
constexpr size_t kMaxSegmentBytes = 256;
constexpr int64_t kMaxSelectedRows = 10'000'000;
constexpr double kLeastShare = 0.01;
constexpr double kLeastWeight = 0.001;
constexpr double kMostWeight = 1'000;

std::string Field(const char* name) { return std::string("options.selection.") + name; }

void CheckNames(const std::string& field,
                const google::protobuf::RepeatedPtrField<std::string>& names,
                rpc::FieldChecks& checks) {
  checks.Range(field, int64_t{names.size()}, 0, kMaxListed);
  for (const std::string& name : names) checks.Name(field, name, kMaxVersionBytes);
}

void CheckTime(const std::string& field, const google::protobuf::Timestamp& time,
               rpc::FieldChecks& checks) {
  // The years that a timestamp may have: 1 to 9999.
  checks.Require(time.nanos() >= 0 && time.nanos() <= 999'999'999 &&
                     time.seconds() >= -62'135'596'800 && time.seconds() <= 253'402'300'799,
                 field, fmt::format("{} s and {} ns", time.seconds(), time.nanos()),
                 "a time of the years 1 to 9999, nanos 0 to 999999999");
}

void CheckFilter(const v1::CandidateFilter& filter, rpc::FieldChecks& checks) {
  CheckNames(Field("filter.model_versions"), filter.model_versions(), checks);
  CheckNames(Field("filter.prompt_versions"), filter.prompt_versions(), checks);
  checks.Labels(Field("filter.labels"), filter.labels());
  for (const int source : filter.sources()) {
    checks.Enum(Field("filter.sources"),
                source != v1::ROW_SOURCE_UNSPECIFIED && v1::RowSource_IsValid(source), source);
  }
  for (const int tier : filter.tiers()) {
    checks.Enum(Field("filter.tiers"), tier != v1::TIER_UNSPECIFIED && v1::Tier_IsValid(tier),
                tier);
  }
  if (filter.has_start_time_from()) {
    CheckTime(Field("filter.start_time_from"), filter.start_time_from(), checks);
  }
  if (!filter.has_start_time_before()) return;
  CheckTime(Field("filter.start_time_before"), filter.start_time_before(), checks);
  if (!filter.has_start_time_from() || !checks.ok()) return;
  checks.Require(
      rpc::FromProto(filter.start_time_from()) < rpc::FromProto(filter.start_time_before()),
      Field("filter.start_time_before"), "a time that is not after start_time_from", "a later one");
}

void CheckRows(const std::string& field, int64_t rows, rpc::FieldChecks& checks) {
  // 0 is the default.
  checks.Range(field, rows, 0, kMaxSelectedRows);
}

void CheckSegments(const v1::DatasetOptions& options, rpc::FieldChecks& checks) {
  const v1::SegmentBalance& segments = options.selection().segments();
  checks.OptionalName(Field("segments.attribute"), segments.attribute(), kMaxVersionBytes);
  checks.Require(!segments.attribute().empty() || !options.cohort_attribute().empty(),
                 Field("segments.attribute"), "none", "one, or options.cohort_attribute");
  if (segments.max_share() != 0) {
    checks.Range(Field("segments.max_share"), segments.max_share(), kLeastShare, 1.0);
  }
  checks.Range(Field("segments.weights"), static_cast<int64_t>(segments.weights_size()), 0,
               kMaxListed);
  for (const auto& [name, weight] : segments.weights()) {
    checks.OptionalName(Field("segments.weights"), name, kMaxSegmentBytes);
    checks.Range(Field("segments.weights"), weight, kLeastWeight, kMostWeight);
  }
  const bool weighs = segments.weights_size() > 0 || segments.weight_by_use();
  checks.Require(!weighs || options.selection().has_budget(), Field("budget"), "none",
                 "one: weights decide who is drawn, and without a budget all are");
  if (segments.max_weight() != 0) {
    checks.Range(Field("segments.max_weight"), segments.max_weight(), 1.0, kMostWeight);
  }
}

}  // namespace

void CheckSelection(const v1::DatasetOptions& options, rpc::FieldChecks& checks) {
  const v1::Selection& selection = options.selection();
  if (selection.has_filter()) CheckFilter(selection.filter(), checks);
  if (selection.has_budget())
    CheckRows(Field("budget.max_rows"), selection.budget().max_rows(), checks);
  if (selection.has_segments()) CheckSegments(options, checks);
  if (!selection.has_synthetic()) return;
  CheckRows(Field("synthetic.max_rows"), selection.synthetic().max_rows(), checks);
  CheckRows(Field("synthetic.real_rows"), selection.synthetic().real_rows(), checks);
}

}  // namespace flywheel::curation
