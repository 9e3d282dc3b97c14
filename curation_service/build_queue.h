// Build queue: runs one dataset build a project at a time, and few in all; the others wait.
#ifndef FLYWHEEL_CURATION_SERVICE_BUILD_QUEUE_H_
#define FLYWHEEL_CURATION_SERVICE_BUILD_QUEUE_H_

#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "shared/time/deadline.h"

namespace flywheel::curation {

// One build of a project runs at a time, since each must know what those before it put on which
// side; and kMaxBuilds of all projects, since each holds an agent's scored record in memory. The
// others wait, each on a thread of its own, so that few of them may. Thread-safe.
//
//   ASSIGN_OR_RETURN(BuildQueue::Place place, queue.Join(project));
//   RETURN_IF_ERROR(place.AwaitTurn(wait_until, deadline));
//   ... build; the place, and with it the turn, ends with its scope.
class BuildQueue {
 public:
  static constexpr int kMaxBuilds = 2;
  // Those who build or wait, for their turn or for the feed.
  static constexpr int kMaxPlacesOfProject = 8;
  static constexpr int kMaxPlaces = 32;

  // A place in the queue, and perhaps the turn.
  class Place {
   public:
    Place(Place&& other) noexcept
        : queue_(std::exchange(other.queue_, nullptr)),
          project_(std::move(other.project_)),
          has_turn_(other.has_turn_) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() {
      if (queue_ != nullptr) queue_->Leave(project_, has_turn_);
    }

    // Waits, until `wait_until` by the machine's clock, until this project and the service may
    // build. BUSY with RetryInfo where that did not come; the error of `deadline`. Once.
    absl::Status AwaitTurn(absl::Time wait_until, const Deadline& deadline);

   private:
    friend class BuildQueue;
    Place(BuildQueue* queue, std::string project) : queue_(queue), project_(std::move(project)) {}

    BuildQueue* queue_;
    std::string project_;
    bool has_turn_ = false;
  };

  // BUSY with RetryInfo where too many calls build or wait already. The queue outlives the place.
  absl::StatusOr<Place> Join(const std::string& project);

 private:
  bool MayBuild(const std::string& project) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return building_.size() < kMaxBuilds && !building_.contains(project);
  }
  void Leave(const std::string& project, bool has_turn);

  absl::Mutex mutex_;
  std::set<std::string> building_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, int> places_ ABSL_GUARDED_BY(mutex_);
  int all_places_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_BUILD_QUEUE_H_
