#include "ingest_service/otlp/export_decoder.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include "absl/functional/function_ref.h"
#include "ingest_service/otlp/message_count.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

using google::protobuf::internal::WireFormatLite;
using opentelemetry::proto::collector::logs::v1::ExportLogsServiceRequest;
using opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest;
using opentelemetry::proto::logs::v1::LogRecord;
using opentelemetry::proto::logs::v1::ResourceLogs;
using opentelemetry::proto::logs::v1::ScopeLogs;
using opentelemetry::proto::trace::v1::ResourceSpans;
using opentelemetry::proto::trace::v1::ScopeSpans;
using opentelemetry::proto::trace::v1::Span;

constexpr char kUndecodable[] = "one that cannot be decoded: are all of its texts UTF-8?";

bool Parse(std::string_view bytes, google::protobuf::MessageLite* message) {
  return message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

// Hands on the fields 1 and 2 of a message, all of which have a length; false where it is none.
bool ForEachPart(std::string_view bytes,
                 absl::FunctionRef<bool(int field, std::string_view part)> visit) {
  const auto* const begin = reinterpret_cast<const uint8_t*>(bytes.data());
  google::protobuf::io::CodedInputStream stream(begin, static_cast<int>(bytes.size()));
  while (const uint32_t tag = stream.ReadTag()) {
    const int field = WireFormatLite::GetTagFieldNumber(tag);
    const bool wanted = field <= 2 && WireFormatLite::GetTagWireType(tag) ==
                                          WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
    if (!wanted) {
      if (!WireFormatLite::SkipField(&stream, tag)) return false;
      continue;
    }
    uint32_t size = 0;
    if (!stream.ReadVarint32(&size)) return false;
    const int start = stream.CurrentPosition();
    if (size > bytes.size() || !stream.Skip(static_cast<int>(size))) return false;
    if (!visit(field, bytes.substr(static_cast<size_t>(start), size))) return false;
  }
  return stream.ConsumedEntireMessage();
}

ScopeSpans* AddScope(ResourceSpans& resource) { return resource.add_scope_spans(); }
ScopeLogs* AddScope(ResourceLogs& resource) { return resource.add_scope_logs(); }

// A span without ids is refused by the receiver, with this name in the answer.
void AddItem(std::string_view bytes, ScopeSpans& scope) {
  Span* const span = scope.add_spans();
  if (Parse(bytes, span)) return;
  span->Clear();
  span->set_name(kUndecodable);
}

// The same for a log record: an event of generative AI whose trace id is none.
void AddItem(std::string_view bytes, ScopeLogs& scope) {
  LogRecord* const record = scope.add_log_records();
  if (Parse(bytes, record)) return;
  record->Clear();
  record->set_event_name(std::string("gen_ai.") + kUndecodable);
  record->set_trace_id("?");
}

template <typename Resource>
bool ReadResource(std::string_view bytes, Resource& resource) {
  // Field 1 is the resource and field 2 a scope; of a scope, 1 is its name and 2 an item. Both
  // signals number them alike.
  return ForEachPart(bytes, [&](int field, std::string_view part) {
    if (field == 1) {
      if (!Parse(part, resource.mutable_resource())) resource.clear_resource();
      return true;
    }
    auto* const scope = AddScope(resource);
    return ForEachPart(part, [&](int inner_field, std::string_view inner_part) {
      if (inner_field == 2) AddItem(inner_part, *scope);
      if (inner_field == 1 && !Parse(inner_part, scope->mutable_scope())) scope->clear_scope();
      return true;
    });
  });
}

// `add` makes room for one resource.
template <typename Request, typename Add>
absl::Status Decode(std::string_view bytes, Request* request, Add add) {
  // Bounded before anything is decoded.
  RETURN_IF_ERROR(CheckMessageCount(bytes, *Request::descriptor()));
  // The usual way: all of it at once.
  if (Parse(bytes, request)) return absl::OkStatus();
  // Something in it cannot be decoded: part by part, so that only that part is lost.
  request->Clear();
  const bool is_export = ForEachPart(bytes, [&](int field, std::string_view part) {
    return field != 1 || ReadResource(part, *add());
  });
  if (is_export) return absl::OkStatus();
  return errors::InvalidArgument("request", "bytes that cannot be decoded",
                                 "an export of OTLP 1.x in protobuf's encoding");
}

}  // namespace

absl::Status DecodeExport(std::string_view bytes, ExportTraceServiceRequest* request) {
  return Decode(bytes, request, [&] { return request->add_resource_spans(); });
}

absl::Status DecodeExport(std::string_view bytes, ExportLogsServiceRequest* request) {
  return Decode(bytes, request, [&] { return request->add_resource_logs(); });
}

}  // namespace flywheel::ingest
