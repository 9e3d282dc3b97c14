#include "curation_service/build_queue.h"

#include <utility>

namespace flywheel::curation {

void BuildQueue::Add(QueuedBuild build) {
  absl::MutexLock lock(&mutex_);
  waiting_.push_back(std::move(build));
}

std::optional<QueuedBuild> BuildQueue::Take(int64_t feed_sequence, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  for (auto next = waiting_.begin(); next != waiting_.end(); ++next) {
    const bool has_feed = feed_sequence >= next->min_feed_sequence || now >= next->latest_start;
    if (!has_feed || building_.contains(next->project)) continue;
    QueuedBuild build = std::move(*next);
    waiting_.erase(next);
    building_.insert(build.project);
    return build;
  }
  return std::nullopt;
}

void BuildQueue::Remove(const std::string& project, int64_t ordinal) {
  absl::MutexLock lock(&mutex_);
  waiting_.remove_if([&](const QueuedBuild& build) {
    return build.project == project && build.ordinal == ordinal;
  });
}

void BuildQueue::Finish(const std::string& project) {
  absl::MutexLock lock(&mutex_);
  building_.erase(project);
}

bool BuildQueue::empty() const {
  absl::MutexLock lock(&mutex_);
  return waiting_.empty();
}

}  // namespace flywheel::curation
