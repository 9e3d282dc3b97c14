// Segments of a plan: groups of units by what the client says of them.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_SEGMENTS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_SEGMENTS_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace flywheel::experiment {

// Of a plan, and of a segment without "other".
inline constexpr size_t kMaxSegments = 5;
inline constexpr size_t kMaxSegmentValues = 20;
inline constexpr size_t kMaxSegmentValueBytes = 64;
// What every unit has of which the attribute says something else, or nothing.
inline constexpr char kOtherValue[] = "other";

// What a client says of a unit when it asks for its arm, by name. Never stored.
using Attributes = std::map<std::string, std::string>;

// An attribute by which units are told apart. Its values have numbers: from 1 in the plan's order,
// and 0 for "other".
struct Segment {
  std::string name;
  std::vector<std::string> values;

  // How many there are, with "other".
  size_t value_count() const { return values.size() + 1; }
  // REQUIRES: value < value_count().
  std::string ValueName(size_t value) const { return value == 0 ? kOtherValue : values[value - 1]; }

  friend bool operator==(const Segment&, const Segment&) = default;
};

// The numbers of a unit's values, one byte a segment: all that is kept of its attributes.
using SegmentValues = std::string;

SegmentValues SegmentValuesOf(const std::vector<Segment>& segments, const Attributes& attributes);

// Number of the value in a segment; 0 where `values` does not reach so far: a unit that was exposed
// before there were segments is "other".
inline size_t ValueIn(const SegmentValues& values, size_t segment) {
  return segment < values.size() ? static_cast<unsigned char>(values[segment]) : 0;
}

// Of all segments together.
size_t CountValues(const std::vector<Segment>& segments);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_SEGMENTS_H_
