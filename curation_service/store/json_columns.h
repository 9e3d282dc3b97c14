// JSON columns: small lists that are stored as text inside a row.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_JSON_COLUMNS_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_JSON_COLUMNS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace flywheel::curation {

// Encoders and decoders. Decoding is INTERNAL for a text that no encoder wrote: a damaged store
// must not pass as one that holds nothing. Bytes that are not UTF-8 become U+FFFD.
std::string TextsToJson(const std::vector<std::string>& values);
absl::StatusOr<std::vector<std::string>> TextsFromJson(std::string_view json);

std::string MetricsToJson(const std::map<std::string, double>& metrics);
absl::StatusOr<std::map<std::string, double>> MetricsFromJson(std::string_view json);

// Pairs of a code and a count, in order.
using CodedCounts = std::vector<std::pair<int, int64_t>>;
std::string CountsToJson(const CodedCounts& counts);
absl::StatusOr<CodedCounts> CountsFromJson(std::string_view json);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_JSON_COLUMNS_H_
