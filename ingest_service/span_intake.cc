#include "ingest_service/span_intake.h"

#include <memory>
#include <utility>

#include "ingest_service/store/span_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {

void SpanIntake::Store(std::string project, std::vector<WaitingSpan> spans, int64_t size_bytes,
                       Done done) {
  auto inserted = std::make_shared<InsertedSpans>();
  database_->WriteAsync(
      size_bytes,
      [this, inserted, project = std::move(project),
       spans = std::move(spans)](sql::Connection& connection) -> absl::Status {
        ASSIGN_OR_RETURN(*inserted,
                         InsertSpans(connection, project, spans, limits_, clock_->Now()));
        return absl::OkStatus();
      },
      [this, inserted, done = std::move(done)](const absl::Status& status) {
        if (!status.ok()) return done(status);
        due_listener_(inserted->due_time);
        done(inserted->verdicts);
      });
}

int64_t SpanIntake::WaitingSpans() const {
  int64_t waiting = 0;
  const absl::Status read = database_->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(waiting, CountWaitingSpans(connection));
    return absl::OkStatus();
  });
  return read.ok() ? waiting : 0;
}

}  // namespace flywheel::ingest
