#include "ingest_service/record/feed_reader.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr int64_t kSeats = 56;
constexpr int64_t kSeatsPerProject = 8;
constexpr absl::Duration kMaxAwait = absl::Seconds(5);
// Whoever waits looks this often whether his caller is still there.
constexpr absl::Duration kLookInterval = absl::Milliseconds(200);

}  // namespace

absl::StatusOr<FeedReader::Seat> FeedReader::TakeSeat(const std::string& project) {
  absl::MutexLock lock(&mutex_);
  int64_t& taken = seats_[project];
  if (taken == kSeatsPerProject) return errors::Busy("ReadFeed of a project", kSeatsPerProject);
  if (!project.empty()) {
    if (project_seats_ == kSeats) return errors::Busy("ReadFeed", kSeats);
    ++project_seats_;
  }
  ++taken;
  return Seat(this, project);
}

void FeedReader::ReturnSeat(const std::string& project) {
  absl::MutexLock lock(&mutex_);
  if (!project.empty()) --project_seats_;
  if (--seats_[project] == 0) seats_.erase(project);
}

absl::StatusOr<FeedPage> FeedReader::ReadPage(const std::string& project, int64_t cursor,
                                              int64_t limit) {
  ASSIGN_OR_RETURN(FeedPage page, database_->Read([&](sql::Connection& connection) {
    return ReadFeedPage(connection, project, cursor, limit);
  }));
  ASSIGN_OR_RETURN(const bool whole, payloads_->DecodePage(page.entries));
  if (!whole) {
    page.next_cursor = page.entries.back().sequence;
    page.caught_up = false;
  }
  return page;
}

absl::Status FeedReader::AwaitSequence(int64_t sequence,
                                       absl::FunctionRef<absl::Status()> may_go_on) {
  const absl::Time deadline = absl::Now() + kMaxAwait;
  while (true) {
    const int64_t last = last_sequence();
    if (last >= sequence) return absl::OkStatus();
    if (absl::Now() >= deadline) {
      return errors::NotEnoughData("commit sequence", std::to_string(last),
                                   std::to_string(sequence), absl::Seconds(1));
    }
    RETURN_IF_ERROR(may_go_on());
    WaitForMore(last);
  }
}

int64_t FeedReader::last_sequence() const {
  absl::MutexLock lock(&mutex_);
  return last_sequence_;
}

void FeedReader::WaitForMore(int64_t seen) {
  const auto more = [this, seen]()
                        ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return last_sequence_ > seen; };
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&more), kLookInterval);
}

void FeedReader::NotifyCommit(int64_t sequence) {
  absl::MutexLock lock(&mutex_);
  last_sequence_ = std::max(last_sequence_, sequence);
}

}  // namespace flywheel::ingest
