// Finds the text in values that applications handed in or got out.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_TEXT_READER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_TEXT_READER_H_

#include <nlohmann/json.hpp>
#include <string>

#include "flywheel/common/v1/message.pb.h"

namespace flywheel::ingest {

// The text of a value: of a text itself; of JSON the text that it is there for
// ({"question": "..."}, {"messages": [...]}, {"output": "..."}). Empty for a blob: JSON in which
// nothing says which text it would be, and objects as Python writes them. A blob stands in for a
// text only where nobody said anything.
std::string ReadText(const std::string& value, common::v1::Role role);

// The text of what a tool returned: of a text itself, without the quotes of JSON; of a message or
// of parts what they say; else its JSON.
std::string ReadToolText(const nlohmann::json& value);
std::string ReadToolText(const std::string& value);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_TEXT_READER_H_
