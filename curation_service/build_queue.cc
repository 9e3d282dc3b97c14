#include "curation_service/build_queue.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

// How soon somebody who waits notices that nobody wants the build any more.
constexpr absl::Duration kPollInterval = absl::Milliseconds(100);

}  // namespace

absl::StatusOr<BuildQueue::Place> BuildQueue::Join(const std::string& project) {
  absl::MutexLock lock(&mutex_);
  if (all_places_ >= kMaxPlaces) return errors::Busy("BuildDatasetVersion", kMaxPlaces);
  int& of_project = places_[project];
  if (of_project >= kMaxPlacesOfProject) {
    return errors::Busy("BuildDatasetVersion in one project", kMaxPlacesOfProject);
  }
  ++of_project;
  ++all_places_;
  return Place(this, project);
}

absl::Status BuildQueue::Place::AwaitTurn(absl::Time wait_until, const Deadline& deadline) {
  absl::MutexLock lock(&queue_->mutex_);
  const auto may_build = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(queue_->mutex_) {
    return queue_->MayBuild(project_);
  };
  while (!queue_->mutex_.AwaitWithDeadline(absl::Condition(&may_build),
                                           std::min(wait_until, absl::Now() + kPollInterval))) {
    RETURN_IF_ERROR(deadline.Check());
    if (absl::Now() < wait_until) continue;
    return queue_->building_.contains(project_)
               ? errors::Busy("building dataset versions of one project", 1)
               : errors::Busy("building dataset versions", kMaxBuilds);
  }
  queue_->building_.insert(project_);
  has_turn_ = true;
  return absl::OkStatus();
}

void BuildQueue::Leave(const std::string& project, bool has_turn) {
  absl::MutexLock lock(&mutex_);
  if (has_turn) building_.erase(project);
  const auto places = places_.find(project);
  if (--places->second == 0) places_.erase(places);
  --all_places_;
}

}  // namespace flywheel::curation
