#include "ingest_service/record/feed_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>

#include "absl/time/clock.h"
#include "ingest_service/domain/record_limits.h"
#include "ingest_service/store/rewrite_store.h"
#include "shared/rpc/feed_token.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr int64_t kSlots = 56;
constexpr int64_t kSlotsPerProject = 8;
constexpr absl::Duration kMaxAwait = absl::Seconds(5);
// Whoever waits looks this often whether their caller is still there.
constexpr absl::Duration kLookInterval = absl::Milliseconds(200);
constexpr int kMaxTries = 3;

}  // namespace

absl::StatusOr<FeedReader::StreamSlot> FeedReader::TakeSlot(const std::string& project) {
  absl::MutexLock lock(&mutex_);
  // A project's own bound, then that of all projects together. Readers of all projects (empty) do
  // not count there.
  int64_t& taken = slots_[project];
  if (taken == kSlotsPerProject)
    return errors::Busy("ReadFeed and ExportRecords of a project", kSlotsPerProject);
  if (!project.empty()) {
    if (project_slots_ == kSlots) return errors::Busy("ReadFeed and ExportRecords", kSlots);
    ++project_slots_;
  }
  ++taken;
  return StreamSlot(this, project);
}

void FeedReader::ReturnSlot(const std::string& project) {
  absl::MutexLock lock(&mutex_);
  if (!project.empty()) --project_slots_;
  if (--slots_[project] == 0) slots_.erase(project);
}

absl::StatusOr<FeedPage> FeedReader::ReadPage(const std::string& project, int64_t cursor,
                                              int64_t limit) {
  ASSIGN_OR_RETURN(FeedPage page, database_->Read([&](sql::Connection& connection) {
    return FeedStore(connection).ReadPage(project, cursor, limit);
  }));
  // Decoded after the transaction has ended. What cannot be read now begins the next page.
  ASSIGN_OR_RETURN(const bool whole, payloads_->DecodePage(page.entries));
  if (!whole) {
    page.next_cursor = page.entries.back().sequence;
    page.caught_up = false;
  }
  RETURN_IF_ERROR(FillRewrites(page));
  return page;
}

absl::Status FeedReader::FillRewrites(FeedPage& page) {
  size_t bytes = 0;
  for (size_t i = 0; i < page.entries.size(); ++i) {
    FeedEntry& entry = page.entries[i];
    // The store did not count what comes in here.
    const bool full = bytes >= kMaxPageBytes;
    const bool names_one = entry.rewrite && entry.rewrite->sequence != 0;
    absl::Status filled = full || !names_one ? absl::OkStatus() : FillRewrite(entry);
    if (full || !filled.ok()) {
      if (i == 0) return filled;
      page.entries.resize(i);
      page.next_cursor = page.entries.back().sequence;
      page.caught_up = false;
      return absl::OkStatus();
    }
    bytes += entry.payload.size();
  }
  return absl::OkStatus();
}

absl::Status FeedReader::FillRewrite(FeedEntry& entry) {
  absl::Status decoded;
  // Decoding says that a record has left also where it moves again and again. A reader would erase
  // one that is still there, so the row says it.
  for (int tries = 0; tries < kMaxTries; ++tries) {
    entry.content = std::nullopt;
    entry.payload.clear();
    RETURN_IF_ERROR(database_->Read(
        [&](sql::Connection& connection) { return RewriteStore(connection).ReadContent(entry); }));
    if (!entry.content) return absl::OkStatus();
    decoded = payloads_->Decode(entry.rewrite->sequence, entry.place, entry.payload);
    if (!absl::IsNotFound(decoded)) return decoded;
  }
  return errors::StorageUnavailable(
      fmt::format("the payload of the interaction at sequence {} moves", entry.rewrite->sequence));
}

absl::Status FeedReader::AwaitSequence(int64_t sequence, const Deadline& deadline) {
  const absl::Time give_up = absl::Now() + kMaxAwait;
  while (true) {
    // Wakes at every commit, and often enough to notice a caller who left.
    const int64_t last = last_sequence();
    if (last >= sequence) return absl::OkStatus();
    if (absl::Now() >= give_up) {
      return errors::NotCaughtUp("feed, as far as it is committed",
                                 last == 0 ? "nothing" : rpc::FeedToken(last),
                                 rpc::FeedToken(sequence), absl::Seconds(1));
    }
    RETURN_IF_ERROR(deadline.Check());
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
