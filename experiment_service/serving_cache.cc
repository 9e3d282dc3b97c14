#include "experiment_service/serving_cache.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "experiment_service/store/experiment_store.h"
#include "experiment_service/store/promotion_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {

absl::Status ServingCache::Load(sql::Connection& connection) {
  RETURN_IF_ERROR(ExperimentStore(connection).ForEach([this](StoredExperiment stored) {
    PutExperiment(std::make_shared<LiveExperiment>(std::move(stored)));
  }));
  return PromotionStore(connection).ForEachActive([this](const StoredPromotion& promotion) {
    PutActiveVersion(promotion.project, promotion.active_version);
  });
}

void ServingCache::PutExperiment(LiveExperimentPtr live) {
  {
    const Experiment& experiment = live->experiment;
    absl::MutexLock lock(&mutex_);
    if (experiment.state == State::kRunning) {
      agents_[{live->project, experiment.agent}].running = live;
      // One that stopped gives up the traffic, unless another has it already.
    } else if (const auto agent = agents_.find(Key(live->project, experiment.agent));
               agent != agents_.end() && agent->second.running != nullptr &&
               agent->second.running->ordinal == live->ordinal) {
      agent->second.running = nullptr;
    }
    by_token_key_[live->token_key] = live;
    by_ordinal_[live->ordinal] = live;
    experiments_[{live->project, experiment.experiment_id}] = std::move(live);
  }
  CountChange();
}

void ServingCache::PutActiveVersion(const std::string& project, const ActiveVersion& active) {
  auto shared = std::make_shared<const ActiveVersion>(active);
  {
    absl::MutexLock lock(&mutex_);
    agents_[{project, active.agent}].active_version = active.model_version;
    ActiveVersions& versions = active_versions_[project];
    versions.newest_change = ++active_version_changes_;
    versions.by_agent[active.agent] = {versions.newest_change, std::move(shared)};
  }
  CountChange();
}

std::vector<ActiveVersionPtr> ServingCache::ActiveVersionsSince(const std::string& project,
                                                                const std::string& agent,
                                                                size_t limit, int64_t& seen) const {
  std::vector<const Activated*> newer;
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = active_versions_.find(project);
  if (found == active_versions_.end() || found->second.newest_change <= seen) return {};
  for (const auto& [name, activated] : found->second.by_agent) {
    const bool wanted = agent.empty() || agent == name;
    if (wanted && activated.change > seen) newer.push_back(&activated);
  }
  std::sort(newer.begin(), newer.end(),
            [](const Activated* a, const Activated* b) { return a->change < b->change; });
  const bool are_all = newer.size() <= limit;
  if (!are_all) newer.resize(limit);
  seen = are_all ? found->second.newest_change : newer.back()->change;
  std::vector<ActiveVersionPtr> since;
  for (const Activated* const activated : newer) since.push_back(activated->active);
  return since;
}

std::optional<Serving> ServingCache::FindAgent(const std::string& project,
                                               const std::string& agent) const {
  const Key key(project, agent);
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = agents_.find(key);
  if (found == agents_.end()) return std::nullopt;
  return found->second;
}

LiveExperimentPtr ServingCache::FindExperiment(const std::string& project,
                                               const std::string& experiment_id) const {
  const Key key(project, experiment_id);
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = experiments_.find(key);
  return found == experiments_.end() ? nullptr : found->second;
}

LiveExperimentPtr ServingCache::FindByTokenKey(const std::string& project,
                                               uint64_t token_key) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = by_token_key_.find(token_key);
  if (found == by_token_key_.end() || found->second->project != project) return nullptr;
  return found->second;
}

LiveExperimentPtr ServingCache::FindByOrdinal(int64_t ordinal) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = by_ordinal_.find(ordinal);
  return found == by_ordinal_.end() ? nullptr : found->second;
}

std::vector<LiveExperimentPtr> ServingCache::All() const {
  std::vector<LiveExperimentPtr> all;
  absl::ReaderMutexLock lock(&mutex_);
  for (const auto& [key, live] : experiments_) all.push_back(live);
  return all;
}

std::vector<LiveExperimentPtr> ServingCache::Running() const {
  std::vector<LiveExperimentPtr> running;
  absl::ReaderMutexLock lock(&mutex_);
  for (const auto& [key, serving] : agents_) {
    if (serving.running != nullptr) running.push_back(serving.running);
  }
  return running;
}

std::vector<AgentServing> ServingCache::AgentsOf(const std::string& project) const {
  std::vector<AgentServing> found;
  {
    absl::ReaderMutexLock lock(&mutex_);
    for (const auto& [key, serving] : agents_) {
      if (key.first == project) found.push_back({key.second, serving});
    }
  }
  std::sort(found.begin(), found.end(), [](const AgentServing& one, const AgentServing& other) {
    return one.agent < other.agent;
  });
  return found;
}

void ServingCache::CountChange() {
  absl::MutexLock lock(&changes_mutex_);
  ++changes_;
}

uint64_t ServingCache::changes() const {
  absl::MutexLock lock(&changes_mutex_);
  return changes_;
}

bool ServingCache::AwaitBeyond(uint64_t seen, absl::Duration timeout) const {
  const auto is_beyond = [this, seen]()
                             ABSL_SHARED_LOCKS_REQUIRED(changes_mutex_) { return changes_ > seen; };
  absl::MutexLock lock(&changes_mutex_);
  return changes_mutex_.AwaitWithTimeout(absl::Condition(&is_beyond), timeout);
}

}  // namespace flywheel::experiment
