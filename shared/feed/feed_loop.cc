#include "shared/feed/feed_loop.h"

#include <fmt/format.h>

#include <utility>

#include "absl/time/clock.h"
#include "shared/rpc/feed_token.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::feed {
namespace {

// Between one stream and the next.
constexpr absl::Duration kStreamPause = absl::Milliseconds(100);
// Of a call that wants to see what it wrote, and how often it looks whether its caller has left.
constexpr absl::Duration kMaxAwait = absl::Seconds(5);
constexpr absl::Duration kAwaitInterval = absl::Milliseconds(100);

}  // namespace

FeedLoop::FeedLoop(std::string service, Steps steps, FeedClient* client, FeedPosition* position,
                   rpc::Metrics* metrics)
    : service_(std::move(service)),
      steps_(std::move(steps)),
      client_(client),
      position_(position),
      loop_(
          {.name = "feed"}, [this] { return FollowOnce(); }, metrics) {}

void FeedLoop::Stop() {
  // A stream that is under way would hold up the loop's end.
  client_->Cancel();
  loop_.Stop();
}

absl::StatusOr<absl::Duration> FeedLoop::FollowOnce() {
  const absl::Status status = Follow();
  position_->Interrupt(absl::Now());
  Remember(status);
  RETURN_IF_ERROR(status);
  return kStreamPause;
}

absl::Status FeedLoop::Follow() {
  ASSIGN_OR_RETURN(const int64_t cursor, steps_.cursor());
  position_->Advance(cursor);
  return steps_.follow(cursor, [this](int64_t next_cursor, absl::Time read_up_to) {
    // Before the position moves: whoever waited for it must not see an error that is over.
    Remember(absl::OkStatus());
    position_->ReadUpTo(read_up_to);
    position_->Advance(next_cursor);
    loop_.NoteProgress();
  });
}

absl::Status FeedLoop::AwaitSequence(int64_t sequence, const Deadline& deadline) const {
  const absl::Time give_up = absl::Now() + kMaxAwait;
  while (!position_->WaitFor(sequence, kAwaitInterval)) {
    RETURN_IF_ERROR(deadline.Check());
    if (absl::Now() < give_up) continue;
    const std::string why = error();
    const int64_t read = position_->sequence();
    const std::string got = read == 0 ? "nothing" : rpc::FeedToken(read);
    return errors::NotCaughtUp("feed of ingest, as far as it was read",
                               why.empty() ? got : fmt::format("{} ({})", got, why),
                               rpc::FeedToken(sequence), absl::Seconds(1));
  }
  return absl::OkStatus();
}

absl::Duration FeedLoop::lag() const { return position_->Lag(absl::Now()); }

std::string FeedLoop::error() const {
  absl::MutexLock lock(&mutex_);
  switch (errors::ReasonOf(last_status_)) {
    case Reason::kInternal:
      return fmt::format("an internal error, which stands in the log of {}", service_);
    case Reason::kCancelled:
      return "";
    default:
      return errors::MessageOf(last_status_);
  }
}

void FeedLoop::Remember(const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  last_status_ = status;
}

}  // namespace flywheel::feed
