#include "experiment_service/serving_cache.h"

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
    PutActiveVersion(promotion.project, promotion.active_version.agent,
                     promotion.active_version.model_version);
  });
}

void ServingCache::PutExperiment(LiveExperimentPtr live) {
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

void ServingCache::PutActiveVersion(const std::string& project, const std::string& agent,
                                    const std::string& model_version) {
  absl::MutexLock lock(&mutex_);
  agents_[{project, agent}].active_version = model_version;
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

}  // namespace flywheel::experiment
