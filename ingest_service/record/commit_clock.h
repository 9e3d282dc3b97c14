// Monotonic clock: the commit times of the feed rise with its sequences.
#ifndef FLYWHEEL_INGEST_SERVICE_RECORD_COMMIT_CLOCK_H_
#define FLYWHEEL_INGEST_SERVICE_RECORD_COMMIT_CLOCK_H_

#include <algorithm>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "shared/time/clock.h"

namespace flywheel::ingest {

// Tells the time of another clock, or the last time that was told where the other one was set back.
// Restoring to a moment and the rules of age count on it: what was committed later must not look
// older. Thread-safe.
class CommitClock : public Clock {
 public:
  // `last` is the newest commit time of the store. `clock` outlives this object.
  CommitClock(const Clock* clock, absl::Time last) : clock_(clock), last_(last) {}

  absl::Time Now() const override {
    absl::MutexLock lock(&mutex_);
    return last_ = std::max(last_, clock_->Now());
  }

 private:
  const Clock* const clock_;
  mutable absl::Mutex mutex_;
  mutable absl::Time last_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RECORD_COMMIT_CLOCK_H_
