#include "experiment_service/ordered_commit.h"

#include <utility>

#include "absl/synchronization/notification.h"

namespace flywheel::experiment {

absl::Status CommitThenPublish(sql::Database& database, int64_t size_bytes,
                               absl::FunctionRef<absl::Status(sql::Connection&)> write,
                               absl::FunctionRef<void()> publish) {
  absl::Status result;
  absl::Notification done;
  database.WriteAsync(
      size_bytes, [write](sql::Connection& connection) { return write(connection); },
      [&](absl::Status status) {
        if (status.ok()) publish();
        result = std::move(status);
        done.Notify();
      });
  done.WaitForNotification();
  return result;
}

}  // namespace flywheel::experiment
