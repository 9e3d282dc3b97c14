// How a resent request is known.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_REPLAY_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_REPLAY_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "shared/status/errors.h"

namespace flywheel::evalgate {

// Whether `earlier`, what is stored under the id of a request, was made by that same request; false
// where nothing is stored. ALREADY_EXISTS_WITH_OTHER_CONTENT where another request made it.
template <typename Stored>
absl::StatusOr<bool> IsReplay(const std::optional<Stored>& earlier, const std::string& request_hash,
                              std::string_view what, std::string_view id) {
  if (!earlier) return false;
  if (earlier->request_hash == request_hash) return true;
  return errors::AlreadyExistsWithOtherContent(what, id);
}

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_REPLAY_H_
