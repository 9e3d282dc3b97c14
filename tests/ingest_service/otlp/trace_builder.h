// Builder of spans and traces.
#ifndef FLYWHEEL_TESTS_INGEST_SERVICE_OTLP_TRACE_BUILDER_H_
#define FLYWHEEL_TESTS_INGEST_SERVICE_OTLP_TRACE_BUILDER_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "absl/time/time.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.pb.h"
#include "opentelemetry/proto/trace/v1/trace.pb.h"

namespace flywheel::ingest {

using OtlpAttributes =
    google::protobuf::RepeatedPtrField<opentelemetry::proto::common::v1::KeyValue>;
using OtlpSpan = opentelemetry::proto::trace::v1::Span;
using OtlpTraces = opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest;

// Sets one attribute: a text, truth value, whole number or double.
template <typename Value>
void SetAttribute(OtlpAttributes* attributes, const std::string& name, const Value& value) {
  auto* const added = attributes->Add();
  added->set_key(name);
  if constexpr (std::is_same_v<Value, bool>) {
    added->mutable_value()->set_bool_value(value);
  } else if constexpr (std::is_integral_v<Value>) {
    added->mutable_value()->set_int_value(value);
  } else if constexpr (std::is_floating_point_v<Value>) {
    added->mutable_value()->set_double_value(value);
  } else {
    added->mutable_value()->set_string_value(std::string(value));
  }
}

// 8 bytes for a span's number, 16 for a trace's; 0 is no id.
inline std::string SpanId(uint64_t number) {
  if (number == 0) return "";
  std::string id(8, '\0');
  for (int i = 7; i >= 0; --i, number >>= 8) id[static_cast<size_t>(i)] = static_cast<char>(number);
  return id;
}
inline std::string TraceId(uint64_t number) { return SpanId(0x1122334455667788) + SpanId(number); }
// As it stands in the interaction's id.
inline std::string TraceHex(uint64_t number) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : TraceId(number)) {
    hex += kDigits[static_cast<unsigned char>(c) >> 4];
    hex += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return hex;
}

// One trace, span by span. Times are milliseconds after `start`.
class TraceBuilder {
 public:
  explicit TraceBuilder(uint64_t trace, absl::Time start, const std::string& service = "")
      : trace_(trace), start_(start) {
    auto* const resource = request_.add_resource_spans();
    if (!service.empty()) {
      SetAttribute(resource->mutable_resource()->mutable_attributes(), "service.name", service);
    }
    resource->add_scope_spans();
  }

  // Further calls of Set and AddEvent are about this span.
  TraceBuilder& Add(uint64_t span, uint64_t parent, const std::string& name, int64_t from_ms,
                    int64_t to_ms) {
    span_ = request_.mutable_resource_spans(0)->mutable_scope_spans(0)->add_spans();
    span_->set_trace_id(TraceId(trace_));
    span_->set_span_id(SpanId(span));
    span_->set_parent_span_id(SpanId(parent));
    span_->set_name(name);
    span_->set_start_time_unix_nano(Nanos(from_ms));
    span_->set_end_time_unix_nano(Nanos(to_ms));
    attributes_ = span_->mutable_attributes();
    return *this;
  }

  // Further calls of Set are about this event.
  TraceBuilder& AddEvent(const std::string& name, int64_t at_ms) {
    auto* const event = span_->add_events();
    event->set_name(name);
    event->set_time_unix_nano(Nanos(at_ms));
    attributes_ = event->mutable_attributes();
    return *this;
  }

  template <typename Value>
  TraceBuilder& Set(const std::string& name, const Value& value) {
    SetAttribute(attributes_, name, value);
    return *this;
  }

  // Texts, each by what its name has behind `prefix`.
  TraceBuilder& SetTexts(
      const std::string& prefix,
      std::initializer_list<std::pair<std::string_view, std::string_view>> texts) {
    for (const auto& [name, text] : texts) Set(prefix + std::string(name), text);
    return *this;
  }

  TraceBuilder& Fail(const std::string& message) {
    span_->mutable_status()->set_code(opentelemetry::proto::trace::v1::Status::STATUS_CODE_ERROR);
    span_->mutable_status()->set_message(message);
    return *this;
  }

  const OtlpTraces& request() const { return request_; }
  OtlpSpan& span() { return *span_; }
  uint64_t Nanos(int64_t ms) const {
    return static_cast<uint64_t>(absl::ToUnixNanos(start_ + absl::Milliseconds(ms)));
  }

 private:
  const uint64_t trace_;
  const absl::Time start_;
  OtlpTraces request_;
  OtlpSpan* span_ = nullptr;
  OtlpAttributes* attributes_ = nullptr;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_TESTS_INGEST_SERVICE_OTLP_TRACE_BUILDER_H_
