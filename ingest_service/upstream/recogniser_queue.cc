#include "ingest_service/upstream/recogniser_queue.h"

#include <utility>

#include "absl/time/clock.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// Each waits for one call at a time: so many are asked at once.
constexpr int kRecogniserThreads = 16;
constexpr absl::Duration kProbeInterval = absl::Seconds(5);
constexpr absl::Duration kFirstProbeBackoff = absl::Milliseconds(200);

}  // namespace

RecogniserQueue::RecogniserQueue(std::unique_ptr<RecogniserClient> client, int64_t max_bytes,
                                 rpc::Metrics* metrics)
    : client_(std::move(client)),
      max_bytes_(max_bytes),
      probes_(
          {.name = "recogniser", .min_backoff = kFirstProbeBackoff},
          [this]() -> absl::StatusOr<absl::Duration> {
            const absl::Status status = client_->Probe();
            if (listener_ != nullptr) listener_(status.ok());
            RETURN_IF_ERROR(status);
            return kProbeInterval;
          },
          metrics) {
  for (int i = 0; i < kRecogniserThreads; ++i) threads_.emplace_back([this] { Run(); });
}

void RecogniserQueue::Start(HealthListener listener) {
  listener_ = std::move(listener);
  probes_.Start();
}

void RecogniserQueue::Stop() {
  probes_.Stop();
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

absl::Status RecogniserQueue::Submit(int64_t bytes, Work work) {
  const absl::Time deadline = absl::Now() + client_->config().timeout;
  absl::MutexLock lock(&mutex_);
  if (stopping_) return errors::ShuttingDown();
  // One request is taken however large it is.
  if (bytes_ > 0 && bytes_ + bytes > max_bytes_) return errors::BackPressure(bytes_, max_bytes_);
  bytes_ += bytes;
  waiting_.push_back({bytes, deadline, std::move(work)});
  return absl::OkStatus();
}

void RecogniserQueue::Run() {
  while (true) {
    Waiting next;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &RecogniserQueue::HasTurn));
      if (waiting_.empty()) return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    next.work(next.deadline);
    const bool was_up = client_->is_up();
    // What it holds is freed before it is counted as such.
    next.work = nullptr;
    {
      absl::MutexLock lock(&mutex_);
      bytes_ -= next.bytes;
    }
    // The health of the service says so without waiting for the next probe.
    if (!was_up) probes_.Wake();
  }
}

}  // namespace flywheel::ingest
