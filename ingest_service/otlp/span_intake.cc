#include "ingest_service/otlp/span_intake.h"

#include <memory>
#include <utility>

#include "ingest_service/store/span_store.h"
#include "ingest_service/store/trace_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {

void SpanIntake::Store(std::string project, std::vector<WaitingSpan> spans, int64_t size_bytes,
                       Done done) {
  auto inserted = std::make_shared<absl::StatusOr<InsertedSpans>>();
  database_->WriteAsync(
      size_bytes,
      [this, inserted, project = std::move(project),
       spans = std::move(spans)](sql::Connection& connection) -> absl::Status {
        // Also what becomes of each span is decided here: a replay, a conflict, or one more of its
        // trace.
        *inserted = SpanStore(connection).Insert(project, spans, limits_, clock_->Now());
        // Refused before anything was changed, which is no matter of the commit.
        const bool refused = errors::ReasonOf(inserted->status()) == Reason::kQuotaExceeded;
        return refused ? absl::OkStatus() : inserted->status();
      },
      [this, inserted, done = std::move(done)](const absl::Status& status) {
        if (!status.ok()) return done(status);
        if (!inserted->ok()) return done(inserted->status());
        // Only now that the spans are on the disk: the assembler would not find them before.
        due_listener_((*inserted)->due_time);
        done((*inserted)->counts);
      },
      sql::Database::OnError::kUndoCommit);
}

int64_t SpanIntake::WaitingSpans() const {
  return database_
      ->Read([](sql::Connection& connection) { return TraceStore(connection).CountWaitingSpans(); })
      .value_or(0);
}

}  // namespace flywheel::ingest
