// Text map: names and values, such as labels, as text inside a row.
#ifndef FLYWHEEL_SHARED_SQL_TEXT_MAP_H_
#define FLYWHEEL_SHARED_SQL_TEXT_MAP_H_

#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace flywheel::sql {

// A JSON object. Bytes that are not UTF-8 become U+FFFD.
std::string TextMapToJson(const std::map<std::string, std::string>& values);
// INTERNAL for a text that TextMapToJson did not write: a damaged store must not pass as one that
// holds nothing.
absl::StatusOr<std::map<std::string, std::string>> TextMapFromJson(std::string_view json);

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_TEXT_MAP_H_
