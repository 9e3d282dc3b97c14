// In-memory cache of the experiments' evidence, for analysis.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_EVIDENCE_CACHE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_EVIDENCE_CACHE_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "experiment_service/evidence.h"
#include "experiment_service/live_experiment.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// What an analysis reads, so that neither its cost nor that of a start depends on the number of
// outcomes: a copy of what is stored, told of every change after its commit, in the order of
// commits. Thread-safe.
class EvidenceCache {
 public:
  // Fills an empty cache with that of an experiment.
  absl::Status Load(sql::Connection& connection, const LiveExperiment& live);

  // Takes `evidence` in the place of what it has.
  void Put(std::vector<Evidence> evidence);

  // Empty counts and CONTINUE where nothing is known.
  std::shared_ptr<const Evidence> Find(const LiveExperiment& live) const;

  // The same; null where nothing is known. Evidence that changed is another object.
  std::shared_ptr<const Evidence> FindKnown(int64_t experiment) const;

 private:
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<int64_t, std::shared_ptr<const Evidence>> evidence_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_EVIDENCE_CACHE_H_
