// Polls a condition that nobody signals: another process, a remote service, a file.
#ifndef FLYWHEEL_SHARED_TIME_POLL_H_
#define FLYWHEEL_SHARED_TIME_POLL_H_

#include <algorithm>

#include "absl/functional/function_ref.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace flywheel {

// Asks `done` at once and then every `interval`, until it is true; false where it was not within
// `timeout`, which may be infinite. `done` is asked once more when the time is up, so that a caller
// that was kept waiting does not give up on what has happened meanwhile. Whoever may be stopped
// looks for that in `done`.
//
// The only place where a thread sleeps. What another thread of this process does is waited for by
// absl::Mutex and absl::Notification, which wake at once.
inline bool PollUntil(absl::FunctionRef<bool()> done, absl::Duration timeout,
                      absl::Duration interval = absl::Milliseconds(5)) {
  const absl::Time end = absl::Now() + timeout;
  while (!done()) {
    const absl::Duration left = end - absl::Now();
    if (left <= absl::ZeroDuration()) return false;
    absl::SleepFor(std::min(interval, left));
  }
  return true;
}

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_TIME_POLL_H_
