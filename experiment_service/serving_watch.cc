#include "experiment_service/serving_watch.h"

namespace flywheel::experiment {

std::vector<AgentServing> ServingWatch::TakeChanges() {
  // The number first: what changes while they are read is seen the next time.
  seen_ = serving_->changes();
  std::vector<AgentServing> changed;
  for (AgentServing& agent : serving_->AgentsOf(project_)) {
    if (!agents_.empty() && !agents_.contains(agent.agent)) continue;
    const auto [told, is_new] = told_.try_emplace(agent.agent);
    // An experiment that changed is another object.
    if (!is_new && told->second.active_version == agent.serving.active_version &&
        told->second.running == agent.serving.running) {
      continue;
    }
    told->second = agent.serving;
    changed.push_back(std::move(agent));
  }
  return changed;
}

}  // namespace flywheel::experiment
