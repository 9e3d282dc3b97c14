#include "ingest_service/otlp/span_preparer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "ingest_service/domain/record_limits.h"
#include "ingest_service/otlp/any_value.h"
#include "ingest_service/otlp/attribute_names.h"
#include "ingest_service/otlp/attribute_view.h"
#include "ingest_service/otlp/evaluation_reader.h"
#include "ingest_service/otlp/event_reader.h"
#include "ingest_service/otlp/identity_reader.h"
#include "ingest_service/otlp/media_marks.h"
#include "ingest_service/privacy/session_names.h"
#include "shared/hashing/sha256.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/shorten.h"

namespace flywheel::ingest {
namespace {

using opentelemetry::proto::common::v1::AnyValue;
using opentelemetry::proto::common::v1::KeyValue;
using opentelemetry::proto::trace::v1::ResourceSpans;
using opentelemetry::proto::trace::v1::Span;

constexpr size_t kTraceIdBytes = 16;
constexpr size_t kSpanIdBytes = 8;
constexpr size_t kMaxSpanNameBytes = 1'024;
constexpr int kMaxLinks = 8;
// A number of fewer digits is no card and no phone.
constexpr int64_t kMayBePersonal = 10'000'000;

// Ids of the right length that are not all zero, as the specification has them.
bool IsSet(const std::string& id, size_t size) {
  return id.size() == size && id.find_first_not_of('\0') != std::string::npos;
}

std::string Got(const std::string& id) {
  return id.find_first_not_of('\0') == std::string::npos && !id.empty()
             ? "zeros"
             : fmt::format("{} bytes", id.size());
}

void Add(const std::string& name, std::string value, SpanPreparer::Attributes* kept) {
  KeyValue* const added = kept->Add();
  added->set_key(name);
  added->mutable_value()->set_string_value(std::move(value));
}

void AddValue(const std::string& name, const AnyValue& value, SpanPreparer::Attributes* kept) {
  KeyValue* const added = kept->Add();
  added->set_key(name);
  *added->mutable_value() = value;
}

// What a library writes in the place of an id that it hides: the same for everybody.
bool IsHidden(std::string_view id) {
  if (id.starts_with("[Scrubbed due to ")) return true;
  constexpr std::string_view kMarks[] = {"[REDACTED]", "<redacted>", "[Filtered]", "REDACTED"};
  return std::find(std::begin(kMarks), std::end(kMarks), id) != std::end(kMarks) ||
         (!id.empty() && id.find_first_not_of('*') == std::string_view::npos);
}

// MLflow writes every value as JSON.
std::string Unquoted(std::string text) {
  if (!text.starts_with('"')) return text;
  const std::optional<nlohmann::json> json = ParseJson(text);
  return json ? ToText(*json) : text;
}

// Whoever calls another is no visitor: the name of its client library says nothing of who asked.
bool IsOutgoing(const Span& span) {
  return span.kind() == Span::SPAN_KIND_CLIENT || span.kind() == Span::SPAN_KIND_PRODUCER;
}

SpanPreparer::Attributes WithoutUserAgent(const SpanPreparer::Attributes& attributes) {
  SpanPreparer::Attributes kept;
  for (const KeyValue& attribute : attributes) {
    if (attribute.key() == "user_agent.original" || attribute.key() == "http.user_agent") continue;
    *kept.Add() = attribute;
  }
  return kept;
}

// Events that say something of an agent, and not pieces of an answer that is there as a whole.
bool IsKeptEvent(const std::string& name) {
  return name == "exception" || name == "db.query.result" || name.rfind("gen_ai.", 0) == 0;
}

}  // namespace

absl::Status SpanPreparer::SetOrigin(const Attributes& resource, const std::string& scope_name) {
  origin_.Clear();
  WaitingSpan origin;
  Attributes wanted;
  // A resource describes a process: texts in it are technical, and are the same in every span.
  for (const KeyValue& attribute : resource) {
    const AttributeUse use = UseOf(attribute.key());
    if (use == AttributeUse::kText || use == AttributeUse::kDropped) continue;
    *wanted.Add() = attribute;
  }
  RETURN_IF_ERROR(Keep(wanted, origin, origin_.mutable_resource()->mutable_attributes()));
  origin_user_ = std::move(origin.user_pseudonym);
  origin_.add_scope_spans()->mutable_scope()->set_name(
      std::string(Shorten(scope_name, kMaxSpanNameBytes)));
  return absl::OkStatus();
}

absl::StatusOr<WaitingSpan> SpanPreparer::Begin(const std::string& trace_id,
                                                const std::string& sent) {
  if (!IsSet(trace_id, kTraceIdBytes)) {
    return errors::InvalidArgument("trace_id", Got(trace_id), "16 bytes that are not all zero");
  }
  WaitingSpan waiting;
  // Replays are told by keyed hashes of what was sent, under every key that there was.
  waiting.trace_id = ToHex(trace_id);
  waiting.user_pseudonym = origin_user_;
  const std::string mac = filter_.pseudonymiser().ContentMac(sent);
  waiting.identity = mac.substr(0, kSpanIdBytes);
  waiting.content = mac.substr(kSpanIdBytes, kSpanIdBytes);
  for (size_t i = 1; i < filter_.pseudonymiser().generations(); ++i) {
    waiting.older_contents.push_back(
        filter_.pseudonymiser().ContentMac(sent, i).substr(kSpanIdBytes, kSpanIdBytes));
  }
  return waiting;
}

absl::Status SpanPreparer::Finish(const ResourceSpans& kept, WaitingSpan& waiting) const {
  // Of several users and sessions the mapping takes one: who erases it must find the span.
  const Span& span = kept.scope_spans(0).spans(0);
  AttributeView attributes;
  attributes.Add(span.attributes());
  for (const Span::Event& event : span.events()) {
    // A score of a session waits under that session's name.
    const bool is_score = event.name() == kEvaluationEvent;
    if (is_score || HoldsSpanAttributes(event.name())) attributes.Add(event.attributes());
  }
  attributes.Add(kept.resource().attributes());
  std::string user = std::move(ReadUsers(attributes).front());
  if (!user.empty()) waiting.user_pseudonym = std::move(user);
  waiting.session_id = ReadSession(attributes);
  waiting.payload = kept.SerializeAsString();
  const auto size = static_cast<int64_t>(waiting.payload.size());
  if (size <= kMaxRecordBytes) return absl::OkStatus();
  return errors::TooLarge("span", size, kMaxRecordBytes, "bytes of texts");
}

absl::StatusOr<WaitingSpan> SpanPreparer::Prepare(const Span& span) {
  // 1. The ids.
  ASSIGN_OR_RETURN(WaitingSpan waiting, Begin(span.trace_id(), span.SerializeAsString()));
  if (!IsSet(span.span_id(), kSpanIdBytes)) {
    return errors::InvalidArgument("span_id", Got(span.span_id()), "8 bytes that are not all zero");
  }
  waiting.identity = span.span_id();
  waiting.is_root = span.parent_span_id().find_first_not_of('\0') == std::string::npos;
  // 2. Only what is listed here is copied: what a newer OTLP adds is not kept by accident.
  ResourceSpans payload = origin_;
  Span* const kept = payload.mutable_scope_spans(0)->add_spans();
  kept->set_trace_id(span.trace_id());
  kept->set_span_id(span.span_id());
  if (!waiting.is_root) kept->set_parent_span_id(span.parent_span_id());
  std::string name(Shorten(span.name(), kMaxSpanNameBytes));
  RETURN_IF_ERROR(Redact(waiting.trace_id, name));
  kept->set_name(name);
  kept->set_start_time_unix_nano(span.start_time_unix_nano());
  kept->set_end_time_unix_nano(span.end_time_unix_nano());
  RETURN_IF_ERROR(Keep(IsOutgoing(span) ? WithoutUserAgent(span.attributes()) : span.attributes(),
                       waiting, kept->mutable_attributes()));
  // 3. Events and links, as far as somebody reads them.
  for (const Span::Event& event : span.events()) {
    if (!IsKeptEvent(event.name())) continue;
    Span::Event* const kept_event = kept->add_events();
    kept_event->set_name(std::string(Shorten(event.name(), kMaxSpanNameBytes)));
    kept_event->set_time_unix_nano(event.time_unix_nano());
    RETURN_IF_ERROR(Keep(event.attributes(), waiting, kept_event->mutable_attributes()));
  }
  for (const Span::Link& link : span.links()) {
    if (kept->links_size() == kMaxLinks) break;
    if (!IsSet(link.trace_id(), kTraceIdBytes)) continue;
    kept->add_links()->set_trace_id(link.trace_id());
  }
  if (span.has_status()) {
    std::string message(Shorten(span.status().message(), kMaxSpanNameBytes));
    RETURN_IF_ERROR(Redact(waiting.trace_id, message));
    kept->mutable_status()->set_message(message);
    kept->mutable_status()->set_code(span.status().code());
  }
  RETURN_IF_ERROR(Finish(payload, waiting));
  return waiting;
}

absl::StatusOr<WaitingSpan> SpanPreparer::Prepare(const LogRecord& record,
                                                  const std::string& name) {
  // A log record waits as an event of a span that has nothing else.
  ASSIGN_OR_RETURN(WaitingSpan waiting, Begin(record.trace_id(), record.SerializeAsString()));
  ResourceSpans payload = origin_;
  Span* const carrier = payload.mutable_scope_spans(0)->add_spans();
  carrier->set_trace_id(record.trace_id());
  carrier->set_trace_state(std::string(kLogEventMark));
  if (IsSet(record.span_id(), kSpanIdBytes)) carrier->set_span_id(record.span_id());
  Span::Event* const event = carrier->add_events();
  event->set_name(std::string(Shorten(name, kMaxSpanNameBytes)));
  event->set_time_unix_nano(record.time_unix_nano() != 0 ? record.time_unix_nano()
                                                         : record.observed_time_unix_nano());
  RETURN_IF_ERROR(Keep(record.attributes(), waiting, event->mutable_attributes()));
  if (record.has_body()) {
    RETURN_IF_ERROR(KeepText(std::string(kBodyAttribute), record.body(), waiting.trace_id,
                             event->mutable_attributes()));
  }
  RETURN_IF_ERROR(Finish(payload, waiting));
  return waiting;
}

absl::Status SpanPreparer::Keep(const Attributes& attributes, WaitingSpan& waiting,
                                Attributes* kept) {
  for (const KeyValue& attribute : attributes) {
    const std::string& name = attribute.key();
    if (name.empty() || name.size() > kMaxSpanNameBytes) continue;
    // Maps of what is people's own come as one JSON text.
    std::optional<nlohmann::json> object;
    if (name.ends_with("metadata") || name == "traceloop.association.properties") {
      object = ParseJson(ToText(attribute.value()));
    }
    if (!object || !object->is_object()) {
      RETURN_IF_ERROR(KeepOne(name, attribute.value(), waiting, kept));
      continue;
    }
    for (const auto& [key, member] : object->items()) {
      AnyValue value;
      value.set_string_value(ToText(member));
      RETURN_IF_ERROR(KeepOne(fmt::format("{}.{}", name, key), value, waiting, kept));
    }
  }
  return absl::OkStatus();
}

absl::Status SpanPreparer::KeepOne(const std::string& name, const AnyValue& value,
                                   WaitingSpan& waiting, Attributes* kept) {
  const AttributeUse use = UseOf(name);
  const bool is_id = use == AttributeUse::kUser || use == AttributeUse::kSession;
  if (is_id && IsHidden(ToText(value))) return absl::OkStatus();
  switch (use) {
    case AttributeUse::kDropped:
      return absl::OkStatus();
    // All names under all keys, so that an erasure under an older key still finds the span.
    case AttributeUse::kUser: {
      const std::vector<std::string> names =
          filter_.pseudonymiser().Pseudonyms(project_, Unquoted(ToText(value)));
      if (names.front().empty()) return absl::OkStatus();
      if (waiting.user_pseudonym.empty()) waiting.user_pseudonym = names.front();
      Add(name, fmt::format("{}", fmt::join(names, " ")), kept);
      return absl::OkStatus();
    }
    case AttributeUse::kSession: {
      // Also of a form that the contract refuses: the mapping refuses nothing.
      Add(name, SessionName(filter_.pseudonymiser(), project_, Unquoted(ToText(value))), kept);
      return absl::OkStatus();
    }
    case AttributeUse::kName:
      Add(name, std::string(Shorten(ToText(value), kMaxSpanNameBytes)), kept);
      return absl::OkStatus();
    // A figure that is none is left out.
    case AttributeUse::kFigure:
      if (value.has_int_value()) AddValue(name, value, kept);
      if (!value.has_int_value() && ToNumber(value)) Add(name, ToText(value), kept);
      return absl::OkStatus();
    case AttributeUse::kText:
      return KeepText(name, value, waiting.trace_id, kept);
  }
  return absl::OkStatus();
}

absl::Status SpanPreparer::KeepText(const std::string& name, const AnyValue& value,
                                    const std::string& trace_id, Attributes* kept) {
  // Short numbers cannot be personal, and stay exact.
  const bool is_number = value.has_bool_value() || value.has_double_value() ||
                         (value.has_int_value() && value.int_value() > -kMayBePersonal &&
                          value.int_value() < kMayBePersonal);
  if (is_number) {
    AddValue(name, value, kept);
    return absl::OkStatus();
  }
  std::string text = ToText(value);
  if (text.empty()) return absl::OkStatus();
  // Nobody can redact a picture, and it may be larger than all texts together.
  text = TakeMediaOut(std::move(text));
  RETURN_IF_ERROR(Redact(trace_id, text));
  Add(name, std::move(text), kept);
  return absl::OkStatus();
}

absl::Status SpanPreparer::Redact(const std::string& trace_id, std::string& text) const {
  // The same value of a trace gets the same number in whichever span it comes.
  const auto number = [&](std::string_view label, std::string_view value) {
    const std::string mac = filter_.pseudonymiser().ContentMac(
        fmt::format("placeholder{0}{1}{0}{2}{0}{3}{0}{4}", '\0', project_, trace_id, label, value));
    uint64_t hash = 0;
    std::memcpy(&hash, mac.data(), sizeof(hash));
    return kFirstWaitingNumber + static_cast<int64_t>(hash % uint64_t{kWaitingNumbers});
  };
  return filter_.RedactPiece(text, number, check_);
}

}  // namespace flywheel::ingest
