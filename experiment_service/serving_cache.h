// In-memory cache of experiments and active versions, for assignment.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_SERVING_CACHE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_SERVING_CACHE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "experiment_service/domain/experiment.h"
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

// Immutable, so shared between threads: the next promotion is another object.
using ActiveVersionPtr = std::shared_ptr<const ActiveVersion>;

// What an agent's traffic gets, with the agent's name.
struct AgentServing {
  std::string agent;
  Serving serving;
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
  void PutActiveVersion(const std::string& project, const ActiveVersion& active);

  // Nothing for an agent that has neither an active version nor a running experiment.
  std::optional<Serving> FindAgent(const std::string& project, const std::string& agent) const;
  // The active versions of a project, or of one agent where `agent` is not empty, that came after
  // the change `seen`, in the order of their coming; 0: all of them. At most `limit`, above 0;
  // `seen` becomes the change up to which they are told.
  std::vector<ActiveVersionPtr> ActiveVersionsSince(const std::string& project,
                                                    const std::string& agent, size_t limit,
                                                    int64_t& seen) const;
  // Null where the project has no such experiment.
  LiveExperimentPtr FindExperiment(const std::string& project,
                                   const std::string& experiment_id) const;
  LiveExperimentPtr FindByTokenKey(const std::string& project, uint64_t token_key) const;
  // Of any project.
  LiveExperimentPtr FindByOrdinal(int64_t ordinal) const;
  // Of all projects: all of them, and those that take traffic.
  std::vector<LiveExperimentPtr> All() const;
  std::vector<LiveExperimentPtr> Running() const;

  // Every agent of a project, by name.
  std::vector<AgentServing> AgentsOf(const std::string& project) const;
  // How many changes there were; of all projects together.
  uint64_t changes() const;
  // Waits until there were more than `seen`, up to `timeout`; whether there were.
  bool AwaitBeyond(uint64_t seen, absl::Duration timeout) const;

 private:
  using Key = std::pair<std::string, std::string>;  // Project, then agent or experiment id.
  struct Activated {
    int64_t change = 0;  // From 1, of all projects together.
    ActiveVersionPtr active;
  };
  struct ActiveVersions {
    int64_t newest_change = 0;
    std::map<std::string, Activated> by_agent;
  };

  void CountChange();

  mutable absl::Mutex mutex_;
  absl::flat_hash_map<Key, Serving> agents_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, ActiveVersions> active_versions_ ABSL_GUARDED_BY(mutex_);
  int64_t active_version_changes_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<Key, LiveExperimentPtr> experiments_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<uint64_t, LiveExperimentPtr> by_token_key_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<int64_t, LiveExperimentPtr> by_ordinal_ ABSL_GUARDED_BY(mutex_);
  // A lock of its own, so that those who wait for it cost assignment nothing.
  mutable absl::Mutex changes_mutex_;
  uint64_t changes_ ABSL_GUARDED_BY(changes_mutex_) = 0;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_SERVING_CACHE_H_
