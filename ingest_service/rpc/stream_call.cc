#include "ingest_service/rpc/stream_call.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "shared/rpc/byte_buffer.h"
#include "shared/rpc/feed_token.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"

namespace flywheel::ingest {
namespace {

constexpr char kMethod[] = "StreamInteractions";

// A refused message does not end the stream: the answer says why, and when to send it again.
void Refuse(const absl::Status& status, v1::StreamInteractionsResponse& response) {
  response.set_reason(static_cast<common::v1::ErrorReason>(errors::ReasonOf(status)));
  response.set_message(errors::MessageOf(status));
  const std::optional<absl::Duration> delay = errors::RetryDelayOf(status);
  if (delay.has_value()) *response.mutable_retry_delay() = rpc::ToProto(*delay);
}

}  // namespace

std::shared_ptr<StreamCall> StreamCall::Start(grpc::CallbackServerContext& context,
                                              rpc::Endpoint* endpoint, const BatchWriter* writer) {
  std::shared_ptr<StreamCall> stream(
      new StreamCall(endpoint, writer, endpoint->Begin(context, kMethod)));
  // gRPC owns it until OnDone.
  stream->self_ = stream;
  const absl::Status admitted =
      endpoint->Admit(context, rpc::Role::kWriter, /*request_bytes=*/0, stream->call_);
  stream->Advance([&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(stream->mutex_) {
    stream->status_ = admitted;
    stream->ended_ = !admitted.ok();
  });
  return stream;
}

void StreamCall::Drain() {
  Advance([this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (ended_) return;
    ended_ = true;
    status_ = errors::ShuttingDown();
  });
}

void StreamCall::OnReadDone(bool ok) {
  if (!ok) {
    return Advance([this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      reading_ = false;
      ended_ = true;
    });
  }
  int64_t number = 0;
  {
    absl::MutexLock lock(&mutex_);
    // Its place in the order of answers, whenever its commit comes.
    number = first_ + static_cast<int64_t>(waiting_.size());
    waiting_.emplace_back();
  }
  // request_ is this call's until reading_ is false again.
  Take(number);
  Advance([this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { reading_ = false; });
}

void StreamCall::Take(int64_t number) {
  // Each message is judged like a call of its own.
  absl::Status refusal = endpoint_.CheckSize(static_cast<int64_t>(request_.Length()));
  if (refusal.ok()) refusal = endpoint_.MayGoOn(call_.caller);
  if (!refusal.ok()) return Answered(number, refusal);
  absl::StatusOr<RawBatch> batch = RawBatch::Parse(request_);
  if (!batch.ok()) return Answered(number, batch.status());
  writer_.LogInteractions(kMethod, call_.caller.project, *std::move(batch),
                          [self = shared_from_this(), number](absl::StatusOr<BatchAnswer> answer) {
                            self->Answered(number, std::move(answer));
                          });
}

void StreamCall::Answered(int64_t number, absl::StatusOr<BatchAnswer> answer) {
  v1::StreamInteractionsResponse response;
  if (answer.ok()) {
    response.mutable_results()->Swap(&answer->results);
    response.set_commit_token(rpc::FeedToken(answer->commit_sequence));
  } else {
    Refuse(answer.status(), response);
  }
  grpc::ByteBuffer bytes = rpc::ToByteBuffer(response);
  Advance([&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    // After a break nobody waits for it.
    if (number < first_) return;
    Waiting& waiting = waiting_[static_cast<size_t>(number - first_)];
    waiting.answered = true;
    waiting.response.Swap(&bytes);
  });
}

void StreamCall::OnWriteDone(bool ok) {
  Advance([this, ok]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    writing_ = false;
    // gRPC has taken the answer at the front.
    waiting_.pop_front();
    ++first_;
    if (!ok) broken_ = ended_ = true;
  });
}

void StreamCall::OnCancel() {
  Advance([this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    broken_ = ended_ = true;
    if (status_.ok()) status_ = errors::Cancelled();
  });
}

void StreamCall::OnDone() { self_ = nullptr; }

StreamCall::Action StreamCall::Decide() {
  if (finished_) return {};
  // Answers first, in the order of their messages,
  if (!writing_ && !broken_ && !waiting_.empty() && waiting_.front().answered) {
    writing_ = true;
    return {Action::kWrite, &waiting_.front().response, absl::OkStatus()};
  }
  // then further messages, as long as few wait,
  if (!reading_ && !ended_ && waiting_.size() < kMaxWaiting) {
    reading_ = true;
    return {Action::kRead, nullptr, absl::OkStatus()};
  }
  // and the end once all that was taken is answered.
  if (ended_ && !writing_ && (waiting_.empty() || broken_)) {
    finished_ = true;
    return {Action::kFinish, nullptr, status_};
  }
  return {};
}

void StreamCall::Advance(absl::FunctionRef<void()> event) {
  // gRPC may let go of this object while it is told to finish.
  const std::shared_ptr<StreamCall> keep = shared_from_this();
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
    switch (action.what) {
      case Action::kRead:
        StartRead(&request_);
        break;
      case Action::kWrite:
        StartWrite(action.response);
        break;
      case Action::kFinish:
        Finish(endpoint_.Conclude(call_, action.status));
        break;
      case Action::kNothing:
        break;
    }
    absl::MutexLock lock(&mutex_);
    action = Decide();
    acting_ = action.what != Action::kNothing;
  }
}

void OpenStreams::Add(const std::shared_ptr<StreamCall>& stream) {
  absl::MutexLock lock(&mutex_);
  streams_.erase(std::remove_if(streams_.begin(), streams_.end(),
                                [](const auto& open) { return open.expired(); }),
                 streams_.end());
  streams_.push_back(stream);
}

void OpenStreams::Drain() {
  std::vector<std::weak_ptr<StreamCall>> streams;
  {
    absl::MutexLock lock(&mutex_);
    streams.swap(streams_);
  }
  for (const std::weak_ptr<StreamCall>& open : streams) {
    if (const std::shared_ptr<StreamCall> stream = open.lock()) stream->Drain();
  }
}

}  // namespace flywheel::ingest
