// List filter: what all lists of resources have in common.
#ifndef FLYWHEEL_SHARED_LISTS_LIST_FILTER_H_
#define FLYWHEEL_SHARED_LISTS_LIST_FILTER_H_

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace flywheel {

// Words of whoever made a thing, such as a git sha; by name.
using Labels = std::map<std::string, std::string>;

// Of all names and values together.
inline size_t LabelBytes(const Labels& labels) {
  size_t bytes = 0;
  for (const auto& [name, value] : labels) bytes += name.size() + value.size();
  return bytes;
}

// Which things to list, and in which order. All that is said must hold.
struct ListFilter {
  // Empty: of all agents.
  std::string agent = {};
  // Made at this time or later; made before this time.
  std::optional<absl::Time> create_time_from = {};
  std::optional<absl::Time> create_time_before = {};
  // With all of these labels.
  Labels labels = {};
  bool oldest_first = false;

  // All but the agent, along which a list is read.
  bool Matches(absl::Time create_time, const Labels& of_thing) const {
    if (create_time_from && create_time < *create_time_from) return false;
    if (create_time_before && create_time >= *create_time_before) return false;
    return std::includes(of_thing.begin(), of_thing.end(), labels.begin(), labels.end());
  }
};

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_LISTS_LIST_FILTER_H_
