// Dataset builds: long-running builds of dataset versions, which go on when their caller has left.
#ifndef FLYWHEEL_CURATION_SERVICE_DATASET_BUILDS_H_
#define FLYWHEEL_CURATION_SERVICE_DATASET_BUILDS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "curation_service/build_queue.h"
#include "curation_service/dataset_builder.h"
#include "curation_service/feed_follower.h"
#include "shared/feed/feed_position.h"
#include "shared/rpc/actor.h"
#include "shared/rpc/background_loop.h"
#include "shared/rpc/metrics.h"
#include "shared/sql/database.h"
#include "shared/status/created.h"
#include "shared/time/clock.h"

namespace flywheel::curation {

// What a client asks for.
struct DatasetRequest {
  rpc::Actor actor;
  std::string dataset_version_id;
  DatasetOptions options;
  // Wait until the feed was read up to here; 0: take what is there.
  int64_t min_feed_sequence = 0;
  Labels labels;
};

// A build is a row of the store from the moment in which its caller is answered, so that nothing
// but its end takes it away: after a restart it begins anew. Few run at a time, each on a thread of
// its own, since each holds an agent's scored record in memory. Thread-safe.
class DatasetBuilds {
 public:
  static constexpr int kMaxRunning = 2;
  // Those who run or wait, for their turn or for the feed.
  static constexpr int64_t kMaxUnderWayOfProject = 8;
  static constexpr int64_t kMaxUnderWay = 32;
  // A build whose feed does not come in this time fails.
  static constexpr absl::Duration kLongestWaitForFeed = absl::Minutes(10);

  // All pointers outlive this object.
  DatasetBuilds(sql::Database* database, const DatasetBuilder* builder,
                const feed::FeedPosition* position, const FeedFollower* follower,
                const Clock* clock, rpc::Metrics* metrics);
  DatasetBuilds(const DatasetBuilds&) = delete;
  DatasetBuilds& operator=(const DatasetBuilds&) = delete;
  ~DatasetBuilds() { Stop(); }

  // Takes up what was being built when the service ended. Once, before Start.
  absl::Status Resume();
  void Start();
  // Ends the builds that run, which the next Resume takes up. Prompt; may be called again.
  void Stop();

  // Begins a build, or answers with what an equal request began, in the state that it has. One that
  // failed or was cancelled gives its id to whatever is asked for under it.
  // ALREADY_EXISTS_WITH_OTHER_CONTENT; BUSY with RetryInfo where too many are under way.
  absl::StatusOr<Created<DatasetVersion>> Begin(const DatasetRequest& request);

  // Ends a build that waits or runs, for good; what it wrote is removed by its thread, or by the
  // next start. One that is cancelled is a replay. NOT_FOUND; ALREADY_ENDED where it is ready or
  // failed.
  absl::StatusOr<Created<DatasetVersion>> Cancel(const rpc::Actor& actor,
                                                 const std::string& dataset_version_id,
                                                 const std::string& reason);

  // How far the build of a version is that the store says is being built.
  BuildProgress ProgressOf(const std::string& project, const DatasetVersion& version) const;

  // Moves whenever a build moves on. AwaitChange returns when it is no longer `seen`, or after
  // `timeout` by the machine's clock.
  int64_t changes() const;
  void AwaitChange(int64_t seen, absl::Duration timeout) const;

 private:
  // The step of a loop: runs the next build that may begin, if there is one.
  absl::StatusOr<absl::Duration> RunNext();
  // Runs one to its end. An error is of what could not even be noted.
  absl::Status Run(const QueuedBuild& queued);
  absl::Status Fail(const QueuedBuild& queued, BuildFailure failure);
  void Enqueue(const StoredBuild& build);
  // From here to Forget it may go on.
  void NoteRunning(const QueuedBuild& queued);
  void SetProgress(const QueuedBuild& queued, const BuildProgress& progress);
  // Nothing is known of it any more. Its thread notices that, if it still runs.
  void Forget(const std::string& project, const std::string& dataset_version_id, int64_t ordinal);
  // The error of a build that is not to go on.
  absl::Status MayGoOn(const QueuedBuild& queued) const;
  bool stopping() const;

  using Key = std::pair<std::string, std::string>;
  struct Running {
    int64_t ordinal = 0;
    BuildProgress progress;
  };

  sql::Database* const database_;
  const DatasetBuilder* const builder_;
  const feed::FeedPosition* const position_;
  const FeedFollower* const follower_;
  const Clock* const clock_;
  BuildQueue queue_;

  mutable absl::Mutex mutex_;
  // Of those that run, by project and id.
  std::map<Key, Running> running_ ABSL_GUARDED_BY(mutex_);
  int64_t changes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // Last, so that their threads end before what they use.
  std::vector<std::unique_ptr<rpc::BackgroundLoop>> loops_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DATASET_BUILDS_H_
