// Deterministic protobuf serialisation.
#ifndef FLYWHEEL_INGEST_SERVICE_PAYLOADS_CANONICAL_BYTES_H_
#define FLYWHEEL_INGEST_SERVICE_PAYLOADS_CANONICAL_BYTES_H_

#include <google/protobuf/message_lite.h>

#include <string>

namespace flywheel::ingest {

// Maps are written in the order of their keys, so that equal messages are equal bytes.
std::string CanonicalBytes(const google::protobuf::MessageLite& message);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PAYLOADS_CANONICAL_BYTES_H_
