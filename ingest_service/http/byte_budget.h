// Memory budget for request bodies, shared fairly between projects.
#ifndef FLYWHEEL_INGEST_SERVICE_HTTP_BYTE_BUDGET_H_
#define FLYWHEEL_INGEST_SERVICE_HTTP_BYTE_BUDGET_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "shared/status/errors.h"

namespace flywheel::ingest {

// How many bytes all requests together may hold at a moment, and how many those of one project: as
// many as are left free, but always one body. So one project alone has half, two have a third each,
// and whoever comes next finds room. Thread-safe.
class ByteBudget {
 public:
  // `body_bytes` are those of the largest body.
  ByteBudget(int64_t limit_bytes, int64_t body_bytes)
      : limit_bytes_(limit_bytes), body_bytes_(body_bytes) {}

  // What one request of `project` holds, given back at its end. For one thread at a time; the
  // budget outlives it.
  class Share {
   public:
    Share(ByteBudget* budget, std::string project)
        : budget_(*budget), project_(std::move(project)) {}
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() { Release(); }

    // Takes `bytes` more. BACK_PRESSURE where the budget, or the project's part of it, has no more;
    // the share stays as it is.
    absl::Status Take(int64_t bytes) {
      absl::Status status = budget_.Take(project_, bytes);
      if (status.ok()) bytes_ += bytes;
      return status;
    }

    void Release() {
      budget_.Return(project_, bytes_);
      bytes_ = 0;
    }

   private:
    ByteBudget& budget_;
    const std::string project_;
    int64_t bytes_ = 0;
  };

  int64_t taken_bytes() const {
    absl::MutexLock lock(&mutex_);
    return taken_bytes_;
  }

 private:
  absl::Status Take(const std::string& project, int64_t bytes) {
    absl::MutexLock lock(&mutex_);
    const int64_t taken = taken_bytes_ + bytes;
    if (taken > limit_bytes_) return errors::BackPressure(taken, limit_bytes_);
    const auto held = projects_.find(project);
    const int64_t of_project = (held == projects_.end() ? 0 : held->second) + bytes;
    const int64_t project_limit = std::max(limit_bytes_ - taken, body_bytes_);
    if (of_project > project_limit) return errors::BackPressure(of_project, project_limit);
    taken_bytes_ = taken;
    projects_[project] = of_project;
    return absl::OkStatus();
  }

  void Return(const std::string& project, int64_t bytes) {
    if (bytes == 0) return;
    absl::MutexLock lock(&mutex_);
    taken_bytes_ -= bytes;
    const auto held = projects_.find(project);
    held->second -= bytes;
    if (held->second == 0) projects_.erase(held);
  }

  const int64_t limit_bytes_;
  const int64_t body_bytes_;
  mutable absl::Mutex mutex_;
  int64_t taken_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  // Of the projects that hold anything.
  std::map<std::string, int64_t> projects_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_HTTP_BYTE_BUDGET_H_
