// Commits a write, then updates caches in commit order.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_ORDERED_COMMIT_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_ORDERED_COMMIT_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "shared/sql/database.h"

namespace flywheel::experiment {

// Runs `write` as Database::Write does; once it is on disk, and before this returns, runs `publish`
// on the store's thread for answers. What is in memory so follows the commits in their own order,
// never shows what is not on disk, and shows what a caller was told of. The next `write` may run
// before this `publish`: it decides by what is in the store, not in memory. `publish` must be quick
// and does not run where `write` or the commit fails. `size_bytes` counts against the bytes that
// may wait for the disk.
absl::Status CommitThenPublish(sql::Database& database, int64_t size_bytes,
                               absl::FunctionRef<absl::Status(sql::Connection&)> write,
                               absl::FunctionRef<void()> publish);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_ORDERED_COMMIT_H_
