// A service's database: a writer thread with group commit, and a pool of snapshot readers.
#ifndef FLYWHEEL_SHARED_SQL_DATABASE_H_
#define FLYWHEEL_SHARED_SQL_DATABASE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "shared/sql/checkpointer.h"
#include "shared/sql/connection.h"
#include "shared/sql/file_lock.h"
#include "shared/sql/migration.h"
#include "shared/sql/reader_pool.h"

namespace flywheel::sql {

struct DatabaseOptions {
  // Where the data is: "sqlite:PATH". Another engine would have another scheme.
  std::string url;
  // How many bytes of waiting writes are accepted before BACK_PRESSURE. Raising it costs memory and
  // lengthens the wait of those at the end of the queue.
  int64_t max_queued_bytes = 64 << 20;
};

// Opens a store by URL. Thread-safe.
//
// Writes are closures that run on one thread, one after the other, in a shared transaction:
// whatever waits when a commit ends goes into the next one, so that many callers pay for one fsync.
// Callers who were just answered are given a moment to come again, no longer than the last commit
// took and a millisecond at most; a lone caller waits for nobody. A closure that fails is undone
// alone, if not told otherwise. Nobody is told of success before the commit.
//
//   RETURN_IF_ERROR(database.Write([&](sql::Connection& connection) { ... }));
//   ASSIGN_OR_RETURN(auto found, database.Read([&](sql::Connection& connection) {
//     return NoteStore(connection).Find(id);
//   }));
//
// What waits for the writer or for a reader's connection (Read, Write, TruncateWal) aborts inside
// another one's closure or in a `done`: it could wait for itself, and what it read would be of
// another moment.
class Database {
 public:
  // What a write counts for that holds little besides its thread.
  static constexpr int64_t kSmallWriteBytes = 4096;

  // How a write that fails is undone.
  enum class OnError {
    kUndoWrite,  // By a savepoint, which copies every page that the write changes.
    // By undoing the commit; then each such write of it runs again, in a commit of its own. For
    // writes that may run twice, and without errors of their own: they fail where the store does.
    kUndoCommit,
  };

  using WriteFunction = std::function<absl::Status(Connection&)>;
  using DoneFunction = std::function<void(absl::Status)>;

  // INVALID_CONFIGURATION for a URL that means nothing or a store that another process has open
  // (two services on one store would answer from two memories), STORAGE_UNAVAILABLE for a file that
  // cannot be opened, STORAGE_FULL where the disk has no room for it, STORE_TOO_NEW for one of a
  // newer program, STORE_CORRUPT for a damaged one (integrity.h says what is looked at).
  static absl::StatusOr<std::unique_ptr<Database>> Open(const DatabaseOptions& options,
                                                        absl::Span<const Migration> migrations);

  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() { Close(); }

  // Commits and answers what is queued, and takes no further write: SHUTTING_DOWN. For an owner
  // whose `done` functions use what ends before this object does. May be called again.
  void Close();

  // Runs `function`, which takes a Connection& and returns an absl::Status or absl::StatusOr, on
  // the writer's thread; returns its result after the commit that holds it, or the commit's error.
  // `function` must not keep state of an attempt that failed. `size_bytes` is what the caller holds
  // in memory until then: it counts against max_queued_bytes, and BACK_PRESSURE is the answer above
  // that.
  template <typename F>
  std::invoke_result_t<F&, Connection&> Write(F function, int64_t size_bytes = kSmallWriteBytes) {
    return ResultOf(function, [&](StatusFunction run) { return WriteStatus(run, size_bytes); });
  }

  // The same without a waiting thread: `done` is called after the commit on a thread of its own, in
  // the order of the commits, while the writer works on the next one; it must be quick.
  // `size_bytes` counts against max_queued_bytes until then. BACK_PRESSURE is told to `done` at
  // once, on the caller's thread.
  void WriteAsync(int64_t size_bytes, WriteFunction function, DoneFunction done,
                  OnError on_error = OnError::kUndoWrite);

  // Runs `function`, which takes a Connection& and returns an absl::Status or absl::StatusOr, on a
  // reader's connection, which sees one consistent snapshot and never waits for the writer; returns
  // its result. Sixteen run at once, further ones wait.
  template <typename F>
  std::invoke_result_t<F&, Connection&> Read(F function) {
    return ResultOf(function, [&](StatusFunction run) { return ReadStatus(run); });
  }

  // Checkpoints everything into the file and truncates the write-ahead log, between two
  // commits: of what was deleted before, nothing stays in either. False where a reader still looks
  // at an older snapshot: then try again. Files above kMaxZeroedPages keep what SQLite leaves in
  // the unused parts of their pages: STORAGE_UNAVAILABLE says so.
  absl::StatusOr<bool> TruncateWal();

  // Bytes that wait for a commit at this moment.
  int64_t queued_bytes() const;

  // Reads and writes that met damage in the file so far. Each answered STORAGE_UNAVAILABLE.
  int64_t damaged_calls() const { return damaged_calls_.load(std::memory_order_relaxed); }

 private:
  using StatusFunction = absl::FunctionRef<absl::Status(Connection&)>;

  // Runs `function` by `run`, which takes a StatusFunction and returns what came of it.
  template <typename F, typename Run>
  static std::invoke_result_t<F&, Connection&> ResultOf(F& function, Run run) {
    using Result = std::invoke_result_t<F&, Connection&>;
    if constexpr (std::is_same_v<Result, absl::Status>) {
      return run(function);
    } else {
      Result result;
      absl::Status status = run([&](Connection& connection) {
        result = function(connection);
        return result.status();
      });
      if (!status.ok()) return status;
      return result;
    }
  }

  // A call of TruncateWal that waits for the writer.
  struct TruncateRequest {
    absl::StatusOr<bool> result = false;
    absl::Notification done;
  };

  struct LastCommit {
    size_t writes = 0;
    absl::Duration duration;
  };

  struct PendingWrite {
    int64_t size_bytes;
    WriteFunction function;
    DoneFunction done;
    OnError on_error;
    absl::Status result;
    bool has_run = false;
  };

  Database(std::string path, int64_t max_queued_bytes, FileLock lock,
           std::unique_ptr<Connection> writer, std::unique_ptr<Checkpointer> checkpointer);

  absl::Status WriteStatus(StatusFunction function, int64_t size_bytes);
  absl::Status ReadStatus(StatusFunction function);

  void RunWriter();
  // The completion thread: tells the callers of committed writes, so that their answers do not hold
  // up the next commit.
  void RunCompletions();
  bool HasCommitted() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(committed_mutex_) {
    return writer_ended_ || !committed_.empty();
  }
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !queue_.empty() || !truncate_requests_.empty();
  }
  bool HasBatch() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !truncate_requests_.empty() || queue_.size() >= batch_size_;
  }
  // What the next commit holds; empty when there is nothing but requests for the log, or the end.
  std::vector<PendingWrite> TakeWrites() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Commit(std::vector<PendingWrite> writes);
  void CommitTogether(absl::Span<PendingWrite> writes);
  // STORE_CORRUPT is for who starts a service; who calls one hears STORAGE_UNAVAILABLE.
  absl::Status NoteDamage(absl::Status status);
  void TruncateWalFor(const std::vector<TruncateRequest*>& requests);
  // Holds reads up for a moment where one of them is in the way.
  absl::StatusOr<bool> TruncateWalWithoutReaders();
  // One transaction. An error is everybody's: nothing of it is committed.
  absl::Status RunTogether(absl::Span<PendingWrite> writes);
  // Sets the write's own result. An error is one of the whole transaction.
  absl::Status Run(PendingWrite& write);
  absl::Status RunInSavepoint(PendingWrite& write);
  void RunClosure(PendingWrite& write);

  const std::string path_;
  const int64_t max_queued_bytes_;
  const FileLock lock_;
  const std::unique_ptr<Connection> writer_;  // Used by writer_thread_ alone.
  // No read begins while the log is emptied.
  ReaderPool readers_;
  const std::unique_ptr<Checkpointer> checkpointer_;

  mutable absl::Mutex mutex_;
  std::atomic<int64_t> damaged_calls_ = 0;
  std::vector<PendingWrite> queue_ ABSL_GUARDED_BY(mutex_);
  LastCommit last_commit_ ABSL_GUARDED_BY(mutex_);
  // How many writes end the batching delay of the next commit.
  size_t batch_size_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<TruncateRequest*> truncate_requests_ ABSL_GUARDED_BY(mutex_);
  int64_t queued_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // The log is emptied, if need be without readers, from so many pages on. Of writer_thread_.
  int64_t next_long_wal_ = 0;

  absl::Mutex committed_mutex_;
  std::vector<PendingWrite> committed_ ABSL_GUARDED_BY(committed_mutex_);
  bool writer_ended_ ABSL_GUARDED_BY(committed_mutex_) = false;

  std::thread completion_thread_;
  std::thread writer_thread_;
};

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_DATABASE_H_
