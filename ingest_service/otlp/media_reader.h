// Reads pictures, recordings and files out of the parts of messages.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_MEDIA_READER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_MEDIA_READER_H_

#include <nlohmann/json.hpp>
#include <optional>

#include "flywheel/common/v1/message.pb.h"

namespace flywheel::ingest {

// What a part shows, in the shapes of the GenAI conventions (blob, uri, file), of OpenAI's,
// Anthropic's, Gemini's and Bedrock's interfaces and of MCP; nullopt for a part that is no media.
// Where its sender left the content out, only what kind it was is known.
std::optional<common::v1::Media> ReadMedia(const nlohmann::json& part);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_MEDIA_READER_H_
