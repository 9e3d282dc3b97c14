// Serving watch: what changed of what serves a project's agents, since one last looked.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_SERVING_WATCH_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_SERVING_WATCH_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "experiment_service/serving_cache.h"

namespace flywheel::experiment {

// One watcher's view of the agents. Of one thread.
//
//   ServingWatch watch(&serving, project, {"helper"});
//   while (...) {
//     for (const AgentServing& agent : watch.TakeChanges()) Tell(agent);
//     watch.AwaitChange(absl::Milliseconds(500));
//   }
class ServingWatch {
 public:
  // `serving` outlives this object. No agents: all of the project, also those that come later.
  ServingWatch(const ServingCache* serving, std::string project, std::set<std::string> agents)
      : serving_(serving), project_(std::move(project)), agents_(std::move(agents)) {}

  // The agents that are not as they were when this was called before, by name; the first time all
  // of them.
  std::vector<AgentServing> TakeChanges();

  // Whether anything changed, of whatever project, since TakeChanges was called; waits for it up to
  // `timeout`.
  bool AwaitChange(absl::Duration timeout) const { return serving_->AwaitBeyond(seen_, timeout); }

 private:
  const ServingCache* const serving_;
  const std::string project_;
  const std::set<std::string> agents_;
  uint64_t seen_ = 0;
  std::map<std::string, Serving> told_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_SERVING_WATCH_H_
