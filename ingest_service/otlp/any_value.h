// Conversion of OTLP attribute values to text, numbers and JSON.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_ANY_VALUE_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_ANY_VALUE_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "opentelemetry/proto/common/v1/common.pb.h"

namespace flywheel::ingest {

// A string as it is, a number or truth value as it is written, a list or map as JSON; of bytes what
// media_marks.h leaves of a picture; what is nested deeper than 64 levels leaves nothing.
std::string ToText(const opentelemetry::proto::common::v1::AnyValue& value);

// The JSON of a text, of at most 64 levels; nullopt where it is none, or a bare number or word. Of
// a text that its sender cut, what came of it, and then sets `cut`.
std::optional<nlohmann::json> ParseJson(std::string_view text, bool* cut = nullptr);

// The text of JSON: of a string what it says, of anything else its JSON; empty for null.
std::string ToText(const nlohmann::json& json);

// A whole number, however it came: 5, 5.0 and "5". nullopt where it is none or negative.
std::optional<int64_t> ToCount(const opentelemetry::proto::common::v1::AnyValue& value);

// A finite number, however it came.
std::optional<double> ToNumber(const opentelemetry::proto::common::v1::AnyValue& value);
std::optional<double> ToNumber(std::string_view text);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_ANY_VALUE_H_
