// Connection pool of readers: snapshots beside each other, up to a bound, and a pause for all.
#ifndef FLYWHEEL_SHARED_SQL_READER_POOL_H_
#define FLYWHEEL_SHARED_SQL_READER_POOL_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "shared/sql/connection.h"

namespace flywheel::sql {

// What the reads of one database share. A connection is opened when one more is needed, and kept:
// each has a page cache of its own. Thread-safe.
class ReaderPool {
 public:
  // Of the file at `path`, which exists.
  explicit ReaderPool(std::string path) : path_(std::move(path)) {}

  // Runs `function` on a connection that sees one snapshot; returns its result, or why there is no
  // connection. Sixteen run at once, further ones wait.
  absl::Status Read(absl::FunctionRef<absl::Status(Connection&)> function);

  // From here on new reads wait. Returns when those that are under way have ended, or `timeout` has
  // passed.
  void HoldUp(absl::Duration timeout);
  // Lets them go on.
  void Release();

 private:
  absl::StatusOr<std::unique_ptr<Connection>> Take();
  bool HasFree() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool HasNone() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return active_ == 0; }

  const std::string path_;
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_ ABSL_GUARDED_BY(mutex_);
  int active_ ABSL_GUARDED_BY(mutex_) = 0;
  bool held_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_READER_POOL_H_
