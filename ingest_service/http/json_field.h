// Sets one protobuf field from one JSON value.
#ifndef FLYWHEEL_INGEST_SERVICE_HTTP_JSON_FIELD_H_
#define FLYWHEEL_INGEST_SERVICE_HTTP_JSON_FIELD_H_

#include <google/protobuf/message.h>

#include <cstdint>
#include <string>
#include <variant>

namespace flywheel::ingest {

// A value that is neither an object nor an array.
using JsonScalar = std::variant<bool, int64_t, uint64_t, double, std::string>;

// Sets `field` of `message`, or adds to it where it is repeated. False where the value is not what
// the field takes: WantOf says what that is.
bool SetField(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field,
              const JsonScalar& value);

// What a field takes, for an error: "a text".
std::string WantOf(const google::protobuf::FieldDescriptor& field);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_HTTP_JSON_FIELD_H_
