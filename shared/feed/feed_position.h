// Position of a follower of ingest's feed: how far it has read.
#ifndef FLYWHEEL_SHARED_FEED_FEED_POSITION_H_
#define FLYWHEEL_SHARED_FEED_FEED_POSITION_H_

#include <algorithm>
#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace flywheel::feed {

// Thread-safe. The follower alone moves it, after each commit; others wait for it.
class FeedPosition {
 public:
  // Never moves back.
  void Advance(int64_t sequence) {
    absl::MutexLock lock(&mutex_);
    if (sequence > sequence_) sequence_ = sequence;
  }

  // The feed is read up to what was committed at `time`; InfiniteFuture: to its end, and what comes
  // comes at once.
  void ReadUpTo(absl::Time time) {
    absl::MutexLock lock(&mutex_);
    read_up_to_ = time;
  }

  // At `now` the feed cannot be read any more.
  void Interrupt(absl::Time now) {
    absl::MutexLock lock(&mutex_);
    read_up_to_ = std::min(read_up_to_, now);
  }

  // How old at `now` is what may not have been read yet; 0 at the feed's end.
  absl::Duration Lag(absl::Time now) const {
    absl::MutexLock lock(&mutex_);
    return std::max(absl::ZeroDuration(), now - read_up_to_);
  }

  // Waits, by the machine's clock, until the feed was read up to `sequence`; false where `timeout`
  // passes before.
  bool WaitFor(int64_t sequence, absl::Duration timeout) const {
    absl::MutexLock lock(&mutex_);
    const auto done = [this, sequence]()
                          ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return sequence_ >= sequence; };
    return mutex_.AwaitWithTimeout(absl::Condition(&done), timeout);
  }

  int64_t sequence() const {
    absl::MutexLock lock(&mutex_);
    return sequence_;
  }

 private:
  mutable absl::Mutex mutex_;
  int64_t sequence_ ABSL_GUARDED_BY(mutex_) = 0;
  // Nobody knows what came before this process did.
  absl::Time read_up_to_ ABSL_GUARDED_BY(mutex_) = absl::Now();
};

}  // namespace flywheel::feed

#endif  // FLYWHEEL_SHARED_FEED_FEED_POSITION_H_
