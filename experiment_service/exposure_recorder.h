// Exposure log: the first exposure of each unit, written in the background.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_EXPOSURE_RECORDER_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_EXPOSURE_RECORDER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "experiment_service/assignment_tokens.h"
#include "experiment_service/evidence_cache.h"
#include "experiment_service/live_experiment.h"
#include "shared/rpc/background_loop.h"
#include "shared/rpc/metrics.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {

// Remembers the first exposure of each unit and writes it in the background. Thread-safe.
//
// Assignment must not wait for the disk, so an exposure is at risk for up to `flush_interval` when
// the process is killed, and for as long as the store is busy or full. The arm itself is a hash,
// and an outcome that comes with its assignment token brings the exposure back. What is lost are
// those whose units never send one: with Metric.counts_as the rate of those few moments is then too
// high, in every arm by as much as its rate.
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
  ExposureRecorder(sql::Database* database, EvidenceCache* evidence, const Clock* clock,
                   rpc::Metrics* metrics, Options options);
  ExposureRecorder(const ExposureRecorder&) = delete;
  ExposureRecorder& operator=(const ExposureRecorder&) = delete;
  // Stops too.
  ~ExposureRecorder();

  // Begins to write.
  void Start() { loop_.Start(); }

  // Ends the background thread, then writes what waits, once. Later exposures are not written. May
  // be called again, and without Start().
  void Stop();

  // That a unit was exposed to an arm of an experiment.
  struct Exposure {
    LiveExperimentPtr live;
    ExposureProof proof;
  };

  // Takes exposures; never waits for the store.
  void Remember(std::vector<Exposure> exposures);
  void Remember(LiveExperimentPtr live, const ExposureProof& proof) {
    Remember({Exposure{std::move(live), proof}});
  }

  // These units (StoredExperiment::ordinal and hash) are in the store no more: the next assignment
  // of each is a first exposure again.
  void Forget(const std::vector<std::pair<int64_t, std::string>>& units);

  // Writes what was taken before this call, and waits for it.
  absl::Status Flush();

 private:
  // The loop's step: gathers for the flush interval, if anything waits, then writes it.
  absl::StatusOr<absl::Duration> GatherAndWrite();
  // Writes what waits; it waits on where that fails.
  absl::Status WritePending();
  absl::Status Write(const std::vector<Exposure>& exposures);

  sql::Database* const database_;
  EvidenceCache* const evidence_;
  const Clock* const clock_;
  const Options options_;

  // Held for as long as a write takes, from the taking of what waits to its return: whoever flushes
  // finds either all on disk, or what failed among what waits. Comes before mutex_.
  absl::Mutex write_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  absl::Mutex mutex_;
  std::vector<Exposure> pending_ ABSL_GUARDED_BY(mutex_);
  size_t in_flight_ ABSL_GUARDED_BY(mutex_) = 0;  // Taken out of pending_, not yet on disk.
  // Experiment and unit hash.
  absl::flat_hash_set<std::pair<int64_t, std::string>> remembered_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ = false;  // Of the thread that stops.
  // Last, so that its thread ends before what it uses.
  rpc::BackgroundLoop loop_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_EXPOSURE_RECORDER_H_
