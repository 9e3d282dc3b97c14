// Build queue: which dataset build is next, one of a project at a time.
#ifndef FLYWHEEL_CURATION_SERVICE_BUILD_QUEUE_H_
#define FLYWHEEL_CURATION_SERVICE_BUILD_QUEUE_H_

#include <cstdint>
#include <list>
#include <optional>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace flywheel::curation {

// A build that waits.
struct QueuedBuild {
  std::string project;
  std::string dataset_version_id;
  // It begins when the feed was read up to here, or at this time of the machine's clock.
  int64_t min_feed_sequence = 0;
  absl::Time latest_start;
  // StoredBuild's: tells builds of one id apart.
  int64_t ordinal = 0;
};

// One build of a project runs at a time, since each must know what those before it put on which
// side. The store knows all of this too: after a start the queue is filled from there. Thread-safe.
//
//   if (const auto build = queue.Take(position.sequence(), absl::Now())) {
//     ... build it ...
//     queue.Finish(build->project);
//   }
class BuildQueue {
 public:
  void Add(QueuedBuild build);

  // The oldest that may begin: nothing is built in its project, and it waits for the feed no
  // longer. Nothing where none may.
  std::optional<QueuedBuild> Take(int64_t feed_sequence, absl::Time now);

  // Takes out a build that nobody wants any more, if it still waits.
  void Remove(const std::string& project, int64_t ordinal);

  // Whoever took a build of the project is done.
  void Finish(const std::string& project);

  // Nothing waits.
  bool empty() const;

 private:
  mutable absl::Mutex mutex_;
  std::list<QueuedBuild> waiting_ ABSL_GUARDED_BY(mutex_);
  // Projects in which something is built.
  std::set<std::string> building_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_BUILD_QUEUE_H_
