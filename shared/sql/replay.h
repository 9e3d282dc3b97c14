// Idempotency check: tells the replay of a request from a conflict.
#ifndef FLYWHEEL_SHARED_SQL_REPLAY_H_
#define FLYWHEEL_SHARED_SQL_REPLAY_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "shared/status/errors.h"

namespace flywheel::sql {

// Whether `earlier`, what is stored under the id of a request with the hash of the request that
// made it, was made by that same request; false where nothing is stored.
// ALREADY_EXISTS_WITH_OTHER_CONTENT where another request made it. `what` is a noun such as
// "suite".
template <typename Stored>
absl::StatusOr<bool> IsReplay(const std::optional<Stored>& earlier, const std::string& request_hash,
                              std::string_view what, std::string_view id) {
  if (!earlier) return false;
  if (earlier->request_hash == request_hash) return true;
  return errors::AlreadyExistsWithOtherContent(what, id);
}

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_REPLAY_H_
