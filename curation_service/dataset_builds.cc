#include "curation_service/dataset_builds.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "curation_service/store/build_store.h"
#include "curation_service/store/dataset_store.h"
#include "curation_service/store/label_store.h"
#include "shared/audit/audit_store.h"
#include "shared/hashing/content_hash.h"
#include "shared/sql/replay.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/quote.h"
#include "shared/time/stored_time.h"

namespace flywheel::curation {
namespace {

// How soon a build begins whose feed was read, or whose project builds no longer.
constexpr absl::Duration kPollInterval = absl::Milliseconds(100);

std::string RequestHash(const DatasetRequest& request) {
  ContentHash hash;
  hash.Add("BuildDatasetVersion")
      .Add(request.options.agent)
      .Add(request.options.eval_share)
      .Add(request.options.cohort_attribute)
      .Add(int64_t{request.options.skip_label_review});
  for (const auto& [name, value] : request.labels) hash.Add(name).Add(value);
  return hash.Bytes();
}

// What there is of the request already: a version or a build, if it has not failed.
absl::StatusOr<std::optional<DatasetVersion>> FindEqual(sql::Connection& connection,
                                                        const DatasetRequest& request,
                                                        const std::string& request_hash) {
  const std::string& id = request.dataset_version_id;
  ASSIGN_OR_RETURN(std::optional<StoredDatasetVersion> stored,
                   DatasetStore(connection).Find(request.actor.project, id));
  ASSIGN_OR_RETURN(const bool replayed, sql::IsReplay(stored, request_hash, "dataset version", id));
  if (replayed) return std::move(stored->version);
  ASSIGN_OR_RETURN(std::optional<StoredBuild> build,
                   BuildStore(connection).Find(request.actor.project, id));
  if (!build) return std::nullopt;
  if (build->version.state == DatasetVersionState::kFailed) {
    RETURN_IF_ERROR(BuildStore(connection).Remove(request.actor.project, id));
    return std::nullopt;
  }
  RETURN_IF_ERROR(sql::IsReplay(build, request_hash, "dataset version", id).status());
  return std::move(build->version);
}

absl::Status CheckRoom(sql::Connection& connection, const std::string& project) {
  ASSIGN_OR_RETURN(const BuildCounts counts, BuildStore(connection).CountUnderWay(project));
  if (counts.of_project >= DatasetBuilds::kMaxUnderWayOfProject) {
    return errors::Busy("BuildDatasetVersion in one project", DatasetBuilds::kMaxUnderWayOfProject);
  }
  if (counts.of_all >= DatasetBuilds::kMaxUnderWay) {
    return errors::Busy("BuildDatasetVersion", DatasetBuilds::kMaxUnderWay);
  }
  return absl::OkStatus();
}

}  // namespace

DatasetBuilds::DatasetBuilds(sql::Database* database, const DatasetBuilder* builder,
                             const FeedPosition* position, const Clock* clock,
                             rpc::Metrics* metrics)
    : database_(database), builder_(builder), position_(position), clock_(clock) {
  for (int i = 0; i < kMaxRunning; ++i) {
    loops_.push_back(std::make_unique<rpc::BackgroundLoop>(
        rpc::BackgroundLoop::Options{.name = "build"}, [this] { return RunNext(); }, metrics));
  }
}

absl::Status DatasetBuilds::Resume() {
  ASSIGN_OR_RETURN(const std::vector<StoredBuild> builds,
                   database_->Read([](sql::Connection& connection) {
                     return BuildStore(connection).UnderWay();
                   }));
  for (const StoredBuild& build : builds) Enqueue(build.project, build.version);
  return absl::OkStatus();
}

void DatasetBuilds::Start() {
  for (const auto& loop : loops_) loop->Start();
}

void DatasetBuilds::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (const auto& loop : loops_) loop->Stop();
}

absl::StatusOr<Created<DatasetVersion>> DatasetBuilds::Begin(const DatasetRequest& request) {
  const std::string request_hash = RequestHash(request);
  DatasetVersion version;
  version.dataset_version_id = request.dataset_version_id;
  version.options = request.options;
  version.min_feed_sequence = request.min_feed_sequence;
  version.labels = request.labels;
  version.create_time = StoredTime(clock_->Now());
  version.created_by = request.actor.key_id;
  version.state = DatasetVersionState::kBuilding;
  std::optional<DatasetVersion> earlier;
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(earlier, FindEqual(connection, request, request_hash));
    if (earlier) return absl::OkStatus();
    RETURN_IF_ERROR(CheckRoom(connection, request.actor.project));
    RETURN_IF_ERROR(BuildStore(connection).Add(request.actor.project, request_hash, version));
    RETURN_IF_ERROR(LabelStore(connection)
                        .Set(request.actor.project, Labelled::kDatasetVersion,
                             request.dataset_version_id, request.labels));
    return audit::Record(connection, request.actor,
                         {"dataset version", request.dataset_version_id,
                          fmt::format("agent '{}'", request.options.agent)},
                         version.create_time);
  }));
  if (earlier) return Created<DatasetVersion>{*std::move(earlier), /*replayed=*/true};
  Enqueue(request.actor.project, version);
  return Created<DatasetVersion>{std::move(version), /*replayed=*/false};
}

void DatasetBuilds::Enqueue(const std::string& project, const DatasetVersion& version) {
  queue_.Add({project, version.dataset_version_id, version.min_feed_sequence,
              absl::Now() + kLongestWaitForFeed});
  for (const auto& loop : loops_) loop->Wake();
}

absl::StatusOr<absl::Duration> DatasetBuilds::RunNext() {
  const std::optional<QueuedBuild> next = queue_.Take(position_->sequence(), absl::Now());
  if (!next) return queue_.empty() ? absl::InfiniteDuration() : kPollInterval;
  const absl::Status status = Run(*next);
  queue_.Finish(next->project);
  Forget(*next);
  if (!status.ok()) {
    // Not even its failure could be noted: it is still to be built.
    queue_.Add(*next);
    return status;
  }
  return absl::ZeroDuration();
}

absl::Status DatasetBuilds::Run(const QueuedBuild& queued) {
  ASSIGN_OR_RETURN(const std::optional<StoredBuild> build,
                   database_->Read([&](sql::Connection& connection) {
                     return BuildStore(connection).Find(queued.project, queued.dataset_version_id);
                   }));
  if (!build || build->version.state != DatasetVersionState::kBuilding) return absl::OkStatus();
  if (const int64_t sequence = position_->sequence(); sequence < queued.min_feed_sequence) {
    return Fail(queued, errors::NotCaughtUp("feed of ingest, as far as it was read",
                                            fmt::format("sequence {}", sequence),
                                            fmt::format("sequence {}", queued.min_feed_sequence),
                                            kPollInterval));
  }
  const Deadline until_stop(absl::InfiniteFuture(), [this] {
    return stopping() ? errors::ShuttingDown() : absl::OkStatus();
  });
  absl::Status status = builder_->Build(
      *build, until_stop, [&](const BuildProgress& progress) { SetProgress(queued, progress); });
  if (status.ok()) return status;
  // It is built by the next start.
  if (stopping()) return absl::OkStatus();
  return Fail(queued, status);
}

absl::Status DatasetBuilds::Fail(const QueuedBuild& queued, const absl::Status& status) {
  BuildFailure failure{errors::ReasonOf(status), errors::MessageOf(status)};
  if (failure.reason == Reason::kUnspecified) failure.reason = Reason::kInternal;
  spdlog::warn("event=build_failed project={} dataset_version_id={} reason={} message={}",
               queued.project, queued.dataset_version_id, ReasonName(failure.reason),
               Quoted(failure.message));
  // As for a call: the text of a fault is for the log.
  if (failure.reason == Reason::kInternal) failure.message = "a fault of the server, see its log";
  return database_->Write([&](sql::Connection& connection) {
    return BuildStore(connection).SetFailed(queued.project, queued.dataset_version_id, failure);
  });
}

void DatasetBuilds::SetProgress(const QueuedBuild& queued, const BuildProgress& progress) {
  absl::MutexLock lock(&mutex_);
  progress_[{queued.project, queued.dataset_version_id}] = progress;
  ++changes_;
}

void DatasetBuilds::Forget(const QueuedBuild& queued) {
  absl::MutexLock lock(&mutex_);
  progress_.erase({queued.project, queued.dataset_version_id});
  ++changes_;
}

BuildProgress DatasetBuilds::ProgressOf(const std::string& project,
                                        const DatasetVersion& version) const {
  {
    absl::MutexLock lock(&mutex_);
    const auto running = progress_.find({project, version.dataset_version_id});
    if (running != progress_.end()) return running->second;
  }
  return {.stage = position_->sequence() < version.min_feed_sequence ? BuildStage::kWaitingForFeed
                                                                     : BuildStage::kWaitingForTurn};
}

int64_t DatasetBuilds::changes() const {
  absl::MutexLock lock(&mutex_);
  return changes_;
}

void DatasetBuilds::AwaitChange(int64_t seen, absl::Duration timeout) const {
  absl::MutexLock lock(&mutex_);
  const auto changed = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return changes_ != seen; };
  mutex_.AwaitWithTimeout(absl::Condition(&changed), timeout);
}

bool DatasetBuilds::stopping() const {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

}  // namespace flywheel::curation
