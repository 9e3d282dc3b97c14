// Prunes, redacts and pseudonymises spans before they are stored.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_SPAN_PREPARER_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_SPAN_PREPARER_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "ingest_service/domain/waiting_span.h"
#include "ingest_service/privacy/inbound_filter.h"
#include "ingest_service/upstream/text_check.h"
#include "opentelemetry/proto/logs/v1/logs.pb.h"
#include "opentelemetry/proto/trace/v1/trace.pb.h"

namespace flywheel::ingest {

// In Span.trace_state of what is no span, but an event of one that came as a log record.
inline constexpr std::string_view kLogEventMark = "flywheel=event";
// Where such an event keeps the body of its log record.
inline constexpr std::string_view kBodyAttribute = "body";

// Placeholders of personal data have numbers of twelve digits while spans wait: a keyed hash of
// trace and value, so that equal values of a trace are equal in whichever span and after whichever
// restart they come, and nobody without the key can try out what they stand for.
inline constexpr int64_t kFirstWaitingNumber = 100'000'000'000;
inline constexpr int64_t kWaitingNumbers = 9 * kFirstWaitingNumber;

// Takes what is needed out of spans: personal data in texts becomes placeholders, user ids become
// pseudonyms (those of all keys, the newest first, separated by spaces), what nobody reads is left
// out, and every value becomes a text or a number. Uses its project's key. Not thread-safe.
class SpanPreparer {
 public:
  using ResourceSpans = opentelemetry::proto::trace::v1::ResourceSpans;
  using ScopeSpans = opentelemetry::proto::trace::v1::ScopeSpans;
  using Span = opentelemetry::proto::trace::v1::Span;
  using LogRecord = opentelemetry::proto::logs::v1::LogRecord;
  using Attributes = google::protobuf::RepeatedPtrField<opentelemetry::proto::common::v1::KeyValue>;

  // All outlive this object. With a `check` that still collects, what would be redacted is added to
  // it, and what Prepare answers must not be stored.
  SpanPreparer(const std::string& project, const InboundFilter& filter, TextCheck* check = nullptr)
      : project_(project), filter_(filter), check_(check) {}

  // Of the attributes of a resource and the name of a library, for all spans that follow.
  absl::Status SetOrigin(const Attributes& resource, const std::string& scope_name);

  // INVALID_ARGUMENT for ids that are none, TOO_LARGE for a span of which more than 2 MiB would be
  // kept, RECOGNISER_UNAVAILABLE for one with a text that `check` was not told of.
  absl::StatusOr<WaitingSpan> Prepare(const Span& span);

  // The same for an event; `name` is its name.
  absl::StatusOr<WaitingSpan> Prepare(const LogRecord& record, const std::string& name);

 private:
  // Sets who sent what to which trace; the MAC is of `sent`.
  absl::StatusOr<WaitingSpan> Begin(const std::string& trace_id, const std::string& sent);
  absl::Status Finish(const ResourceSpans& kept, WaitingSpan& waiting) const;

  absl::Status Keep(const Attributes& attributes, WaitingSpan& waiting, Attributes* kept);
  absl::Status KeepOne(const std::string& name,
                       const opentelemetry::proto::common::v1::AnyValue& value,
                       WaitingSpan& waiting, Attributes* kept);
  absl::Status KeepText(const std::string& name,
                        const opentelemetry::proto::common::v1::AnyValue& value,
                        const std::string& trace_id, Attributes* kept);
  absl::Status Redact(const std::string& trace_id, std::string& text) const;

  const std::string& project_;
  const InboundFilter& filter_;
  TextCheck* const check_;
  // Resource and scope alone.
  ResourceSpans origin_;
  std::string origin_user_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_SPAN_PREPARER_H_
