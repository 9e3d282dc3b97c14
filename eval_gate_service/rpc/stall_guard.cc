#include "eval_gate_service/rpc/stall_guard.h"

#include <algorithm>

#include "absl/time/clock.h"

namespace flywheel::evalgate {

StallGuard::StallGuard(grpc::ServerContext& context, const Limits& limits)
    : context_(context),
      silence_(limits.silence),
      end_(absl::Now() + limits.whole),
      until_(std::min(absl::Now() + limits.silence, end_)),
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
  until_ = std::min(absl::Now() + silence_, end_);
}

void StallGuard::Working() {
  absl::MutexLock lock(&mutex_);
  until_ = end_;
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
