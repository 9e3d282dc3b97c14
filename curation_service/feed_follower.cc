#include "curation_service/feed_follower.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "curation_service/scorer.h"
#include "curation_service/store/record_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/quote.h"

namespace flywheel::curation {
namespace {

constexpr absl::Duration kShortestPause = absl::Milliseconds(100);
constexpr absl::Duration kLongestPause = absl::Seconds(2);

}  // namespace

FeedFollower::FeedFollower(sql::Database* database, IngestClient* client, FeedPosition* position,
                           ErasureReporter* reporter)
    : database_(database),
      client_(client),
      position_(position),
      reporter_(reporter),
      thread_([this] { Run(); }) {}

void FeedFollower::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  client_->Cancel();
  if (thread_.joinable()) thread_.join();
}

void FeedFollower::Run() {
  absl::Duration pause = kShortestPause;
  do {
    bool progressed = false;
    const absl::Status status = Follow(progressed);
    Note(status);
    pause = progressed || status.ok() ? kShortestPause : std::min(2 * pause, kLongestPause);
  } while (Pause(pause));
}

absl::Status FeedFollower::Follow(bool& progressed) {
  ASSIGN_OR_RETURN(const int64_t cursor, database_->Read([&](sql::Connection& connection) {
    return RecordStore(connection).Cursor();
  }));
  position_->Advance(cursor);
  return client_->FollowFeed(cursor, [&](const FeedBatch& batch) {
    absl::Status status = Keep(batch);
    if (status.ok()) {
      progressed = true;
      Note(status);
    }
    return status;
  });
}

absl::Status FeedFollower::Keep(const FeedBatch& batch) {
  RETURN_IF_ERROR(database_->Write(
      [&](sql::Connection& connection) { return Scorer::Apply(connection, batch); },
      std::max(batch.size_bytes, sql::Database::kSmallWriteBytes)));
  position_->Advance(batch.next_cursor);
  const auto is_last = [](const FeedRecord& record) {
    const auto* tombstone = std::get_if<Tombstone>(&record.record);
    return tombstone != nullptr && tombstone->last;
  };
  if (std::any_of(batch.records.begin(), batch.records.end(), is_last)) reporter_->Wake();
  return absl::OkStatus();
}

bool FeedFollower::Pause(absl::Duration pause) {
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&stopping_), pause);
  return !stopping_;
}

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

// The same error every two seconds would bury everything else.
void FeedFollower::Note(const absl::Status& status) {
  const std::string error = status.ok() ? "" : errors::MessageOf(status);
  {
    absl::MutexLock lock(&mutex_);
    const absl::Status before = std::exchange(last_status_, status);
    if (error == (before.ok() ? "" : errors::MessageOf(before))) return;
  }
  switch (errors::ReasonOf(status)) {
    case Reason::kCancelled:
      return;
    case Reason::kInternal:
      return spdlog::error("event=feed_stopped address={} message={}", client_->address(),
                           Quoted(error));
    case Reason::kNeighbourRefused:
      return spdlog::error("event=feed_refused address={} message={}", client_->address(),
                           Quoted(error));
    default:
      break;
  }
  if (status.ok()) {
    spdlog::info("event=feed_followed address={}", client_->address());
  } else {
    spdlog::warn("event=feed_interrupted address={} message={}", client_->address(), Quoted(error));
  }
}

}  // namespace flywheel::curation
