#include "bench/otlp_load.h"

#include <fmt/format.h>
#include <grpcpp/create_channel.h>

#include <atomic>
#include <random>

#include "absl/time/clock.h"
#include "bench/ingest_load.h"
#include "bench/load.h"

namespace flywheel::bench {
namespace {

using opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest;
using opentelemetry::proto::collector::trace::v1::ExportTraceServiceResponse;
using opentelemetry::proto::collector::trace::v1::TraceService;
using opentelemetry::proto::trace::v1::Span;

// So many random bytes; no id of a run or of two is the same.
std::string NewId(size_t bytes) {
  thread_local std::mt19937_64 random(std::random_device{}());
  std::string id;
  while (id.size() < bytes) {
    const uint64_t number = random();
    id.append(reinterpret_cast<const char*>(&number), sizeof(number));
  }
  return id;
}

void Add(const char* name, const std::string& value, Span& span) {
  auto* attribute = span.add_attributes();
  attribute->set_key(name);
  attribute->mutable_value()->set_string_value(value);
}

// The texts of the native load, so that both carry the same.
ExportTraceServiceRequest NewExport(int spans) {
  static const auto& native = *new ingest::v1::Interaction(NewBatch(1).interactions(0));
  ExportTraceServiceRequest request;
  auto* resource = request.add_resource_spans();
  auto* service = resource->mutable_resource()->add_attributes();
  service->set_key("service.name");
  service->mutable_value()->set_string_value("bench");
  auto* scope = resource->add_scope_spans();
  for (int i = 0; i < spans; ++i) {
    Span& span = *scope->add_spans();
    span.set_trace_id(NewId(16));
    span.set_span_id(NewId(8));
    span.set_name("chat v1");
    span.set_kind(Span::SPAN_KIND_CLIENT);
    const auto now = static_cast<uint64_t>(absl::GetCurrentTimeNanos());
    span.set_start_time_unix_nano(now - 1'000'000'000);
    span.set_end_time_unix_nano(now);
    Add("openinference.span.kind", "LLM", span);
    Add("llm.model_name", "v1", span);
    Add("input.value", native.input(), span);
    Add("output.value", native.output(), span);
  }
  return request;
}

}  // namespace

TraceStubs::TraceStubs(const std::string& address, int connections) {
  for (int i = 0; i < connections; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt("flywheel.connection", i);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    stubs_.push_back(TraceService::NewStub(
        grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments)));
  }
}

SpanCount SendSpans(const TraceStubs& stubs, int callers, int batch, absl::Duration duration) {
  std::atomic<int64_t> acknowledged = 0;
  std::atomic<int64_t> refused = 0;
  CallsPerSecond(callers, duration, [&](int caller, int64_t) {
    grpc::ClientContext context;
    ExportTraceServiceResponse response;
    const grpc::Status status = stubs.of(caller).Export(&context, NewExport(batch), &response);
    if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
      refused += batch;
      return;
    }
    if (!status.ok()) Die(status.error_message());
    if (response.partial_success().rejected_spans() != 0) {
      Die(response.partial_success().error_message());
    }
    acknowledged += batch;
  });
  return {acknowledged, refused};
}

}  // namespace flywheel::bench
