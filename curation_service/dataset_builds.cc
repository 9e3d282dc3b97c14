#include "curation_service/dataset_builds.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "curation_service/store/build_store.h"
#include "curation_service/store/dataset_store.h"
#include "curation_service/store/label_store.h"
#include "curation_service/store/selection_json.h"
#include "shared/audit/audit_store.h"
#include "shared/hashing/content_hash.h"
#include "shared/rpc/feed_token.h"
#include "shared/sql/replay.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/quote.h"
#include "shared/time/stored_time.h"

namespace flywheel::curation {
namespace {

// How soon a build begins whose feed was read, or whose project builds no longer.
constexpr absl::Duration kPollInterval = absl::Milliseconds(100);
constexpr char kDatasetVersion[] = "dataset version";

std::string RequestHash(const DatasetRequest& request) {
  ContentHash hash;
  hash.Add("BuildDatasetVersion")
      .Add(request.options.agent)
      .Add(request.options.eval_share)
      .Add(request.options.cohort_attribute)
      .Add(int64_t{request.options.skip_label_review});
  // Nothing of what is at its default: requests of earlier programs keep their hash.
  const std::vector<std::string>& groups = request.options.group_attributes;
  if (!groups.empty()) hash.Add("group_attributes").Add(static_cast<int64_t>(groups.size()));
  for (const std::string& name : groups) hash.Add(name);
  const DatasetOptions defaults;
  if (request.options.block_similarity != defaults.block_similarity ||
      request.options.review_similarity != defaults.review_similarity) {
    hash.Add("similarity")
        .Add(request.options.block_similarity)
        .Add(request.options.review_similarity);
  }
  if (request.options.max_person_share != defaults.max_person_share) {
    hash.Add("max_person_share").Add(request.options.max_person_share);
  }
  // Its hash, which no label is.
  if (!request.options.selection.empty()) {
    hash.Add(ContentHash().Add(SelectionToJson(request.options.selection)).Bytes());
  }
  for (const auto& [name, value] : request.labels) hash.Add(name).Add(value);
  return hash.Bytes();
}

// What there is of the request already: a version or a build, if it has neither failed nor been
// cancelled.
absl::StatusOr<std::optional<DatasetVersion>> FindEqual(sql::Connection& connection,
                                                        const DatasetRequest& request,
                                                        const std::string& request_hash) {
  const std::string& id = request.dataset_version_id;
  ASSIGN_OR_RETURN(std::optional<StoredDatasetVersion> stored,
                   DatasetStore(connection).Find(request.actor.project, id));
  ASSIGN_OR_RETURN(const bool replayed, sql::IsReplay(stored, request_hash, kDatasetVersion, id));
  if (replayed) return std::move(stored->version);
  ASSIGN_OR_RETURN(std::optional<StoredBuild> build,
                   BuildStore(connection).Find(request.actor.project, id));
  if (!build || build->version.state != DatasetVersionState::kBuilding) return std::nullopt;
  RETURN_IF_ERROR(sql::IsReplay(build, request_hash, kDatasetVersion, id).status());
  return std::move(build->version);
}

// Why a build that there is no row of, or one that ended, cannot be cancelled.
absl::Status CannotCancel(sql::Connection& connection, const std::string& project,
                          const std::string& id, const std::optional<StoredBuild>& build) {
  RETURN_IF_ERROR(build ? absl::OkStatus() : DatasetStore(connection).Get(project, id).status());
  return errors::FailedPrecondition(
      Reason::kAlreadyEnded, kDatasetVersion, id,
      build ? "a build that failed (" + build->version.failure.message + ")"
            : "a version that is ready",
      "one that is being built");
}

audit::Resource ResourceOf(const DatasetVersion& version) {
  return {kDatasetVersion, version.dataset_version_id,
          fmt::format("agent '{}'", version.options.agent)};
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
                             const feed::FeedPosition* position, const FeedFollower* follower,
                             const Clock* clock, rpc::Metrics* metrics)
    : database_(database),
      builder_(builder),
      position_(position),
      follower_(follower),
      clock_(clock) {
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
  for (const StoredBuild& build : builds) Enqueue(build);
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
  StoredBuild build;
  build.project = request.actor.project;
  DatasetVersion& version = build.version;
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
    ASSIGN_OR_RETURN(build.ordinal,
                     BuildStore(connection).Add(request.actor.project, request_hash, version));
    RETURN_IF_ERROR(LabelStore(connection)
                        .Set(request.actor.project, Labelled::kDatasetVersion,
                             request.dataset_version_id, request.labels));
    return audit::Record(connection, request.actor, ResourceOf(version), version.create_time);
  }));
  if (earlier) return Created<DatasetVersion>{*std::move(earlier), /*replayed=*/true};
  Enqueue(build);
  return Created<DatasetVersion>{std::move(version), /*replayed=*/false};
}

absl::StatusOr<Created<DatasetVersion>> DatasetBuilds::Cancel(const rpc::Actor& actor,
                                                              const std::string& dataset_version_id,
                                                              const std::string& reason) {
  std::optional<StoredBuild> build;
  bool replayed = false;
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
    BuildStore builds(connection);
    ASSIGN_OR_RETURN(build, builds.Find(actor.project, dataset_version_id));
    if (!build || build->version.state == DatasetVersionState::kFailed) {
      return CannotCancel(connection, actor.project, dataset_version_id, build);
    }
    DatasetVersion& version = build->version;
    replayed = version.state == DatasetVersionState::kCancelled;
    if (replayed) return absl::OkStatus();
    version.state = DatasetVersionState::kCancelled;
    version.cancel_reason = reason;
    version.cancelled_by = actor.key_id;
    RETURN_IF_ERROR(builds.SetCancelled(actor.project, build->ordinal, reason, actor.key_id));
    return audit::Record(connection, actor, ResourceOf(version), StoredTime(clock_->Now()));
  }));
  // From here on it is never complete; the rest lets its thread and its watchers know at once.
  queue_.Remove(actor.project, build->ordinal);
  Forget(actor.project, dataset_version_id, build->ordinal);
  return Created<DatasetVersion>{std::move(build->version), replayed};
}

void DatasetBuilds::Enqueue(const StoredBuild& build) {
  queue_.Add({build.project, build.version.dataset_version_id, build.version.min_feed_sequence,
              absl::Now() + kLongestWaitForFeed, build.ordinal});
  for (const auto& loop : loops_) loop->Wake();
}

absl::StatusOr<absl::Duration> DatasetBuilds::RunNext() {
  const std::optional<QueuedBuild> next = queue_.Take(position_->sequence(), absl::Now());
  if (!next) return queue_.empty() ? absl::InfiniteDuration() : kPollInterval;
  const absl::Status status = Run(*next);
  Forget(next->project, next->dataset_version_id, next->ordinal);
  queue_.Finish(next->project);
  if (!status.ok()) {
    // Not even its failure could be noted: it is still to be built.
    queue_.Add(*next);
    return status;
  }
  return absl::ZeroDuration();
}

absl::Status DatasetBuilds::Run(const QueuedBuild& queued) {
  // Before it is looked for: who cancels it meanwhile finds it here.
  NoteRunning(queued);
  ASSIGN_OR_RETURN(const std::optional<StoredBuild> build,
                   database_->Read([&](sql::Connection& connection) {
                     return BuildStore(connection).Find(queued.project, queued.dataset_version_id);
                   }));
  if (!build || build->ordinal != queued.ordinal ||
      build->version.state != DatasetVersionState::kBuilding) {
    return absl::OkStatus();
  }
  if (const int64_t sequence = position_->sequence(); sequence < queued.min_feed_sequence) {
    const std::string why = follower_->error();
    return Fail(queued,
                {Reason::kNotCaughtUp,
                 fmt::format("feed of ingest: read up to {} in {}, want {}{}. Build it again when "
                             "curation has read so far; GetProgress says so.",
                             rpc::FeedToken(sequence), absl::FormatDuration(kLongestWaitForFeed),
                             rpc::FeedToken(queued.min_feed_sequence),
                             why.empty() ? "" : fmt::format(" ({})", why))});
  }
  const Deadline until_ended(absl::InfiniteFuture(), [&] { return MayGoOn(queued); });
  const absl::Status status = builder_->Build(
      *build, until_ended, [&](const BuildProgress& progress) { SetProgress(queued, progress); });
  // One that the server's end stopped is built by the next start.
  if (status.ok() || stopping() || errors::ReasonOf(status) == Reason::kCancelled) {
    return absl::OkStatus();
  }
  return Fail(queued, {errors::ReasonOf(status), errors::MessageOf(status)});
}

absl::Status DatasetBuilds::Fail(const QueuedBuild& queued, BuildFailure failure) {
  if (failure.reason == Reason::kUnspecified) failure.reason = Reason::kInternal;
  spdlog::warn("event=build_failed project={} dataset_version_id={} reason={} message={}",
               queued.project, queued.dataset_version_id, ReasonName(failure.reason),
               Quoted(failure.message));
  // As for a call: the text of a fault is for the log.
  if (failure.reason == Reason::kInternal) failure.message = "a fault of the server, see its log";
  return database_->Write([&](sql::Connection& connection) {
    return BuildStore(connection).SetFailed(queued.project, queued.ordinal, failure);
  });
}

void DatasetBuilds::NoteRunning(const QueuedBuild& queued) {
  absl::MutexLock lock(&mutex_);
  running_[{queued.project, queued.dataset_version_id}] = {queued.ordinal, {}};
}

void DatasetBuilds::SetProgress(const QueuedBuild& queued, const BuildProgress& progress) {
  absl::MutexLock lock(&mutex_);
  const auto running = running_.find({queued.project, queued.dataset_version_id});
  if (running == running_.end()) return;  // Nobody wants it any more.
  running->second.progress = progress;
  ++changes_;
}

void DatasetBuilds::Forget(const std::string& project, const std::string& dataset_version_id,
                           int64_t ordinal) {
  absl::MutexLock lock(&mutex_);
  const auto running = running_.find({project, dataset_version_id});
  if (running != running_.end() && running->second.ordinal == ordinal) running_.erase(running);
  ++changes_;
}

absl::Status DatasetBuilds::MayGoOn(const QueuedBuild& queued) const {
  absl::MutexLock lock(&mutex_);
  if (stopping_) return errors::ShuttingDown();
  return running_.contains({queued.project, queued.dataset_version_id}) ? absl::OkStatus()
                                                                        : errors::Cancelled();
}

BuildProgress DatasetBuilds::ProgressOf(const std::string& project,
                                        const DatasetVersion& version) const {
  {
    absl::MutexLock lock(&mutex_);
    const auto running = running_.find({project, version.dataset_version_id});
    if (running != running_.end()) return running->second.progress;
  }
  if (position_->sequence() >= version.min_feed_sequence) return {};
  return {.stage = BuildStage::kWaitingForFeed, .detail = follower_->error()};
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
