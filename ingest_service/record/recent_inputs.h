// Burst detection: who sent the same input again and again.
#ifndef FLYWHEEL_INGEST_SERVICE_RECORD_RECENT_INPUTS_H_
#define FLYWHEEL_INGEST_SERVICE_RECORD_RECENT_INPUTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace flywheel::ingest {

// One interaction, as far as repetition goes.
struct InputSighting {
  std::string_view project;
  // The user's pseudonym or, without one, the session; empty where nobody is known.
  std::string_view person;
  std::string_view input;
  // A replay has the id of the first time, and counts once.
  std::string_view interaction_id;
  // When the agent was asked: the import of a year's conversations is no burst.
  absl::Time start_time;
};

// Remembers the newest inputs, in memory alone and as hashes: at most `capacity` people with their
// inputs, and of each the last eleven times. The oldest half is forgotten when it is full, and all
// at a restart; what is forgotten counts from the beginning. Thread-safe.
class RecentInputs {
 public:
  // So often within kWindowSeconds is usual; once more is a burst.
  static constexpr int kUsual = 10;
  static constexpr uint32_t kWindowSeconds = 60;

  explicit RecentInputs(size_t capacity = 1 << 17) : capacity_(capacity) {}

  // Remembers it; true where this person said the same more than kUsual times within
  // kWindowSeconds up to this time. False where nobody is known or the input is empty.
  bool IsBurst(const InputSighting& sighting);

 private:
  // In few bytes: a tenth of a second and half a hash are enough to tell.
  struct Time {
    uint32_t deciseconds = 0;
    uint32_t interaction = 0;
  };
  struct Times {
    std::array<Time, kUsual + 1> times;
    uint32_t count = 0;  // Of all; the newest stands at (count - 1) modulo the size.
  };
  using Generation = absl::flat_hash_map<uint64_t, Times>;

  Times& Find(uint64_t key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t capacity_;
  absl::Mutex mutex_;
  // Those that were seen since the last change of generations, and those of before.
  Generation young_ ABSL_GUARDED_BY(mutex_);
  Generation old_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RECORD_RECENT_INPUTS_H_
