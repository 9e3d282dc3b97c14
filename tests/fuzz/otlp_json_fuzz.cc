// Whatever a client sends as OTLP's JSON is refused, or becomes a message that the binary form can
// carry and that is read again from its own JSON.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ingest_service/http/otlp_json.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.pb.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.pb.h"

namespace {

template <typename Request>
void Check(std::string_view json) {
  using flywheel::ingest::ParseOtlpJson;
  Request request;
  if (!ParseOtlpJson(json, request).ok()) return;
  const std::string bytes = request.SerializeAsString();
  Request decoded;
  if (!decoded.ParseFromString(bytes)) std::abort();
  // Ids are hexadecimal in OTLP alone, so that a second reading may refuse them; it must not do
  // more than that.
  Request again;
  (void)ParseOtlpJson(flywheel::ingest::ToJson(request), again);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  Check<opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest>(json);
  Check<opentelemetry::proto::collector::logs::v1::ExportLogsServiceRequest>(json);
  return 0;
}
