#include "shared/rpc/call_places.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/status/errors.h"

namespace flywheel::rpc {

absl::StatusOr<CallPlaces::Place> CallPlaces::Take(const std::string& project) {
  absl::MutexLock lock(&mutex_);
  if (taken_ == limit_) return errors::Busy(method_, limit_);
  const auto found = projects_.find(project);
  const int64_t held = found == projects_.end() ? 0 : found->second;
  // What would be free with one more.
  const int64_t share = std::max<int64_t>(limit_ - taken_ - 1, 1);
  if (held + 1 > share) {
    return errors::Busy(
        fmt::format("{} for one project, of {} places with {} taken", method_, limit_, taken_),
        held);
  }
  ++taken_;
  projects_[project] = held + 1;
  return Place(this, project);
}

void CallPlaces::Return(const std::string& project) {
  absl::MutexLock lock(&mutex_);
  --taken_;
  const auto found = projects_.find(project);
  if (--found->second == 0) projects_.erase(found);
}

}  // namespace flywheel::rpc
