// Places for calls that hold a thread or memory for long, shared fairly between projects.
#ifndef FLYWHEEL_SHARED_RPC_CALL_PLACES_H_
#define FLYWHEEL_SHARED_RPC_CALL_PLACES_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"

namespace flywheel::rpc {

// How many calls of one kind may run at a moment, and how many of them for one project: as many as
// it leaves free, but always one. So one project alone has half, two have a third each, and whoever
// comes next finds a place. Thread-safe; outlives its places.
//
//   ASSIGN_OR_RETURN(const CallPlaces::Place place, watchers_.Take(caller.project));
class CallPlaces {
 public:
  // `method`: of the calls, such as "WatchRun". `limit`: of all projects together, at least 1.
  CallPlaces(std::string method, int64_t limit) : method_(std::move(method)), limit_(limit) {}

  // What a call holds; given back at its end.
  class Place {
   public:
    Place(CallPlaces* places, std::string project)
        : places_(places), project_(std::move(project)) {}
    Place(Place&& other) noexcept
        : places_(std::exchange(other.places_, nullptr)), project_(std::move(other.project_)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (places_ != nullptr) places_->Return(project_);
    }

   private:
    CallPlaces* places_;
    std::string project_;
  };

  // BUSY with RetryInfo where all places are taken, or this project would leave fewer free than it
  // held.
  absl::StatusOr<Place> Take(const std::string& project);

 private:
  void Return(const std::string& project);

  const std::string method_;
  const int64_t limit_;
  absl::Mutex mutex_;
  int64_t taken_ ABSL_GUARDED_BY(mutex_) = 0;
  // Of the projects that hold any.
  std::map<std::string, int64_t> projects_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_CALL_PLACES_H_
