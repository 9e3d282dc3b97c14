// What a process knows of the experiments that it assigns for.
#ifndef FLYWHEEL_ASSIGN_CLIENT_KNOWLEDGE_H_
#define FLYWHEEL_ASSIGN_CLIENT_KNOWLEDGE_H_

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "assign/core/assignment.h"
#include "flywheel/experiment/v1/assignment.pb.h"

namespace flywheel::assign {

struct KnownArm {
  std::string arm_id;
  std::string model_version;
};

// A running experiment. Immutable.
struct KnownExperiment {
  std::string experiment_id;
  bool by_user = true;
  std::vector<KnownArm> arms;
  Assignment assignment;
};

struct KnownAgent {
  // Empty where nothing was promoted yet.
  std::string active_version;
  // Null where none runs.
  std::shared_ptr<const KnownExperiment> experiment;
};

// The agents, as one stream of WatchExperiments told them. A value; immutable once it is published.
class Knowledge {
 public:
  // In the place of what was known of the agent.
  void Put(const experiment::v1::AgentAssignment& agent);

  // Null for an agent that is not known. Points into this object.
  const KnownAgent* Find(std::string_view agent) const;

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  std::unordered_map<std::string, KnownAgent, Hash, std::equal_to<>> agents_;
};

// Where threads find the knowledge of now. Each of a few shards has a lock and a reference of its
// own, and a thread keeps to one shard: readers do not wait for each other, and share no cache
// line, unless there are more threads than shards. Thread-safe.
class SharedKnowledge {
 public:
  // What is known from now on.
  void Publish(const std::shared_ptr<const Knowledge>& knowledge);

  // Calls `use` with the knowledge of now, which stays while it runs; with null before there is
  // any. `use` is quick, and calls nothing of this object.
  template <typename Use>
  auto With(const Use& use) const {
    Shard& shard = shards_[ShardOfThread()];
    absl::MutexLock lock(&shard.mutex);
    return use(shard.knowledge.get());
  }

  bool is_empty() const {
    return With([](const Knowledge* knowledge) { return knowledge == nullptr; });
  }

 private:
  static constexpr size_t kShards = 32;
  // Of two cache lines, which some machines fetch together.
  struct alignas(128) Shard {
    absl::Mutex mutex;
    std::shared_ptr<const Knowledge> knowledge ABSL_GUARDED_BY(mutex);
  };

  static size_t ShardOfThread();

  mutable std::array<Shard, kShards> shards_;
};

}  // namespace flywheel::assign

#endif  // FLYWHEEL_ASSIGN_CLIENT_KNOWLEDGE_H_
