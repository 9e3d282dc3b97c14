// Who was shown what, written down without anybody waiting for it.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_EXPOSURE_RECORDER_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_EXPOSURE_RECORDER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "experiment_service/store/unit_store.h"
#include "experiment_service/tally_book.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {

// Remembers the first exposure of each unit and writes it in the background. Thread-safe.
//
// Assignment must not wait for the disk, so an exposure is at risk for up to `flush_interval` when
// the process is killed, and for as long as the store is busy or full. What is lost is one row of
// the sample ratio check, in every arm alike: the arm itself is a hash, and an outcome exposes its
// unit anyway.
class ExposureRecorder {
 public:
  struct Options {
    // Exposures that may wait for the disk; beyond, they are counted as dropped.
    size_t max_pending = 65'536;
    // Exposures that are known to be written; beyond, the memory starts anew, and the store tells
    // known ones apart.
    size_t max_remembered = 262'144;
    // The longest wait before a write.
    absl::Duration flush_interval = absl::Milliseconds(200);
    // Told of every exposure that was dropped.
    std::function<void()> on_dropped = [] {};
  };

  // All pointers outlive this object.
  ExposureRecorder(sql::Database* database, TallyBook* tallies, const Clock* clock,
                   Options options);
  ExposureRecorder(const ExposureRecorder&) = delete;
  ExposureRecorder& operator=(const ExposureRecorder&) = delete;
  // Stops too.
  ~ExposureRecorder();

  // Takes a first exposure; never waits for the store.
  void Remember(const UnitKey& unit);

  // Writes what waits, once, and ends the background thread. Later exposures are not written.
  void Stop();

 private:
  struct Exposure {
    UnitKey unit;
    absl::Time time;
  };

  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !pending_.empty();
  }
  void Run();
  absl::Status Flush(const std::vector<Exposure>& exposures);

  sql::Database* const database_;
  TallyBook* const tallies_;
  const Clock* const clock_;
  const Options options_;

  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Exposure> pending_ ABSL_GUARDED_BY(mutex_);
  size_t in_flight_ ABSL_GUARDED_BY(mutex_) = 0;  // Taken out of pending_, not yet on disk.
  // Experiment and unit hash.
  absl::flat_hash_set<std::pair<int64_t, std::string>> remembered_ ABSL_GUARDED_BY(mutex_);

  std::thread thread_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_EXPOSURE_RECORDER_H_
