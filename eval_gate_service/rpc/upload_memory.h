// How much memory all uploads that are under way hold together.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_UPLOAD_MEMORY_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_UPLOAD_MEMORY_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace flywheel::evalgate {

// Each upload has some bytes of its own, so that a small one never waits for large ones. What it
// holds beyond them comes out of one pot for all, of which a project gets a part. Thread-safe;
// outlives its shares.
class UploadMemory {
 public:
  struct Limits {
    // Of each upload, whatever others hold.
    int64_t own;
    // Of all uploads together, beyond their own.
    int64_t pot;
    // The most of the pot that uploads of one project hold.
    int64_t pot_of_project;
  };

  explicit UploadMemory(const Limits& limits) : limits_(limits) {}

  // What one upload holds; given back at its end. Not thread-safe.
  class Share {
   public:
    Share(UploadMemory* memory, std::string project)
        : memory_(memory), project_(std::move(project)) {}
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() { memory_->GiveBack(project_, of_pot_); }

    // Holds so many bytes more. BUSY with RetryInfo where the pot does not have them: they are not
    // held then.
    absl::Status Hold(int64_t bytes);

   private:
    UploadMemory* const memory_;
    const std::string project_;
    int64_t held_ = 0;
    int64_t of_pot_ = 0;
  };

 private:
  absl::Status TakeOfPot(const std::string& project, int64_t bytes);
  void GiveBack(const std::string& project, int64_t bytes);

  const Limits limits_;
  absl::Mutex mutex_;
  int64_t taken_ ABSL_GUARDED_BY(mutex_) = 0;
  // Of the projects that hold any of the pot.
  std::map<std::string, int64_t> projects_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_UPLOAD_MEMORY_H_
