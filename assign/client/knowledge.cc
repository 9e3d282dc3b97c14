#include "assign/client/knowledge.h"

#include <atomic>

namespace flywheel::assign {
namespace {

// Null for one that nobody can be dealt by, which no service sends.
std::shared_ptr<const KnownExperiment> FromProto(
    const experiment::v1::AssignedExperiment& experiment) {
  std::vector<KnownArm> arms;
  std::vector<double> weights;
  size_t control = 0;
  for (const experiment::v1::AssignedArm& arm : experiment.arms()) {
    if (!(arm.weight() > 0)) return nullptr;
    if (arm.control()) control = arms.size();
    weights.push_back(arm.weight());
    arms.push_back({arm.arm_id(), arm.model_version()});
  }
  if (arms.empty()) return nullptr;
  return std::make_shared<const KnownExperiment>(
      KnownExperiment{experiment.experiment_id(),
                      experiment.unit() != experiment::v1::RANDOMISATION_UNIT_SESSION,
                      std::move(arms),
                      {experiment.seed(), weights, control, experiment.coverage()}});
}

}  // namespace

void Knowledge::Put(const experiment::v1::AgentAssignment& agent) {
  KnownAgent known{agent.active_version(), nullptr};
  if (agent.has_experiment()) known.experiment = FromProto(agent.experiment());
  agents_.insert_or_assign(agent.agent(), std::move(known));
}

const KnownAgent* Knowledge::Find(std::string_view agent) const {
  const auto found = agents_.find(agent);
  return found == agents_.end() ? nullptr : &found->second;
}

void SharedKnowledge::Publish(const std::shared_ptr<const Knowledge>& knowledge) {
  for (Shard& shard : shards_) {
    // What it replaces is taken apart outside of the lock.
    std::shared_ptr<const Knowledge> next = knowledge;
    absl::MutexLock lock(&shard.mutex);
    shard.knowledge.swap(next);
  }
}

size_t SharedKnowledge::ShardOfThread() {
  static std::atomic<size_t> threads = 0;
  thread_local const size_t shard = threads.fetch_add(1, std::memory_order_relaxed) % kShards;
  return shard;
}

}  // namespace flywheel::assign
