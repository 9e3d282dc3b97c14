// Moves commits from the write-ahead log into the file, beside the writer.
#ifndef FLYWHEEL_SHARED_SQL_CHECKPOINTER_H_
#define FLYWHEEL_SHARED_SQL_CHECKPOINTER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "shared/sql/connection.h"

namespace flywheel::sql {

// SQLite would move them inside of every so-many-th commit, which then waits for a second fsync of
// tens of megabytes, and everybody behind it. Here a thread of its own moves them, while commits go
// on; only the few pages that came meanwhile are left to the writer, because the log begins anew
// when nothing in it is left to move.
class Checkpointer {
 public:
  static absl::StatusOr<std::unique_ptr<Checkpointer>> Start(const std::string& path);

  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;
  // Waits for what is under way.
  ~Checkpointer();

  // For the writer's thread, after a commit, outside of a transaction. What cannot be moved stays
  // in the log, is whole there, and is tried again when the log has grown further.
  void AfterCommit(Connection& writer);

  // Returns when nothing is being moved: what follows has the log to itself.
  void WaitUntilIdle();

 private:
  explicit Checkpointer(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)), thread_([this] { Run(); }) {}

  void Run();
  // False when it is time to end.
  bool WaitForWork();
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return wanted_ || stopping_; }
  bool IsIdle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !wanted_; }

  const std::unique_ptr<Connection> connection_;  // Used by thread_ alone.

  // Of the writer's thread: pages in the log at its newest look, how many of them it has left
  // behind it, and passes since then.
  int64_t wal_pages_ = 0;
  int64_t moved_up_to_ = 0;
  int passes_ = 0;

  absl::Mutex mutex_;
  bool wanted_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // Pages of the log that are in the file since the newest pass.
  int64_t moved_pages_ ABSL_GUARDED_BY(mutex_) = 0;

  std::thread thread_;
};

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_CHECKPOINTER_H_
