#include "experiment_service/rpc/watch_stream.h"

#include "absl/time/clock.h"
#include "shared/status/errors.h"

namespace flywheel::experiment {
namespace {

// How soon a stream notices a change, or that the server stops.
constexpr absl::Duration kLookAgain = absl::Milliseconds(100);

}  // namespace

std::shared_ptr<WatchStream> WatchStream::Start(grpc::CallbackServerContext& context,
                                                rpc::Endpoint* endpoint, std::string_view method,
                                                int64_t request_bytes, Open open) {
  rpc::Endpoint::Call call = endpoint->Begin(context, method);
  absl::Status refused = endpoint->Admit(context, rpc::Role::kReader, request_bytes, call);
  std::shared_ptr<WatchStream> stream(new WatchStream(endpoint, std::move(call)));
  // gRPC owns it until OnDone.
  stream->self_ = stream;
  if (refused.ok()) {
    absl::StatusOr<std::unique_ptr<WatchSource>> source = open(stream->call_.caller);
    refused = source.status();
    if (source.ok()) stream->source_ = *std::move(source);
  }
  if (refused.ok()) return stream;
  stream->Advance([&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(stream->mutex_) {
    stream->status_ = refused;
    stream->ended_ = true;
  });
  return stream;
}

bool WatchStream::ended() const {
  absl::MutexLock lock(&mutex_);
  return ended_;
}

void WatchStream::Look() {
  // Also of a stream whose reader takes nothing, and by which no change is waited for.
  const absl::Status may_go_on = endpoint_.MayGoOn(call_.caller);
  if (may_go_on.ok()) {
    absl::MutexLock lock(&mutex_);
    // Of a clock that was set back the wait is not longer than ever.
    const absl::Duration wait = next_look_ - absl::Now();
    const bool is_too_early = wait > absl::ZeroDuration() && wait <= kInterval;
    if (ended_ || !messages_.empty() || is_too_early) return;
  }
  absl::StatusOr<WatchSource::News> news =
      may_go_on.ok() ? source_->Look() : absl::StatusOr<WatchSource::News>(may_go_on);
  Advance([&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (ended_) return;
    if (!news.ok()) {
      status_ = news.status();
      ended_ = true;
      return;
    }
    if (!news->messages.empty() && !news->has_more) next_look_ = absl::Now() + kInterval;
    for (grpc::ByteBuffer& message : news->messages) messages_.push_back(std::move(message));
    ended_ = news->is_last;
  });
}

void WatchStream::OnWriteDone(bool ok) {
  Advance([this, ok]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    writing_ = false;
    messages_.pop_front();
    if (ok) return;
    broken_ = ended_ = true;
    if (status_.ok()) status_ = errors::Cancelled();
  });
}

void WatchStream::OnCancel() {
  Advance([this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    broken_ = ended_ = true;
    if (status_.ok()) status_ = errors::Cancelled();
  });
}

void WatchStream::OnDone() { self_ = nullptr; }

WatchStream::Action WatchStream::Decide() {
  if (finished_ || writing_) return {};
  // Of a stream that is refused further news, what waits is none.
  if (!messages_.empty() && !broken_ && status_.ok()) {
    writing_ = true;
    return {Action::kWrite, &messages_.front()};
  }
  if (!ended_) return {};
  finished_ = true;
  return {Action::kFinish, nullptr, status_};
}

void WatchStream::Advance(absl::FunctionRef<void()> event) {
  // gRPC may let go of this object while it is told to finish.
  const std::shared_ptr<WatchStream> keep = shared_from_this();
  Action action;
  {
    absl::MutexLock lock(&mutex_);
    // Whoever is acting looks again below, and sees what this event changed.
    event();
    if (acting_) return;
    action = Decide();
    acting_ = action.what != Action::kNothing;
  }
  while (action.what != Action::kNothing) {
    if (action.what == Action::kWrite) {
      StartWrite(action.message);
    } else {
      Finish(endpoint_.Conclude(call_, action.status));
    }
    absl::MutexLock lock(&mutex_);
    action = Decide();
    acting_ = action.what != Action::kNothing;
  }
}

WatchLoop::WatchLoop(rpc::Metrics* metrics)
    : loop_(
          {.name = "watch"}, [this]() -> absl::StatusOr<absl::Duration> { return LookAtAll(); },
          metrics) {
  loop_.Start();
}

void WatchLoop::Add(const std::shared_ptr<WatchStream>& stream) {
  if (stream->ended()) return;
  {
    absl::MutexLock lock(&mutex_);
    streams_.push_back(stream);
  }
  loop_.Wake();
}

absl::Duration WatchLoop::LookAtAll() {
  std::vector<std::shared_ptr<WatchStream>> open;
  {
    absl::MutexLock lock(&mutex_);
    std::vector<std::weak_ptr<WatchStream>> kept;
    for (const std::weak_ptr<WatchStream>& known : streams_) {
      std::shared_ptr<WatchStream> stream = known.lock();
      if (stream == nullptr || stream->ended()) continue;
      kept.push_back(known);
      open.push_back(std::move(stream));
    }
    streams_ = std::move(kept);
  }
  // Add() wakes a loop that has nothing to do.
  if (open.empty()) return absl::InfiniteDuration();
  for (const std::shared_ptr<WatchStream>& stream : open) stream->Look();
  return kLookAgain;
}

}  // namespace flywheel::experiment
