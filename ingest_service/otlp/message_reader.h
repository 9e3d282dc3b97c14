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
// content and tool_calls of OpenAI's, Anthropic's, Gemini's and Bedrock's interfaces, as
// OpenInference and OpenLLMetry flatten them, or as LangChain and Haystack write them; and the
// requests and responses of these interfaces, with the instructions that they hold. `role` is of a
// message that says none. What is none of these has no message. At most 10,000.
std::vector<ChatMessage> ReadMessages(const nlohmann::json& json, common::v1::Role role);

// Whether an object has a list of messages, as a request, a response or a state has.
bool HoldsMessages(const nlohmann::json& object);

// Joins messages that came in pieces, as a stream makes them: one whose finish reason is there and
// empty goes on in the next of its role.
std::vector<ChatMessage> JoinPieces(std::vector<ChatMessage> messages);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_MESSAGE_READER_H_
