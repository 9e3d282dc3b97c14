#include "experiment_service/rpc/validate_segments.h"

#include <fmt/format.h>

#include <cstddef>
#include <set>

#include "absl/time/time.h"
#include "experiment_service/domain/segments.h"
#include "experiment_service/rpc/plan_checks.h"
#include "shared/text/shorten.h"

namespace flywheel::experiment {
namespace {

constexpr int kMaxAttributes = 64;
constexpr size_t kMaxKeyBytes = 128;
constexpr size_t kMaxAttributeBytes = 256;

std::string Twice(const std::string& text) {
  return fmt::format("'{}' for the second time", Shorten(text, kShownTextBytes));
}

void CheckSegment(const v1::Segment& segment, const std::string& place, rpc::FieldChecks& checks) {
  checks.Name(place + "name", segment.name(), kMaxKeyBytes);
  const auto count = static_cast<size_t>(segment.values_size());
  checks.Require(count >= 1 && count <= kMaxSegmentValues, place + "values",
                 fmt::format("{} values", count), fmt::format("1 to {}", kMaxSegmentValues));
  if (count > kMaxSegmentValues) return;
  std::set<std::string> values;
  for (int i = 0; i < segment.values_size(); ++i) {
    const std::string& value = segment.values(i);
    const std::string field = fmt::format("{}values[{}]", place, i);
    checks.Name(field, value, kMaxSegmentValueBytes);
    checks.Require(value != kOtherValue, field, fmt::format("'{}'", kOtherValue),
                   "a value of its own: this one is of all that is not named");
    checks.Require(values.insert(value).second, field, Twice(value), "each value once");
  }
}

}  // namespace

absl::Status Validate(const v1::AnalyzeSegmentsRequest& request) {
  rpc::FieldChecks checks(absl::InfinitePast());
  checks.Id("experiment_id", request.experiment_id());
  return checks.status();
}

void CheckSegments(const google::protobuf::RepeatedPtrField<v1::Segment>& segments,
                   rpc::FieldChecks& checks) {
  const auto count = static_cast<size_t>(segments.size());
  checks.Require(count <= kMaxSegments, "plan.segments", fmt::format("{} segments", count),
                 fmt::format("at most {}", kMaxSegments));
  if (count > kMaxSegments) return;
  std::set<std::string> names;
  for (int i = 0; i < segments.size(); ++i) {
    const std::string place = fmt::format("plan.segments[{}].", i);
    CheckSegment(segments[i], place, checks);
    checks.Require(names.insert(segments[i].name()).second, place + "name",
                   Twice(segments[i].name()), "another name for each segment");
  }
}

void CheckAttributes(const google::protobuf::Map<std::string, std::string>& attributes,
                     rpc::FieldChecks& checks) {
  checks.Require(attributes.size() <= kMaxAttributes, "attributes",
                 fmt::format("{} attributes", attributes.size()),
                 fmt::format("at most {}", kMaxAttributes));
  if (attributes.size() > kMaxAttributes) return;
  // Without the key or the value in the error: they say something of a person.
  for (const auto& [key, value] : attributes) {
    checks.RequiredText("attributes.key", key, kMaxKeyBytes);
    checks.Text("attributes.value", value, kMaxAttributeBytes);
  }
}

}  // namespace flywheel::experiment
