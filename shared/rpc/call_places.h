// Places for calls that hold a thread or memory for long, shared fairly between projects and keys.
#ifndef FLYWHEEL_SHARED_RPC_CALL_PLACES_H_
#define FLYWHEEL_SHARED_RPC_CALL_PLACES_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "shared/rpc/actor.h"

namespace flywheel::rpc {

// How many calls of one kind may run at a moment, and who may make them. A place is held until its
// call ends: nobody is put out of one. As long as one key holds all places of its project, one more
// is kept free for the project's other keys. A place that is neither held nor kept goes to
//   a key whose project holds none, where another is left to be kept for the project;
//   a key that holds none, where a quarter of all are left after it;
//   a key that holds some, where a half of all are left after it: alone it has half, but for the
//   one that is kept.
//
// Whoever takes and returns them in whatever order, of `limit` places, a multiple of 8:
//   One key never keeps another of its project out: where it holds all that the project has, any
//   other key of the project gets a place.
//   A key that holds none gets one while at most limit / 8 other keys hold any.
//   A key whose project holds none gets one while at most limit / 8 other projects hold any.
// Without keys a project's callers are one key. Thread-safe; outlives its places.
//
//   ASSIGN_OR_RETURN(const CallPlaces::Place place, watchers_.Take(caller));
class CallPlaces {
 public:
  // `method`: of the calls, such as "WatchRun". `limit`: of all projects together, at least 8.
  CallPlaces(std::string method, int64_t limit) : method_(std::move(method)), limit_(limit) {}

  // What a call holds; given back at its end.
  class Place {
   public:
    Place(CallPlaces* places, std::string project, std::string key_id)
        : places_(places), project_(std::move(project)), key_id_(std::move(key_id)) {}
    Place(Place&& other) noexcept
        : places_(std::exchange(other.places_, nullptr)),
          project_(std::move(other.project_)),
          key_id_(std::move(other.key_id_)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (places_ != nullptr) places_->Return(project_, key_id_);
    }

   private:
    CallPlaces* places_;
    std::string project_;
    std::string key_id_;
  };

  // A place for a call of the actor's key. BUSY with RetryInfo where none is left for it.
  absl::StatusOr<Place> Take(const Actor& actor);

 private:
  // What a project holds, by key; keys and projects that hold none are not there.
  struct Holding {
    int64_t places = 0;
    std::map<std::string, int64_t> keys = {};

    int64_t kept() const { return keys.size() == 1 ? 1 : 0; }
  };

  void Return(const std::string& project, const std::string& key_id);

  const std::string method_;
  const int64_t limit_;
  absl::Mutex mutex_;
  int64_t taken_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t kept_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, Holding> projects_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_CALL_PLACES_H_
