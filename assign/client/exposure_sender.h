// Sends the exposures that a process made to the experiment service.
#ifndef FLYWHEEL_ASSIGN_CLIENT_EXPOSURE_SENDER_H_
#define FLYWHEEL_ASSIGN_CLIENT_EXPOSURE_SENDER_H_

#include <grpcpp/client_context.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "assign/client/connection.h"
#include "assign/client/knowledge.h"
#include "shared/time/clock.h"

namespace flywheel::assign {

// What is known of a unit, such as {"language", "de"}: names and values in UTF-8, each name once.
using UnitAttributes = absl::Span<const std::pair<std::string_view, std::string_view>>;

// What became of the exposures until now.
struct ExposureCounts {
  // Wait to be sent, or are on their way.
  int64_t waiting = 0;
  // On disk at the service, by this or an earlier call.
  int64_t taken = 0;
  // The service refused them: mostly because the experiment had been stopped meanwhile.
  int64_t rejected = 0;
  // Did not fit into the queue. Their units' next assignment tries again.
  int64_t dropped = 0;
};

// A queue of first exposures with a thread that sends them. What was sent lately is not queued
// again, mostly: the service takes an exposure twice without harm. Thread-safe.
class ExposureSender {
 public:
  struct Options {
    // Of exposures that wait; beyond, they are dropped.
    size_t max_waiting = 65'536;
    // Of assignment tokens that are kept for Token; beyond, they are forgotten all together.
    size_t max_tokens = 65'536;
    // How long exposures gather before they are sent together.
    absl::Duration gather = absl::Milliseconds(200);
    // Called about once a second.
    std::function<void()> on_tick = [] {};
  };

  // `clock` outlives this object.
  ExposureSender(Connection connection, Options options, const Clock* clock);
  ExposureSender(const ExposureSender&) = delete;
  ExposureSender& operator=(const ExposureSender&) = delete;
  // Ends the thread; what still waits is lost, see Flush.
  ~ExposureSender();

  // Takes a unit's exposure, whose hash is `hash`, unless it was taken lately. Never waits for the
  // service, and without a lock where it was. Of the attributes those are copied that the service
  // takes: the first 64 with names of 1 to 128 bytes and values of at most 256.
  void Add(const std::shared_ptr<const KnownExperiment>& experiment, size_t arm,
           std::string_view unit_id, uint64_t hash, UnitAttributes attributes);

  // Waits until the service has answered for all that waits now; false where it did not in time.
  bool Flush(absl::Duration timeout);

  // The token of the unit with this hash; empty until its exposure was taken, and once it is
  // forgotten.
  std::string Token(uint64_t hash) const;

  ExposureCounts counts() const;

 private:
  struct Exposure {
    std::shared_ptr<const KnownExperiment> experiment;
    size_t arm = 0;
    std::string unit_id;
    uint64_t hash = 0;
    absl::Time time;
    std::vector<std::pair<std::string, std::string>> attributes;
  };

  // What was sent lately: a table of sets, of which a hash's lower bits choose one. A set of four
  // forgets few of 100,000 units that come in turn, where single places would most.
  static constexpr size_t kRecentSets = 65'536;
  static constexpr size_t kRecentWays = 4;

  std::atomic<uint64_t>* RecentSet(uint64_t hash) const {
    return &recent_[hash % kRecentSets * kRecentWays];
  }
  bool IsRecent(uint64_t hash) const;
  void Remember(uint64_t hash);
  void Forget(uint64_t hash);

  void Run();
  // Waits for work, up to a second; false where the thread is to end.
  bool AwaitWork();
  std::vector<Exposure> TakeBatch();
  // Whether the service answered.
  bool Send(const std::vector<Exposure>& batch);
  // They wait on, the oldest first; the newest ones are dropped where there is no room.
  void PutBack(std::vector<Exposure> batch);
  bool HasWork() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || !waiting_.empty(); }
  bool IsUrgent() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_ || answered_ < wanted_;
  }

  const Connection connection_;
  const Options options_;
  const Clock* const clock_;
  // The hashes of units, 0 for none.
  const std::unique_ptr<std::atomic<uint64_t>[]> recent_;

  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<Exposure> waiting_ ABSL_GUARDED_BY(mutex_);
  // Of all exposures ever: how many came, were answered (or dropped), and are to be answered soon.
  int64_t added_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t answered_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t wanted_ ABSL_GUARDED_BY(mutex_) = 0;
  ExposureCounts counts_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<uint64_t, std::string> tokens_ ABSL_GUARDED_BY(mutex_);
  grpc::ClientContext* context_ ABSL_GUARDED_BY(mutex_) = nullptr;
  std::thread thread_;
};

}  // namespace flywheel::assign

#endif  // FLYWHEEL_ASSIGN_CLIENT_EXPOSURE_SENDER_H_
