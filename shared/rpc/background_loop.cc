#include "shared/rpc/background_loop.h"

#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include "shared/status/errors.h"
#include "shared/text/quote.h"

namespace flywheel::rpc {

void BackgroundLoop::Start() {
  thread_ = std::thread([this] { Run(); });
}

void BackgroundLoop::Wake() {
  absl::MutexLock lock(&mutex_);
  woken_ = true;
}

void BackgroundLoop::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

bool BackgroundLoop::stopping() const {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

bool BackgroundLoop::Pause(absl::Duration pause) {
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&stopping_), pause);
  return !stopping_;
}

void BackgroundLoop::NoteProgress() {
  has_progressed_ = true;
  Note(absl::OkStatus());
}

void BackgroundLoop::Run() {
  if (options_.niceness != 0) {
    // Of this thread alone, as Linux has it. Where that fails, it is only less quiet.
    static_cast<void>(
        setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), options_.niceness));
  }
  absl::Duration pause = options_.first_delay;
  absl::Duration backoff = options_.min_backoff;
  bool may_be_woken = false;
  while (AwaitTurn(pause, may_be_woken)) {
    has_progressed_ = false;
    const absl::StatusOr<absl::Duration> next = step_();
    Note(next.status());
    if (has_progressed_) backoff = options_.min_backoff;
    may_be_woken = next.ok();
    pause = next.ok() ? *next : backoff;
    backoff = next.ok() ? options_.min_backoff : std::min(2 * backoff, options_.max_backoff);
  }
}

bool BackgroundLoop::AwaitTurn(absl::Duration pause, bool may_be_woken) {
  absl::MutexLock lock(&mutex_);
  const absl::Condition condition =
      may_be_woken ? absl::Condition(this, &BackgroundLoop::HasTurn) : absl::Condition(&stopping_);
  mutex_.AwaitWithTimeout(condition, pause);
  // Before the step: what it does not see any more wakes it again.
  woken_ = false;
  return !stopping_;
}

void BackgroundLoop::Note(const absl::Status& status) {
  const Reason reason = errors::ReasonOf(status);
  if (reason == Reason::kCancelled || reason == Reason::kShuttingDown) return;
  if (!status.ok()) metrics_.CountBackgroundFailure(options_.name);
  const std::string error = status.ok() ? "" : errors::MessageOf(status);
  if (error == std::exchange(last_error_, error)) return;
  if (status.ok()) {
    spdlog::info("event=background_recovered loop={}", options_.name);
  } else {
    spdlog::log(reason == Reason::kInternal ? spdlog::level::err : spdlog::level::warn,
                "event=background_failed loop={} reason={} message={}", options_.name,
                ReasonName(reason), Quoted(error));
  }
}

}  // namespace flywheel::rpc
