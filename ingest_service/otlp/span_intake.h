// Stores spans durably until their trace is complete; acknowledges after the commit.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_SPAN_INTAKE_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_SPAN_INTAKE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/domain/waiting_span.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::ingest {

// Stores spans where they wait for their trace. Thread-safe; a call returns at once, and `done`
// runs after the commit on the store's thread for answers.
class SpanIntake {
 public:
  using Done = std::function<void(absl::StatusOr<SpanCounts>)>;
  // Is told when the next of the touched traces will be due, after the commit; must be quick.
  using DueListener = std::function<void(absl::Time)>;

  // All pointers outlive this object.
  SpanIntake(sql::Database* database, const Clock* clock, const TraceLimits& limits,
             DueListener due_listener)
      : database_(database),
        clock_(clock),
        limits_(limits),
        due_listener_(std::move(due_listener)) {}

  // `size_bytes` is what the export holds in memory until it is committed. BACK_PRESSURE,
  // STORAGE_FULL, STORAGE_UNAVAILABLE, and QUOTA_EXCEEDED where too much of the project waits
  // already: nothing of the export is stored then. All four carry RetryInfo.
  void Store(std::string project, std::vector<WaitingSpan> spans, int64_t size_bytes, Done done);

  // How many spans wait in all projects; 0 where the store does not say.
  int64_t WaitingSpans() const;

 private:
  sql::Database* const database_;
  const Clock* const clock_;
  const TraceLimits limits_;
  const DueListener due_listener_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_SPAN_INTAKE_H_
