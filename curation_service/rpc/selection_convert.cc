#include "curation_service/rpc/selection_convert.h"

#include <algorithm>
#include <vector>

#include "shared/rpc/field_checks.h"

namespace flywheel::curation {
namespace {

template <typename Value, typename Repeated>
std::vector<Value> Sorted(const Repeated& proto) {
  std::vector<Value> values;
  for (const auto& value : proto) values.push_back(static_cast<Value>(value));
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

// In whole microseconds, as it is stored.
absl::Time StoredTime(const google::protobuf::Timestamp& time) {
  return absl::FromUnixMicros(absl::ToUnixMicros(rpc::FromProto(time)));
}

CandidateFilter FilterFromProto(const v1::CandidateFilter& proto) {
  CandidateFilter filter;
  filter.model_versions = Sorted<std::string>(proto.model_versions());
  filter.prompt_versions = Sorted<std::string>(proto.prompt_versions());
  filter.labels.insert(proto.labels().begin(), proto.labels().end());
  filter.sources = Sorted<RowSource>(proto.sources());
  filter.tiers = Sorted<Tier>(proto.tiers());
  if (proto.has_start_time_from()) {
    filter.start_time_from = StoredTime(proto.start_time_from());
  }
  if (proto.has_start_time_before()) {
    filter.start_time_before = StoredTime(proto.start_time_before());
  }
  return filter;
}

void FilterToProto(const CandidateFilter& filter, v1::CandidateFilter* proto) {
  *proto->mutable_model_versions() = {filter.model_versions.begin(), filter.model_versions.end()};
  *proto->mutable_prompt_versions() = {filter.prompt_versions.begin(),
                                       filter.prompt_versions.end()};
  proto->mutable_labels()->insert(filter.labels.begin(), filter.labels.end());
  for (const RowSource source : filter.sources) {
    proto->add_sources(static_cast<v1::RowSource>(source));
  }
  for (const Tier tier : filter.tiers) proto->add_tiers(static_cast<v1::Tier>(tier));
  if (filter.start_time_from != absl::InfinitePast()) {
    *proto->mutable_start_time_from() = rpc::ToProto(filter.start_time_from);
  }
  if (filter.start_time_before != absl::InfiniteFuture()) {
    *proto->mutable_start_time_before() = rpc::ToProto(filter.start_time_before);
  }
}

SegmentBalance SegmentsFromProto(const v1::SegmentBalance& proto) {
  SegmentBalance segments;
  segments.attribute = proto.attribute();
  if (proto.max_share() != 0) segments.max_share = proto.max_share();
  segments.weights.insert(proto.weights().begin(), proto.weights().end());
  segments.weight_by_use = proto.weight_by_use();
  if (proto.max_weight() != 0) segments.max_weight = proto.max_weight();
  return segments;
}

}  // namespace

Selection FromProto(const v1::Selection& proto) {
  Selection selection;
  if (proto.has_filter()) selection.filter = FilterFromProto(proto.filter());
  if (proto.has_budget()) {
    RowBudget& budget = selection.budget.emplace();
    if (proto.budget().max_rows() != 0) budget.rows = proto.budget().max_rows();
    budget.seed = proto.budget().seed();
    budget.fill = proto.budget().fill();
  }
  if (proto.has_segments()) selection.segments = SegmentsFromProto(proto.segments());
  if (proto.has_synthetic()) {
    SyntheticLimit& synthetic = selection.synthetic.emplace();
    if (proto.synthetic().max_rows() != 0) synthetic.max_rows = proto.synthetic().max_rows();
    if (proto.synthetic().real_rows() != 0) synthetic.real_rows = proto.synthetic().real_rows();
  }
  return selection;
}

void ToProto(const Selection& selection, v1::Selection* proto) {
  if (selection.filter) FilterToProto(*selection.filter, proto->mutable_filter());
  if (selection.budget) {
    proto->mutable_budget()->set_max_rows(selection.budget->rows);
    proto->mutable_budget()->set_seed(selection.budget->seed);
    proto->mutable_budget()->set_fill(selection.budget->fill);
  }
  if (selection.segments) {
    v1::SegmentBalance& segments = *proto->mutable_segments();
    segments.set_attribute(selection.segments->attribute);
    segments.set_max_share(selection.segments->max_share);
    segments.mutable_weights()->insert(selection.segments->weights.begin(),
                                       selection.segments->weights.end());
    segments.set_weight_by_use(selection.segments->weight_by_use);
    segments.set_max_weight(selection.segments->max_weight);
  }
  if (selection.synthetic) {
    proto->mutable_synthetic()->set_max_rows(selection.synthetic->max_rows);
    proto->mutable_synthetic()->set_real_rows(selection.synthetic->real_rows);
  }
}

}  // namespace flywheel::curation
