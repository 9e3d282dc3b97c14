// Work in bounded pieces: repeats a small write until nothing is left to do.
#ifndef FLYWHEEL_SHARED_SQL_WRITE_UNTIL_DONE_H_
#define FLYWHEEL_SHARED_SQL_WRITE_UNTIL_DONE_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/sql/database.h"
#include "shared/status/status_macros.h"

namespace flywheel::sql {

// Runs `piece` in a write of its own until it returns true: nothing is left. Others come between
// the writes, so that nobody waits long for the writer. The first error ends it; what was committed
// before stays.
inline absl::Status WriteUntilDone(Database& database,
                                   absl::FunctionRef<absl::StatusOr<bool>(Connection&)> piece) {
  for (bool done = false; !done;) {
    ASSIGN_OR_RETURN(done, database.Write([&](Connection& connection) -> absl::StatusOr<bool> {
      return piece(connection);
    }));
  }
  return absl::OkStatus();
}

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_WRITE_UNTIL_DONE_H_
