#include "ingest_service/otlp/otlp_receiver.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "ingest_service/otlp/span_preparer.h"
#include "ingest_service/otlp/unread_spans.h"
#include "shared/status/errors.h"
#include "shared/text/shorten.h"

namespace flywheel::ingest {
namespace {

using opentelemetry::proto::common::v1::KeyValue;
using opentelemetry::proto::logs::v1::LogRecord;
using opentelemetry::proto::logs::v1::ResourceLogs;
using opentelemetry::proto::logs::v1::ScopeLogs;
using opentelemetry::proto::trace::v1::ResourceSpans;
using opentelemetry::proto::trace::v1::ScopeSpans;
using opentelemetry::proto::trace::v1::Span;

constexpr char kTraces[] = "ExportTraces";
constexpr char kLogs[] = "ExportLogs";
constexpr size_t kMaxShownBytes = 128;
constexpr std::string_view kEventPrefix = "gen_ai.";

// An export on its way: what is to be stored, and what was refused.
struct PreparedExport {
  std::vector<WaitingSpan> spans;
  int64_t kept_bytes = 0;
  int64_t refused = 0;
  int64_t dropped = 0;
  // Of the first that was refused.
  std::string message;
  // Kept, but of words that nobody here knows; the first by name.
  int64_t unread = 0;
  std::string unread_name;

  void Add(absl::StatusOr<WaitingSpan> prepared, std::string_view what, const std::string& name) {
    if (!prepared.ok()) return Refuse(prepared.status(), what, name);
    kept_bytes += static_cast<int64_t>(prepared->payload.size());
    spans.push_back(*std::move(prepared));
  }

  void NoteUnread(const std::string& name, const std::string& library) {
    if (unread++ > 0) return;
    unread_name = fmt::format("'{}' of '{}'", Shorten(name, kMaxShownBytes),
                              Shorten(library, kMaxShownBytes));
  }

  void Refuse(const absl::Status& status, std::string_view what, const std::string& name) {
    ++refused;
    if (message.empty()) {
      message = fmt::format("{} '{}': {}", what, Shorten(name, kMaxShownBytes),
                            errors::MessageOf(status));
    }
  }
};

// What was refused in all, with the first reason in words; an empty text where nothing was.
std::string RefusalText(const PreparedExport& prepared_export, const SpanCounts& counts,
                        const char* what) {
  std::string text;
  const auto add = [&](int64_t count, std::string_view why) {
    if (count > 0) text += fmt::format("{}{} {} {}", text.empty() ? "" : "; ", count, what, why);
  };
  add(prepared_export.refused, "cannot be kept, the first because of " + prepared_export.message);
  add(counts.conflicts,
      "have the id of one that is known with other content, which stays: give each span an id of "
      "its own");
  add(counts.overlong,
      "belong to a trace that has had as many spans as a trace may have: begin a new trace for "
      "each request");
  add(prepared_export.unread,
      fmt::format("seem to be an agent's and say nothing that is understood, the first {}: see "
                  "'Which names are understood' in docs/integrate/opentelemetry.md",
                  prepared_export.unread_name));
  return text;
}

void CountItems(rpc::Metrics& metrics, const char* method, const PreparedExport& prepared_export,
                const SpanCounts& counts) {
  const auto count = [&](const char* outcome, int64_t items) {
    if (items > 0) metrics.CountItems(method, outcome, static_cast<double>(items));
  };
  count("stored", counts.stored);
  count("replayed", counts.replayed);
  count("conflict", counts.conflicts);
  count("rejected", prepared_export.refused + counts.overlong);
  count("dropped", prepared_export.dropped);
  count("unread", prepared_export.unread);
}

// Stores what is to be stored; `answer` makes the response of how many were refused, and why.
template <typename Response, typename Answer>
void Store(SpanIntake& intake, rpc::Metrics& metrics, const char* method, const char* what,
           const std::string& project, PreparedExport prepared_export, int64_t size_bytes,
           Answer answer, std::function<void(absl::StatusOr<Response>)> done) {
  std::vector<WaitingSpan> spans = std::move(prepared_export.spans);
  const int64_t held_bytes = std::max(size_bytes, prepared_export.kept_bytes);
  auto respond = [&metrics, method, what, answer, prepared_export = std::move(prepared_export),
                  done = std::move(done)](const absl::StatusOr<SpanCounts>& counts) {
    if (!counts.ok()) return done(counts.status());
    CountItems(metrics, method, prepared_export, *counts);
    Response response;
    const int64_t refused = prepared_export.refused + counts->conflicts + counts->overlong;
    std::string text = RefusalText(prepared_export, *counts, what);
    if (!text.empty()) answer(response, refused, std::move(text));
    done(std::move(response));
  };
  if (spans.empty()) return respond(SpanCounts{});
  intake.Store(project, std::move(spans), held_bytes, std::move(respond));
}

// Newer senders have a field for it, older ones an attribute.
std::string EventName(const LogRecord& record) {
  if (!record.event_name().empty()) return record.event_name();
  for (const KeyValue& attribute : record.attributes()) {
    if (attribute.key() == "event.name") return attribute.value().string_value();
  }
  return "";
}

// Checks the export on a thread of the recogniser's queue, where there is one, and keeps it.
// `prepare` makes of it what is to be stored; `keep` stores that.
template <typename Request, typename Done>
void CheckAndKeep(RecogniserQueue* recogniser, const Request& request, int64_t size_bytes,
                  std::function<PreparedExport(const Request&, TextCheck*)> prepare,
                  std::function<void(PreparedExport, Done)> keep, Done done) {
  if (recogniser == nullptr) return keep(prepare(request, nullptr), std::move(done));
  const absl::Status taken = recogniser->Submit(
      size_bytes, [recogniser, prepare = std::move(prepare), keep = std::move(keep), done,
                   request = std::make_shared<Request>(request)](absl::Time deadline) {
        // Asked before it waits on the disk, with all pieces of the export in a call or a few. What
        // the trace becomes later has been checked then.
        TextCheck check;
        static_cast<void>(prepare(*request, &check));
        const absl::Status asked = check.Ask(recogniser->client(), deadline);
        if (!asked.ok()) return done(asked);
        keep(prepare(*request, &check), done);
      });
  if (!taken.ok()) done(taken);
}

// Each span by itself: pruned, pseudonymised, redacted.
PreparedExport PrepareTraces(const std::string& project, const InboundFilter& filter,
                             const OtlpReceiver::TracesRequest& request, TextCheck* check) {
  PreparedExport prepared_export;
  SpanPreparer preparer(project, filter, check);
  for (const ResourceSpans& resource : request.resource_spans()) {
    for (const ScopeSpans& scope : resource.scope_spans()) {
      const absl::Status origin =
          preparer.SetOrigin(resource.resource().attributes(), scope.scope().name());
      for (const Span& span : scope.spans()) {
        if (IsUnread(span)) prepared_export.NoteUnread(span.name(), scope.scope().name());
        prepared_export.Add(origin.ok() ? preparer.Prepare(span) : origin, "span", span.name());
      }
    }
  }
  return prepared_export;
}

// Of log records only events of generative AI are kept.
bool IsKeptRecord(const LogRecord& record, const std::string& name) {
  return name.rfind(kEventPrefix, 0) == 0 && !record.trace_id().empty();
}

PreparedExport PrepareLogs(const std::string& project, const InboundFilter& filter,
                           const OtlpReceiver::LogsRequest& request, TextCheck* check) {
  PreparedExport prepared_export;
  SpanPreparer preparer(project, filter, check);
  for (const ResourceLogs& resource : request.resource_logs()) {
    for (const ScopeLogs& scope : resource.scope_logs()) {
      const absl::Status origin =
          preparer.SetOrigin(resource.resource().attributes(), scope.scope().name());
      for (const LogRecord& record : scope.log_records()) {
        const std::string name = EventName(record);
        if (!IsKeptRecord(record, name)) {
          ++prepared_export.dropped;
          continue;
        }
        prepared_export.Add(origin.ok() ? preparer.Prepare(record, name) : origin, "event", name);
      }
    }
  }
  return prepared_export;
}

}  // namespace

void OtlpReceiver::ExportTraces(const std::string& project, const TracesRequest& request,
                                int64_t size_bytes, TracesDone done) const {
  // 1. The quota, by what was sent.
  int64_t spans = 0;
  for (const ResourceSpans& resource : request.resource_spans()) {
    for (const ScopeSpans& scope : resource.scope_spans()) spans += scope.spans_size();
  }
  if (const absl::Status admitted = quotas_.Consume(project, spans); !admitted.ok()) {
    return done(admitted);
  }
  // 2. Prepared, 3. on the disk, then answered.
  CheckAndKeep<TracesRequest, TracesDone>(
      filter_.recogniser(), request, size_bytes,
      [this, project](const TracesRequest& sent, TextCheck* check) {
        return PrepareTraces(project, filter_, sent, check);
      },
      [this, project, size_bytes](PreparedExport prepared_export, TracesDone answered) {
        Store<TracesResponse>(
            intake_, metrics_, kTraces, "spans", project, std::move(prepared_export), size_bytes,
            [](TracesResponse& response, int64_t refused, std::string message) {
              response.mutable_partial_success()->set_rejected_spans(refused);
              response.mutable_partial_success()->set_error_message(std::move(message));
            },
            std::move(answered));
      },
      std::move(done));
}

void OtlpReceiver::DropMetrics() const { metrics_.CountItems("ExportMetrics", "dropped", 1); }

void OtlpReceiver::ExportLogs(const std::string& project, const LogsRequest& request,
                              int64_t size_bytes, LogsDone done) const {
  CheckAndKeep<LogsRequest, LogsDone>(
      filter_.recogniser(), request, size_bytes,
      [this, project](const LogsRequest& sent, TextCheck* check) {
        return PrepareLogs(project, filter_, sent, check);
      },
      [this, project, size_bytes](PreparedExport prepared_export, const LogsDone& answered) {
        // The quota counts what is kept alone.
        const auto events = static_cast<int64_t>(prepared_export.spans.size());
        if (const absl::Status admitted = quotas_.Consume(project, events); !admitted.ok()) {
          return answered(admitted);
        }
        Store<LogsResponse>(
            intake_, metrics_, kLogs, "log records", project, std::move(prepared_export),
            size_bytes,
            [](LogsResponse& response, int64_t refused, std::string message) {
              response.mutable_partial_success()->set_rejected_log_records(refused);
              response.mutable_partial_success()->set_error_message(std::move(message));
            },
            answered);
      },
      std::move(done));
}

}  // namespace flywheel::ingest
