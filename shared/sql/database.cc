#include "shared/sql/database.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <utility>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "shared/sql/integrity.h"
#include "shared/sql/zero_free_space.h"
#include "shared/status/check.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::sql {
namespace {

// So many writes share a commit at most: bounds the time that the first of them waits.
constexpr size_t kMaxWritesPerCommit = 4096;
// Longer than most commits take, and nothing beside a call over a network.
constexpr absl::Duration kMaxBatchingDelay = absl::Milliseconds(1);
// A log of so many pages (128 MiB) has not begun anew for long: there was always somebody who read
// what is older.
constexpr int64_t kLongWalPages = 16'000;
constexpr int64_t kLongWalStep = 4'000;
// So long new reads wait, and the writer, until those that are under way have ended.
constexpr absl::Duration kReadersTimeout = absl::Milliseconds(500);
constexpr std::string_view kSqliteScheme = "sqlite:";

// Whether this thread runs a closure of any Database.
thread_local bool in_closure = false;

class InClosure {
 public:
  InClosure() { in_closure = true; }
  InClosure(const InClosure&) = delete;
  InClosure& operator=(const InClosure&) = delete;
  ~InClosure() { in_closure = false; }
};

void CheckNotInClosure() {
  FLYWHEEL_CHECK(
      !in_closure,
      "no Read, Write or TruncateWal inside a Read, a Write or a `done`: it could wait for "
      "itself for ever; use the Connection at hand, or call it afterwards");
}

bool IsStorageError(const absl::Status& status) {
  const Reason reason = errors::ReasonOf(status);
  return reason == Reason::kStorageFull || reason == Reason::kStorageUnavailable ||
         reason == Reason::kStoreCorrupt;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> Database::Open(const DatabaseOptions& options,
                                                         absl::Span<const Migration> migrations) {
  if (options.url.rfind(kSqliteScheme, 0) != 0 || options.url.size() == kSqliteScheme.size()) {
    return errors::InvalidConfiguration("database URL", fmt::format("'{}'", options.url),
                                        "sqlite:PATH");
  }
  const std::string path = options.url.substr(kSqliteScheme.size());
  ASSIGN_OR_RETURN(FileLock lock, FileLock::Take(path));
  RETURN_IF_ERROR(ZeroFileFreeSpace(path));
  const bool left_open = WasLeftOpen(path);
  auto writer = Connection::Open(path, Access::kWrite);
  const Reason reason = errors::ReasonOf(writer.status());
  if (reason == Reason::kStoreCorrupt || reason == Reason::kStorageFull) return writer.status();
  if (!writer.ok()) {
    return errors::StorageUnavailable(
        fmt::format("{}: {}", path, errors::MetadataOf(writer.status())["detail"]));
  }
  RETURN_IF_ERROR(CheckIntegrity(**writer, path, left_open));
  RETURN_IF_ERROR(MarkZeroed(**writer));
  RETURN_IF_ERROR(Migrate(**writer, path, migrations));
  (*writer)->DisableAutoCheckpoint();
  ASSIGN_OR_RETURN(auto checkpointer, Checkpointer::Start(path));
  return std::unique_ptr<Database>(new Database(path, options.max_queued_bytes, std::move(lock),
                                                *std::move(writer), std::move(checkpointer)));
}

Database::Database(std::string path, int64_t max_queued_bytes, FileLock lock,
                   std::unique_ptr<Connection> writer, std::unique_ptr<Checkpointer> checkpointer)
    : path_(std::move(path)),
      max_queued_bytes_(max_queued_bytes),
      lock_(std::move(lock)),
      writer_(std::move(writer)),
      readers_(path_),
      checkpointer_(std::move(checkpointer)),
      completion_thread_([this] { RunCompletions(); }),
      writer_thread_([this] { RunWriter(); }) {}

void Database::Close() {
  if (!writer_thread_.joinable()) return;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  writer_thread_.join();
  {
    absl::MutexLock lock(&committed_mutex_);
    writer_ended_ = true;
  }
  completion_thread_.join();
}

absl::Status Database::WriteStatus(StatusFunction function, int64_t size_bytes) {
  CheckNotInClosure();
  absl::Status result;
  absl::Notification committed;
  WriteAsync(
      size_bytes, [function](Connection& connection) { return function(connection); },
      [&](absl::Status status) {
        result = std::move(status);
        committed.Notify();
      });
  committed.WaitForNotification();
  return result;
}

void Database::WriteAsync(int64_t size_bytes, WriteFunction function, DoneFunction done,
                          OnError on_error) {
  int64_t queued = 0;
  {
    absl::MutexLock lock(&mutex_);
    if (!stopping_ && queued_bytes_ + size_bytes <= max_queued_bytes_) {
      queued_bytes_ += size_bytes;
      queue_.push_back({size_bytes, std::move(function), std::move(done), on_error,
                        absl::OkStatus(),
                        /*has_run=*/false});
      return;
    }
    queued = stopping_ ? -1 : queued_bytes_;
  }
  done(queued < 0 ? errors::ShuttingDown() : errors::BackPressure(queued, max_queued_bytes_));
}

absl::Status Database::ReadStatus(StatusFunction function) {
  CheckNotInClosure();
  return NoteDamage(readers_.Read([&](Connection& connection) {
    const InClosure mark;
    return function(connection);
  }));
}

absl::Status Database::NoteDamage(absl::Status status) {
  if (status.ok() || errors::ReasonOf(status) != Reason::kStoreCorrupt) return status;
  // A caller may have met another damaged file, which is not ours to judge.
  std::error_code ignored;
  if (!std::filesystem::equivalent(errors::MetadataOf(status)["path"], path_, ignored)) {
    return status;
  }
  damaged_calls_.fetch_add(1, std::memory_order_relaxed);
  return errors::StorageUnavailable(errors::MessageOf(status));
}

int64_t Database::queued_bytes() const {
  absl::MutexLock lock(&mutex_);
  return queued_bytes_;
}

std::vector<Database::PendingWrite> Database::TakeWrites() {
  // Give the callers of the last commit a moment to come again. Half of them and of those who came
  // meanwhile make a commit, so that the others can be received while it is written.
  batch_size_ = (last_commit_.writes + queue_.size() + 1) / 2;
  if (!queue_.empty() && !HasBatch()) {
    mutex_.AwaitWithTimeout(absl::Condition(this, &Database::HasBatch),
                            std::min(last_commit_.duration, kMaxBatchingDelay));
  }
  // Take the whole queue, or its beginning where that is too long for one commit.
  std::vector<PendingWrite> writes;
  if (queue_.size() <= kMaxWritesPerCommit) {
    writes.swap(queue_);
  } else {
    const auto end = queue_.begin() + kMaxWritesPerCommit;
    writes.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
    queue_.erase(queue_.begin(), end);
  }
  return writes;
}

void Database::RunWriter() {
  while (true) {
    std::vector<PendingWrite> writes;
    std::vector<TruncateRequest*> truncate_requests;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &Database::HasWork));
      writes = TakeWrites();
      truncate_requests.swap(truncate_requests_);
    }
    if (writes.empty() && truncate_requests.empty()) return;
    if (!writes.empty()) Commit(std::move(writes));
    if (!truncate_requests.empty()) TruncateWalFor(truncate_requests);
  }
}

void Database::Commit(std::vector<PendingWrite> writes) {
  const absl::Time start = absl::Now();
  // First those that may run twice: where one of them fails, no other has run yet.
  std::stable_partition(writes.begin(), writes.end(), [](const PendingWrite& write) {
    return write.on_error == OnError::kUndoCommit;
  });
  CommitTogether(absl::MakeSpan(writes));
  // Hand the results to the completion thread.
  const LastCommit commit = {writes.size(), absl::Now() - start};
  {
    absl::MutexLock lock(&committed_mutex_);
    committed_.insert(committed_.end(), std::make_move_iterator(writes.begin()),
                      std::make_move_iterator(writes.end()));
  }
  {
    absl::MutexLock lock(&mutex_);
    last_commit_ = commit;
  }
  // Keep the log short: beside the commits where it can be, else with readers held up for a moment.
  checkpointer_->AfterCommit(*writer_);
  if (writer_->wal_pages() < kLongWalPages) {
    next_long_wal_ = kLongWalPages;
  } else if (writer_->wal_pages() >= next_long_wal_) {
    next_long_wal_ = writer_->wal_pages() + kLongWalStep;
    static_cast<void>(TruncateWalWithoutReaders());
  }
}

absl::StatusOr<bool> Database::TruncateWalWithoutReaders() {
  checkpointer_->WaitUntilIdle();
  absl::StatusOr<bool> emptied = writer_->TruncateWal();
  if (!emptied.ok() || *emptied) return emptied;
  // Reads that overlap would keep the log for ever: those that come wait for those that are here.
  readers_.HoldUp(kReadersTimeout);
  emptied = writer_->TruncateWal();
  readers_.Release();
  return emptied;
}

absl::StatusOr<bool> Database::TruncateWal() {
  CheckNotInClosure();
  TruncateRequest request;
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return errors::ShuttingDown();
    truncate_requests_.push_back(&request);
  }
  request.done.WaitForNotification();
  return request.result;
}

void Database::TruncateWalFor(const std::vector<TruncateRequest*>& requests) {
  absl::StatusOr<bool> result = TruncateWalWithoutReaders();
  if (result.ok() && *result) {
    const absl::Status clean = CheckZeroable(*writer_, path_);
    if (!clean.ok()) result = clean;
  }
  for (TruncateRequest* const request : requests) {
    request->result = result;
    request->done.Notify();
  }
}

void Database::RunCompletions() {
  while (true) {
    std::vector<PendingWrite> committed;
    {
      absl::MutexLock lock(&committed_mutex_);
      committed_mutex_.Await(absl::Condition(this, &Database::HasCommitted));
      if (committed_.empty()) return;
      committed.swap(committed_);
    }
    int64_t size_bytes = 0;
    for (PendingWrite& write : committed) {
      size_bytes += write.size_bytes;
      // Before the caller knows: who was answered finds the room that the write took.
      write.function = nullptr;
    }
    {
      absl::MutexLock lock(&mutex_);
      queued_bytes_ -= size_bytes;
    }
    const InClosure mark;
    for (PendingWrite& write : committed) write.done(std::move(write.result));
  }
}

void Database::CommitTogether(absl::Span<PendingWrite> writes) {
  const absl::Status shared = RunTogether(writes);
  if (shared.ok()) return;
  const absl::Status told = NoteDamage(shared);
  // Else one damaged page would stop everybody, each time that its write is sent again.
  const bool may_be_one = writes.size() > 1 && errors::ReasonOf(shared) != Reason::kStorageFull;
  for (PendingWrite& write : writes) {
    const bool may_run = write.on_error == OnError::kUndoCommit || !write.has_run;
    if (may_be_one && may_run) {
      CommitTogether(absl::MakeSpan(&write, 1));
    } else {
      write.result = told;
    }
  }
}

absl::Status Database::RunTogether(absl::Span<PendingWrite> writes) {
  Transaction transaction(*writer_);
  RETURN_IF_ERROR(transaction.Begin());
  for (PendingWrite& write : writes) RETURN_IF_ERROR(Run(write));
  RETURN_IF_ERROR(transaction.Commit());
  for (PendingWrite& write : writes) write.result = NoteDamage(std::move(write.result));
  return absl::OkStatus();
}

void Database::RunClosure(PendingWrite& write) {
  const InClosure mark;
  write.result = write.function(*writer_);
}

absl::Status Database::Run(PendingWrite& write) {
  if (write.on_error == OnError::kUndoWrite) return RunInSavepoint(write);
  RunClosure(write);
  if (write.result.ok() && !writer_->InTransaction()) {
    return errors::StorageUnavailable("the transaction ended by itself");
  }
  return write.result;
}

absl::Status Database::RunInSavepoint(PendingWrite& write) {
  RETURN_IF_ERROR(writer_->Prepare("SAVEPOINT one_write").Run());
  write.has_run = true;
  RunClosure(write);
  // A disk that fails ends more than one write: SQLite may have undone the whole transaction.
  if (IsStorageError(write.result)) return write.result;
  if (!writer_->InTransaction()) {
    return errors::StorageUnavailable("the transaction ended by itself");
  }
  if (!write.result.ok()) RETURN_IF_ERROR(writer_->Prepare("ROLLBACK TO one_write").Run());
  return writer_->Prepare("RELEASE one_write").Run();
}

}  // namespace flywheel::sql
