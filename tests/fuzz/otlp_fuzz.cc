// Whatever is exported: what waits can be decoded, and what it becomes is valid, small enough, and
// the same again.
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/util/message_differencer.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "ingest_service/otlp/export_decoder.h"
#include "ingest_service/otlp/span_preparer.h"
#include "ingest_service/otlp/trace_mapper.h"
#include "ingest_service/privacy/inbound_filter.h"
#include "ingest_service/record/record_checks.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.pb.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.pb.h"

namespace {

using flywheel::ingest::MappedTrace;
using flywheel::ingest::SpanPreparer;
using flywheel::ingest::WaitingSpan;
using flywheel::ingest::WaitingTrace;
using google::protobuf::util::MessageDifferencer;
using opentelemetry::proto::collector::logs::v1::ExportLogsServiceRequest;
using opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest;

constexpr size_t kMaxBytes = 2 << 20;

void Require(bool holds) {
  if (!holds) std::abort();
}

absl::Time Arrival() { return absl::FromUnixSeconds(1'800'000'000); }

const flywheel::ingest::InboundFilter& Filter() {
  static const auto& pseudonymiser =
      *new flywheel::Pseudonymiser("a key of at least thirty-two characters");
  static auto& metrics = *new flywheel::rpc::Metrics();
  static const auto& filter = *new flywheel::ingest::InboundFilter(
      &pseudonymiser, *flywheel::redaction::PiiDetector::Make({}), &metrics);
  return filter;
}

void Take(absl::StatusOr<WaitingSpan> span, WaitingTrace& trace) {
  if (!span.ok()) return;
  Require(span->trace_id.size() == 32 && span->identity.size() == 8 && span->content.size() == 8);
  trace.key.trace_id = span->trace_id;
  trace.has_root = trace.has_root || span->is_root;
  trace.payloads.push_back(std::move(span->payload));
}

void Check(const WaitingTrace& trace) {
  const MappedTrace mapped = flywheel::ingest::MapTrace(trace);
  const MappedTrace again = flywheel::ingest::MapTrace(trace);
  Require(mapped.turns.size() == again.turns.size());
  for (size_t i = 0; i < mapped.turns.size(); ++i) {
    const auto& interaction = mapped.turns[i].interaction;
    Require(flywheel::ingest::CheckRecord(interaction, Arrival(), "").ok());
    Require(interaction.ByteSizeLong() <= kMaxBytes);
    Require(MessageDifferencer::Equals(interaction, again.turns[i].interaction));
  }
  for (const auto& signal : mapped.signals) {
    Require(flywheel::ingest::CheckRecord(signal, Arrival(), "").ok());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // It has a line to say about every text that is no UTF-8.
  static const google::protobuf::LogSilencer silence;
  if (size == 0) return 0;
  static const std::string& project = *new std::string("default");
  SpanPreparer preparer(project, Filter());
  WaitingTrace trace;
  trace.key.project = project;
  trace.first_arrival = Arrival();
  trace.parts = data[0] & 1;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  ExportTraceServiceRequest traces;
  if (flywheel::ingest::DecodeExport(bytes, &traces).ok()) {
    for (const auto& resource : traces.resource_spans()) {
      for (const auto& scope : resource.scope_spans()) {
        if (!preparer.SetOrigin(resource.resource().attributes(), scope.scope().name()).ok()) {
          continue;
        }
        for (const auto& span : scope.spans()) Take(preparer.Prepare(span), trace);
      }
    }
  }
  ExportLogsServiceRequest logs;
  if (flywheel::ingest::DecodeExport(bytes, &logs).ok()) {
    for (const auto& resource : logs.resource_logs()) {
      for (const auto& scope : resource.scope_logs()) {
        if (!preparer.SetOrigin(resource.resource().attributes(), scope.scope().name()).ok()) {
          continue;
        }
        for (const auto& record : scope.log_records()) {
          Take(preparer.Prepare(record, record.event_name()), trace);
        }
      }
    }
  }
  if (!trace.payloads.empty()) Check(trace);
  return 0;
}
