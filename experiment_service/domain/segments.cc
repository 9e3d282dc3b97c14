#include "experiment_service/domain/segments.h"

#include <algorithm>

namespace flywheel::experiment {

SegmentValues SegmentValuesOf(const std::vector<Segment>& segments, const Attributes& attributes) {
  SegmentValues values(segments.size(), '\0');
  for (size_t i = 0; i < segments.size(); ++i) {
    const auto attribute = attributes.find(segments[i].name);
    if (attribute == attributes.end()) continue;
    const std::vector<std::string>& known = segments[i].values;
    const auto found = std::find(known.begin(), known.end(), attribute->second);
    if (found != known.end()) values[i] = static_cast<char>(found - known.begin() + 1);
  }
  return values;
}

size_t CountValues(const std::vector<Segment>& segments) {
  size_t count = 0;
  for (const Segment& segment : segments) count += segment.value_count();
  return count;
}

}  // namespace flywheel::experiment
