// Deadline and cancellation of a call, for work that takes seconds. Knows nothing of gRPC.
#ifndef FLYWHEEL_SHARED_TIME_DEADLINE_H_
#define FLYWHEEL_SHARED_TIME_DEADLINE_H_

#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "shared/status/errors.h"

namespace flywheel {

// Whether anybody still wants the answer. Asked between the pieces of long work, and every 100 ms
// or so inside the loops that take longest. Thread-safe where `cancelled` is.
class Deadline {
 public:
  // None: the work goes on to its end.
  Deadline() = default;

  // `time` is of the machine's clock. `cancelled` says why the work is to end before it (the caller
  // is gone, the server stops), and OK while it is not.
  explicit Deadline(absl::Time time, std::function<absl::Status()> cancelled = nullptr)
      : time_(time), cancelled_(std::move(cancelled)) {}

  // InfiniteFuture where there is none.
  absl::Time time() const { return time_; }
  absl::Duration TimeLeft() const { return time_ - absl::Now(); }

  // OK: go on. DEADLINE_EXCEEDED or the error of `cancelled` ends the work, which returns it.
  absl::Status Check() const {
    if (time_ <= absl::Now()) return errors::DeadlineExceeded();
    return cancelled_ == nullptr ? absl::OkStatus() : cancelled_();
  }

 private:
  absl::Time time_ = absl::InfiniteFuture();
  std::function<absl::Status()> cancelled_;
};

// Checks a deadline in every so many steps of a loop, where a check in each of them would cost more
// than the step.
//
//   PeriodicCheck check(deadline, 1'000);
//   for (const Row& row : rows) {
//     RETURN_IF_ERROR(check.Step());
class PeriodicCheck {
 public:
  // `deadline` outlives this object.
  PeriodicCheck(const Deadline& deadline, int steps) : deadline_(deadline), steps_(steps) {}

  absl::Status Step() {
    if (++taken_ < steps_) return absl::OkStatus();
    taken_ = 0;
    return deadline_.Check();
  }

 private:
  const Deadline& deadline_;
  const int steps_;
  int taken_ = 0;
};

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_TIME_DEADLINE_H_
