// Load generator for OTLP: exports as an OpenTelemetry SDK sends them.
#ifndef FLYWHEEL_BENCH_OTLP_LOAD_H_
#define FLYWHEEL_BENCH_OTLP_LOAD_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.grpc.pb.h"

namespace flywheel::bench {

// Exporters over a few connections.
class TraceStubs {
 public:
  using Stub = opentelemetry::proto::collector::trace::v1::TraceService::Stub;

  TraceStubs(const std::string& address, int connections);

  Stub& of(int caller) const { return *stubs_[static_cast<size_t>(caller) % stubs_.size()]; }

 private:
  std::vector<std::unique_ptr<Stub>> stubs_;
};

// What became of a load.
struct SpanCount {
  int64_t acknowledged = 0;
  // By RESOURCE_EXHAUSTED.
  int64_t refused = 0;
};

// Spans a call of a model, 1 kB each and of a trace each, sent by `callers` in exports of `batch`.
// Ends the process for any error but a refusal for now.
SpanCount SendSpans(const TraceStubs& stubs, int callers, int batch, absl::Duration duration);

}  // namespace flywheel::bench

#endif  // FLYWHEEL_BENCH_OTLP_LOAD_H_
