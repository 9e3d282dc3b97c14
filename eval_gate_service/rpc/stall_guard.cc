#include "eval_gate_service/rpc/stall_guard.h"

#include "absl/time/clock.h"

namespace flywheel::evalgate {

StallGuard::StallGuard(grpc::ServerContext& context, absl::Duration patience)
    : context_(context),
      patience_(patience),
      until_(absl::Now() + patience),
      thread_([this] { Watch(); }) {}

StallGuard::~StallGuard() {
  {
    absl::MutexLock lock(&mutex_);
    done_ = true;
  }
  thread_.join();
}

void StallGuard::Heard() {
  absl::MutexLock lock(&mutex_);
  until_ = absl::Now() + patience_;
}

void StallGuard::Watch() {
  absl::MutexLock lock(&mutex_);
  while (!done_) {
    // Looked at again when it has passed: it may have moved on.
    mutex_.AwaitWithDeadline(absl::Condition(&done_), until_);
    if (done_ || absl::Now() < until_) continue;
    context_.TryCancel();
    return;
  }
}

}  // namespace flywheel::evalgate
