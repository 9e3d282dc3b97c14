// In-memory cache of experiments and active versions, for assignment.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_SERVING_CACHE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_SERVING_CACHE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "experiment_service/live_experiment.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// What an agent's traffic gets.
struct Serving {
  // Empty where nothing was promoted yet.
  std::string active_version;
  // Null where none runs.
  LiveExperimentPtr running;
};

// A copy of all experiments and active versions, so that assignment never waits for the store.
// Loaded at start, then told of every change after its commit, in the order of commits (see
// ordered_commit.h). Thread-safe; readers do not wait for each other, and a change holds them up
// for a map's update.
class ServingCache {
 public:
  // Fills an empty cache.
  absl::Status Load(sql::Connection& connection);

  // A new experiment, or the new state of a known one.
  void PutExperiment(LiveExperimentPtr experiment);
  void PutActiveVersion(const std::string& project, const std::string& agent,
                        const std::string& model_version);

  // Nothing for an agent that has neither an active version nor a running experiment.
  std::optional<Serving> FindAgent(const std::string& project, const std::string& agent) const;
  // Null where the project has no such experiment.
  LiveExperimentPtr FindExperiment(const std::string& project,
                                   const std::string& experiment_id) const;
  LiveExperimentPtr FindByTokenKey(const std::string& project, uint64_t token_key) const;
  // Of any project.
  LiveExperimentPtr FindByOrdinal(int64_t ordinal) const;
  // Of all projects: all of them, and those that take traffic.
  std::vector<LiveExperimentPtr> All() const;
  std::vector<LiveExperimentPtr> Running() const;

 private:
  using Key = std::pair<std::string, std::string>;  // Project, then agent or experiment id.

  mutable absl::Mutex mutex_;
  absl::flat_hash_map<Key, Serving> agents_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<Key, LiveExperimentPtr> experiments_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<uint64_t, LiveExperimentPtr> by_token_key_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<int64_t, LiveExperimentPtr> by_ordinal_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_SERVING_CACHE_H_
