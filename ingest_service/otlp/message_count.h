// Decoding bound: counts the messages that bytes would become.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_MESSAGE_COUNT_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_MESSAGE_COUNT_H_

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"

namespace flywheel::ingest {

// More than the largest request has that means something: an attribute of twenty bytes is two.
inline constexpr int64_t kMaxMessages = 1'000'000;

// TOO_LARGE where `bytes`, decoded as `type`, would hold more than kMaxMessages messages and
// unknown fields. Two bytes on the wire make a message of a hundred in memory, so a size limit
// alone would let one request take fifty times its size. Looks at the bytes once and keeps nothing.
// Bytes that cannot be decoded may pass, for the decoder to refuse.
absl::Status CheckMessageCount(std::string_view bytes, const google::protobuf::Descriptor& type);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_MESSAGE_COUNT_H_
