// Reads the parts of messages: texts, thoughts, tool calls, their results, media.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_PART_READER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_PART_READER_H_

#include <nlohmann/json.hpp>
#include <string>

#include "ingest_service/otlp/trace_span.h"

namespace flywheel::ingest {

// Adds one part, in the shape of the GenAI conventions or of OpenAI's, Anthropic's, Gemini's,
// Bedrock's, the AI SDK's or Haystack's. What is none of these adds nothing.
void ReadPart(const nlohmann::json& part, ChatMessage& message);

// Adds content: one text, or a list of parts.
void ReadContent(const nlohmann::json& content, ChatMessage& message);

// Adds a tool call, as a part or as a member of "tool_calls"; one without a name adds nothing.
void ReadCall(const nlohmann::json& call, ChatMessage& message);

// Whether an object is a tool call, a result or a thought that stands where a message is expected,
// as the items of OpenAI's Responses do.
bool IsLonePart(const nlohmann::json& value);

// Arguments of a tool call as a JSON text; empty for none.
std::string ReadArguments(const nlohmann::json& arguments);
std::string ReadArguments(const std::string& arguments);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_PART_READER_H_
