// Encoding of one archived record as a JSON line.
#ifndef FLYWHEEL_INGEST_SERVICE_PAYLOADS_ARCHIVE_LINE_H_
#define FLYWHEEL_INGEST_SERVICE_PAYLOADS_ARCHIVE_LINE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace flywheel::ingest {

// One record on its way into a file or out of one, its payload as it was logged.
struct ArchivedRecord {
  int64_t sequence = 0;
  absl::Time commit_time;
  std::string payload;
};

// The record as a flywheel.ingest.v1.FeedEntry in proto3 JSON with the field names of the contract,
// one line without its end. Where the JSON does not give back the payload byte for byte (an unknown
// field is in it), the line begins with {"payload_base64":"...", and that counts.
absl::StatusOr<std::string> ToLine(const std::string& project, const ArchivedRecord& record);

// STORE_CORRUPT where the line is none that ToLine wrote.
absl::StatusOr<ArchivedRecord> FromLine(std::string_view line);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PAYLOADS_ARCHIVE_LINE_H_
