// Cache of decompressed archive frames.
#ifndef FLYWHEEL_INGEST_SERVICE_PAYLOADS_FRAME_CACHE_H_
#define FLYWHEEL_INGEST_SERVICE_PAYLOADS_FRAME_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace flywheel::ingest {

// The lines of the last frames: whoever reads a feed asks for a hundred records of one frame in a
// row. Thread-safe.
class FrameCache {
 public:
  using Lines = std::shared_ptr<const std::vector<std::string>>;

  // Null where the frame is not here.
  Lines Find(int64_t frame_id) {
    absl::MutexLock lock(&mutex_);
    for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
      if (entry->first != frame_id) continue;
      entries_.splice(entries_.begin(), entries_, entry);
      return entries_.front().second;
    }
    return nullptr;
  }

  void Add(int64_t frame_id, Lines lines) {
    absl::MutexLock lock(&mutex_);
    entries_.emplace_front(frame_id, std::move(lines));
    if (entries_.size() > kMaxFrames) entries_.pop_back();
  }

  void Clear() {
    absl::MutexLock lock(&mutex_);
    entries_.clear();
  }

 private:
  // One for each reader that may be under way, and little memory: most frames hold about 256 KiB.
  static constexpr size_t kMaxFrames = 16;

  absl::Mutex mutex_;
  std::list<std::pair<int64_t, Lines>> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PAYLOADS_FRAME_CACHE_H_
