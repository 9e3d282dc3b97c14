// Buffered spans: what ingest keeps of OpenTelemetry's spans until their trace is an interaction.
#ifndef FLYWHEEL_INGEST_SERVICE_DOMAIN_WAITING_SPAN_H_
#define FLYWHEEL_INGEST_SERVICE_DOMAIN_WAITING_SPAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace flywheel::ingest {

// A span, or an event that came as a log record, redacted and its user a pseudonym.
struct WaitingSpan {
  // 32 lower-case hexadecimal digits.
  std::string trace_id;
  // 8 bytes, unique in the trace: the span's id; of an event, the first half of its content's MAC.
  std::string identity;
  // 8 bytes of a MAC of what was sent: tells a replay from a conflict.
  std::string content;
  // The same under older keys.
  std::vector<std::string> older_contents;
  // It has no parent.
  bool is_root = false;
  // Whose it is; empty where it does not say.
  std::string user_pseudonym;
  // Which session it belongs to; empty where it does not say.
  std::string session_id;
  // In the encoding of the wire.
  std::string payload;
};

// How long traces wait, and how much of them.
struct TraceLimits {
  // A trace with a root is complete when nothing came for so long.
  absl::Duration settle = absl::Seconds(5);
  // No span waits longer than this, root or not.
  absl::Duration max_wait = absl::Minutes(10);
  // A trace of which so much waits is cut there: what comes later is its next part.
  int64_t max_trace_spans = 10'000;
  int64_t max_trace_bytes = 16 << 20;
  // Further spans of a trace that had so many are refused.
  int64_t max_known_spans = 100'000;
  // A project of which more would wait has to try again later.
  int64_t max_project_spans = 1'000'000;
  int64_t max_project_bytes = 1 << 30;
};

// What became of the spans of an export, by number.
struct SpanCounts {
  int64_t stored = 0;
  int64_t replayed = 0;
  // Known with other content, which stays.
  int64_t conflicts = 0;
  // Of traces that have had as many spans as a trace may have.
  int64_t overlong = 0;
};

// The key of a trace.
struct TraceKey {
  std::string project;
  std::string trace_id;
};

// What waits of a trace, as far as it goes into one interaction.
struct WaitingTrace {
  TraceKey key;
  // Payloads in the order of their arrival.
  std::vector<std::string> payloads;
  int64_t spans = 0;
  int64_t bytes = 0;
  // Of the last of them. There is more where `cut`.
  int64_t last_number = 0;
  bool cut = false;
  // A span without a parent has come, here or in an earlier part.
  bool has_root = false;
  absl::Time first_arrival;
  // How many interactions it became before.
  int64_t parts = 0;
  // Of the first of them; empty where it has none.
  std::string session_id;
  std::string user_pseudonym;
  std::string agent;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_DOMAIN_WAITING_SPAN_H_
