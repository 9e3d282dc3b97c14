#include "ingest_service/feed_reader.h"

#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr int64_t kSeats = 64;

}  // namespace

absl::StatusOr<FeedReader::Seat> FeedReader::TakeSeat() {
  absl::MutexLock lock(&mutex_);
  if (seats_taken_ == kSeats) return errors::Busy("ReadFeed", kSeats);
  ++seats_taken_;
  return Seat(this);
}

void FeedReader::ReturnSeat(FeedReader* feed) {
  absl::MutexLock lock(&feed->mutex_);
  --feed->seats_taken_;
}

absl::StatusOr<FeedPage> FeedReader::ReadPage(const std::string& project, int64_t cursor,
                                              int64_t limit) {
  FeedPage page;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(page, ReadFeedPage(connection, project, cursor, limit));
    return absl::OkStatus();
  }));
  return page;
}

int64_t FeedReader::commits() const {
  absl::MutexLock lock(&mutex_);
  return commits_;
}

void FeedReader::WaitForCommit(int64_t seen, absl::Duration timeout) {
  const auto more = [this, seen]()
                        ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return commits_ > seen; };
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&more), timeout);
}

void FeedReader::NotifyCommit() {
  absl::MutexLock lock(&mutex_);
  ++commits_;
}

}  // namespace flywheel::ingest
