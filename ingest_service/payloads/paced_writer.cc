#include "ingest_service/payloads/paced_writer.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr size_t kMaxRows = 200;
// The writer's thread is ingest's: a batch that comes now waits at most this long for it.
constexpr absl::Duration kMaxWriteTime = absl::Milliseconds(5);
constexpr absl::Duration kCrowdedPause = absl::Milliseconds(50);
constexpr absl::Duration kMaxPause = absl::Milliseconds(200);

}  // namespace

absl::Status PacedWriter::Write(
    size_t count, absl::FunctionRef<absl::Status(sql::Connection&, size_t index)> one) {
  size_t next = 0;
  while (next < count) {
    if (stopped()) return errors::ShuttingDown();
    // Ingest first: while much is queued nothing is added to it.
    if (Crowded()) {
      Pause(kCrowdedPause);
      continue;
    }
    size_t reached = next;
    // As many rows as fit into a few milliseconds, at least one.
    const absl::Time begin = absl::Now();
    const absl::Status status = database_->Write([&](sql::Connection& connection) -> absl::Status {
      const absl::Time write_begin = absl::Now();
      for (reached = next; reached < std::min(count, next + kMaxRows); ++reached) {
        if (reached > next && absl::Now() - write_begin > kMaxWriteTime) break;
        RETURN_IF_ERROR(one(connection, reached));
      }
      return absl::OkStatus();
    });
    // The queue filled up in the moment between: the same rows again, later.
    if (errors::ReasonOf(status) == Reason::kBackPressure) {
      Pause(kCrowdedPause);
      continue;
    }
    RETURN_IF_ERROR(status);
    next = reached;
    // Half of the writer's time at most.
    if (next < count) Pause(std::min(absl::Now() - begin, kMaxPause));
  }
  return absl::OkStatus();
}

bool PacedWriter::Crowded() const { return database_->queued_bytes() > max_queued_bytes_ / 4; }

void PacedWriter::Pause(absl::Duration duration) {
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&stopped_), duration);
}

void PacedWriter::Stop() {
  absl::MutexLock lock(&mutex_);
  stopped_ = true;
}

bool PacedWriter::stopped() const {
  absl::MutexLock lock(&mutex_);
  return stopped_;
}

}  // namespace flywheel::ingest
