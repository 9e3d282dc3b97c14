#include "ingest_service/record/recent_inputs.h"

#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"

namespace flywheel::ingest {

bool RecentInputs::IsBurst(const InputSighting& sighting) {
  if (sighting.person.empty() || sighting.input.empty()) return false;
  // Hashed with a seed of the process: the texts are not kept, and cannot be found out.
  const auto view = [](std::string_view text) {
    return absl::string_view(text.data(), text.size());
  };
  const uint64_t key =
      absl::HashOf(view(sighting.project), view(sighting.person), view(sighting.input));
  // Tenths of a second, and half a hash of the id to tell a replay.
  const Time now{static_cast<uint32_t>(absl::ToUnixMillis(sighting.start_time) / 100),
                 static_cast<uint32_t>(absl::HashOf(view(sighting.interaction_id)))};

  absl::MutexLock lock(&mutex_);
  Times& seen = Find(key);
  // The newest times of this person and input, as a ring.
  const size_t known = std::min<size_t>(seen.count, seen.times.size());
  int within = 0;
  bool replay = false;
  for (size_t i = 0; i < known; ++i) {
    if (seen.times[i].interaction == now.interaction) {
      replay = true;
    } else if (now.deciseconds - seen.times[i].deciseconds < 10 * kWindowSeconds) {
      ++within;
    }
  }
  if (!replay) seen.times[seen.count++ % seen.times.size()] = now;
  return within >= kUsual;
}

RecentInputs::Times& RecentInputs::Find(uint64_t key) {
  // Two generations: when the young one is full it becomes the old one, and the old one is
  // forgotten.
  const auto young = young_.find(key);
  if (young != young_.end()) return young->second;
  if (young_.size() >= std::max<size_t>(capacity_ / 2, 1)) {
    old_ = std::exchange(young_, Generation());
  }
  Times& times = young_[key];
  // Seen in the old generation: it moves, and so lives on.
  const auto before = old_.find(key);
  if (before != old_.end()) {
    times = before->second;
    old_.erase(before);
  }
  return times;
}

}  // namespace flywheel::ingest
