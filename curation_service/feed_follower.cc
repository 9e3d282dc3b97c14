#include "curation_service/feed_follower.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "absl/time/clock.h"
#include "curation_service/scorer.h"
#include "curation_service/store/record_store.h"
#include "shared/rpc/feed_token.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

// Between one stream and the next.
constexpr absl::Duration kStreamPause = absl::Milliseconds(100);
// Of a call that wants to see what it wrote, and how often it looks whether its caller has left.
constexpr absl::Duration kMaxAwait = absl::Seconds(5);
constexpr absl::Duration kAwaitInterval = absl::Milliseconds(100);

}  // namespace

FeedFollower::FeedFollower(sql::Database* database, IngestClient* client, FeedPosition* position,
                           ErasureReporter* reporter, rpc::Metrics* metrics)
    : database_(database),
      client_(client),
      position_(position),
      reporter_(reporter),
      loop_(
          {.name = "feed"}, [this] { return FollowOnce(); }, metrics) {}

void FeedFollower::Stop() {
  // A stream that is under way would hold up the loop's end.
  client_->Cancel();
  loop_.Stop();
}

absl::StatusOr<absl::Duration> FeedFollower::FollowOnce() {
  const absl::Status status = Follow();
  position_->Interrupt(absl::Now());
  Remember(status);
  RETURN_IF_ERROR(status);
  return kStreamPause;
}

absl::Status FeedFollower::Follow() {
  ASSIGN_OR_RETURN(const int64_t cursor, database_->Read([&](sql::Connection& connection) {
    return RecordStore(connection).Cursor();
  }));
  position_->Advance(cursor);
  return client_->FollowFeed(cursor, [&](const FeedBatch& batch) -> absl::Status {
    RETURN_IF_ERROR(Keep(batch));
    loop_.NoteProgress();
    return absl::OkStatus();
  });
}

absl::Status FeedFollower::Keep(const FeedBatch& batch) {
  RETURN_IF_ERROR(database_->Write(
      [&](sql::Connection& connection) { return Scorer::Apply(connection, batch); },
      std::max(batch.size_bytes, sql::Database::kSmallWriteBytes)));
  // Before the position moves: whoever waited for it must not see an error that is over.
  Remember(absl::OkStatus());
  position_->ReadUpTo(batch.read_up_to);
  position_->Advance(batch.next_cursor);
  const auto is_last = [](const FeedRecord& record) {
    const auto* tombstone = std::get_if<Tombstone>(&record.record);
    return tombstone != nullptr && tombstone->last;
  };
  if (std::any_of(batch.records.begin(), batch.records.end(), is_last)) reporter_->Wake();
  return absl::OkStatus();
}

absl::Status FeedFollower::AwaitSequence(int64_t sequence, const Deadline& deadline) const {
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

absl::Duration FeedFollower::lag() const { return position_->Lag(absl::Now()); }

std::string FeedFollower::error() const {
  absl::MutexLock lock(&mutex_);
  switch (errors::ReasonOf(last_status_)) {
    case Reason::kInternal:
      return "an internal error, which stands in the log of curation";
    case Reason::kCancelled:
      return "";
    default:
      return errors::MessageOf(last_status_);
  }
}

void FeedFollower::Remember(const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  last_status_ = status;
}

}  // namespace flywheel::curation
