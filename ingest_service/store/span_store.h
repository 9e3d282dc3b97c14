// The SQL of spans that wait for their trace.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_SPAN_STORE_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_SPAN_STORE_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/domain/privacy.h"
#include "ingest_service/domain/waiting_span.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

struct InsertedSpans {
  SpanCounts counts;
  // When the first of the touched traces will be due; InfiniteFuture where nothing was stored.
  absl::Time due_time = absl::InfiniteFuture();
};

// The SQL of spans that wait for their trace. In the caller's transaction.
class SpanStore {
 public:
  explicit SpanStore(sql::Connection& connection) : connection_(connection) {}

  // Stores spans that are new. QUOTA_EXCEEDED, before anything is changed, where too much of the
  // project waits already.
  absl::StatusOr<InsertedSpans> Insert(const std::string& project,
                                       const std::vector<WaitingSpan>& spans,
                                       const TraceLimits& limits, absl::Time now);

  // What waits of a trace, up to the limits; nullopt where nothing does.
  absl::StatusOr<std::optional<WaitingTrace>> ReadTrace(const TraceKey& key,
                                                        const TraceLimits& limits);

  // Takes what was read of a trace out of the waiting, as a further part of the trace where
  // `became_part`. CHANGED_MEANWHILE, before anything is changed, where the trace has changed
  // since: more has come, which belongs to the same part unless `trace.cut`, or its spans are gone.
  absl::Status RemoveTrace(const WaitingTrace& trace, bool became_part, const TraceLimits& limits,
                           absl::Time now);

  // The interactions that the traces would become, as their first parts, that wait with a span of
  // this user or of this session, or that is this interaction; at most as many as spans of a
  // project may wait (TraceLimits).
  absl::StatusOr<std::set<std::string>> WaitingInteractions(const std::string& project,
                                                            SubjectKind kind,
                                                            const std::string& name);

  // Erases all that is known of the trace that became this interaction, if it came from one, and
  // what still waits of it: what is sent of it again is assembled again, under the id that it had.
  // Returns how many spans waited.
  absl::StatusOr<int64_t> ForgetTraceOf(const std::string& project,
                                        const std::string& interaction_id);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_SPAN_STORE_H_
