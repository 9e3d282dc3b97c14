// Parses chat messages in every JSON shape that instrumentations use.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_MESSAGE_READER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_MESSAGE_READER_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "flywheel/ingest/v1/interaction.pb.h"
#include "ingest_service/otlp/trace_span.h"

namespace flywheel::ingest {

// Reads a message or a list of messages: with parts as the GenAI conventions have them, with the
// content and tool_calls of OpenAI's, Anthropic's and Gemini's interfaces, as OpenInference and
// OpenLLMetry flatten them, or as LangChain writes them. `role` is of a message that says none.
// What is none of these has no message. At most 10,000.
std::vector<ChatMessage> ReadMessages(const nlohmann::json& json, common::v1::Role role);

// The text of a value that an application handed in or got out: of a text itself; of JSON the text
// that it is there for ({"question": "..."}, {"messages": [...]}, {"output": "..."}), where that is
// plain, else all of it.
std::string ReadText(const std::string& value, common::v1::Role role);

// Arguments of a tool call as a JSON text; empty for none.
std::string ReadArguments(const nlohmann::json& arguments);
std::string ReadArguments(const std::string& arguments);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_MESSAGE_READER_H_
