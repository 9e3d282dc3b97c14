// JSON encoding of OTLP messages.
#ifndef FLYWHEEL_INGEST_SERVICE_HTTP_OTLP_JSON_H_
#define FLYWHEEL_INGEST_SERVICE_HTTP_OTLP_JSON_H_

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace flywheel::ingest {

// Reads one of OTLP's messages from JSON into `message`, which is empty before. Differs from
// protobuf's own JSON as the OTLP specification asks: the ids of traces and spans are hexadecimal,
// and unknown fields are ignored. Numbers of 64 bits come as numbers or texts, enums as numbers or
// names, field names in lowerCamelCase or as in the .proto.
//
// The text is read once and never held as a tree. Messages nest at most as deep as protobuf's
// binary form may; TOO_LARGE above a million messages, so that a text of "{},{}," cannot take
// hundreds of times its size. INVALID_ARGUMENT, with the place such as
// "resourceSpans[0].scopeSpans[2]", for what is no JSON, or not OTLP's; `message` is undefined
// then.
absl::Status ParseOtlpJson(std::string_view json, google::protobuf::Message& message);

// `message` as protobuf's JSON, which is OTLP's for all answers. "{}" where it holds an Any of a
// type that this program does not know.
std::string ToJson(const google::protobuf::Message& message);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_HTTP_OTLP_JSON_H_
