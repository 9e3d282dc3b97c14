// Reads the API key of an export: as OpenTelemetry's exporters and the SDKs around them send it.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_EXPORT_KEY_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_EXPORT_KEY_H_

#include <string>
#include <string_view>

namespace flywheel::ingest {

// "Bearer KEY" of the headers authorization and x-api-key. Langfuse sends its public key as the
// user and its secret as the password of Basic; LangSmith and others send x-api-key, which counts
// where there is no authorization. What is none of these comes back as it is.
std::string BearerOf(std::string_view authorization, std::string_view api_key);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_EXPORT_KEY_H_
