// Limits of records. What comes over the contract is refused beyond them; what comes in spans is
// cut to them, or left out.
#ifndef FLYWHEEL_INGEST_SERVICE_DOMAIN_RECORD_LIMITS_H_
#define FLYWHEEL_INGEST_SERVICE_DOMAIN_RECORD_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace flywheel::ingest {

// A client of default settings takes messages of 4 MiB: what is stored must be readable by it, with
// its signals beside it.
inline constexpr int64_t kMaxRecordBytes = 2 << 20;
// As readers get it: redaction may make it longer, and input and output stand beside the messages
// that say them. A longer one is refused.
inline constexpr int64_t kMaxShownBytes = 2560 << 10;
// Of a page of records, as they are stored: readers get up to twice as much, and the record that
// ends the page.
inline constexpr size_t kMaxPageBytes = 512 << 10;
static_assert(2 * kMaxPageBytes + kMaxShownBytes < 4 << 20);

// Agents, versions, names of attributes.
inline constexpr size_t kMaxRecordNameBytes = 128;
inline constexpr size_t kMaxUserIdBytes = 256;
inline constexpr size_t kMaxSessionIdBytes = 256;
inline constexpr size_t kMaxToolNameBytes = 256;
inline constexpr size_t kMaxAssignmentTokenBytes = 128;
// The history and the messages of an interaction together.
inline constexpr int kMaxRecordMessages = 10'000;
inline constexpr int kMaxRecordParts = 100'000;
inline constexpr size_t kMaxUriBytes = 2'048;
inline constexpr size_t kMaxAttributes = 64;
inline constexpr size_t kMaxAttributeValueBytes = 16'384;

inline constexpr size_t kMaxEvaluationNameBytes = 128;
inline constexpr size_t kMaxLabelBytes = 256;
inline constexpr size_t kMaxExplanationBytes = 16'384;
// Either side of 0: sums and squares of such scores are finite, however many there are.
inline constexpr double kMaxScore = 1e12;

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_DOMAIN_RECORD_LIMITS_H_
