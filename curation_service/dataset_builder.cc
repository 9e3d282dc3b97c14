#include "curation_service/dataset_builder.h"

#include <fmt/format.h>

#include <utility>

#include "curation_service/domain/dataset_assembly.h"
#include "curation_service/domain/fingerprint.h"
#include "curation_service/store/record_store.h"
#include "curation_service/store/score_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

constexpr absl::Duration kRetryDelay = absl::Seconds(1);

std::string RequestHash(const DatasetRequest& request) {
  return Fingerprint()
      .Add("BuildDatasetVersion")
      .Add(request.options.agent)
      .Add(request.options.eval_share)
      .Add(request.options.cohort_attribute)
      .Add(int64_t{request.options.skip_label_review})
      .Add(request.min_feed_sequence)
      .Hex();
}

}  // namespace

absl::Status DatasetBuilder::AwaitFeed(int64_t min_feed_sequence, absl::Duration patience) {
  if (position_->WaitFor(min_feed_sequence, patience)) return absl::OkStatus();
  if (position_->closed()) return errors::ShuttingDown();
  return errors::NotEnoughData("feed of ingest, as far as it was read",
                               fmt::format("sequence {}", position_->sequence()),
                               fmt::format("sequence {}", min_feed_sequence), kRetryDelay);
}

absl::StatusOr<std::optional<DatasetVersion>> DatasetBuilder::FindBuilt(
    sql::Connection& connection, const DatasetRequest& request,
    const std::string& request_hash) const {
  ASSIGN_OR_RETURN(std::optional<StoredDatasetVersion> stored,
                   DatasetStore::Find(connection, request.project, request.dataset_version_id));
  std::optional<DatasetVersion> found;
  if (!stored) return found;
  if (stored->request_hash != request_hash) {
    return errors::AlreadyExistsWithOtherContent("dataset version", request.dataset_version_id);
  }
  found = std::move(stored->version);
  return found;
}

absl::StatusOr<DatasetBuilder::Snapshot> DatasetBuilder::ReadSnapshot(
    const DatasetRequest& request) {
  Snapshot snapshot;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(connection.Execute("BEGIN"));
    ASSIGN_OR_RETURN(snapshot.feed_sequence, RecordStore::Cursor(connection));
    ASSIGN_OR_RETURN(snapshot.candidates,
                     ScoreStore::Candidates(connection, request.project, request.options.agent));
    ASSIGN_OR_RETURN(snapshot.train_keys,
                     DatasetStore::TrainKeys(connection, request.project, request.options.agent));
    return absl::OkStatus();
  }));
  return snapshot;
}

absl::StatusOr<BuiltDataset> DatasetBuilder::Build(const DatasetRequest& request,
                                                   absl::Duration patience) {
  const std::string request_hash = RequestHash(request);
  std::optional<DatasetVersion> built;
  const auto look = [&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(built, FindBuilt(connection, request, request_hash));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(database_->Read(look));
  if (built) return BuiltDataset{*std::move(built), /*replayed=*/true};
  RETURN_IF_ERROR(AwaitFeed(request.min_feed_sequence, patience));

  absl::MutexLock lock(&build_mutex_);
  RETURN_IF_ERROR(database_->Read(look));  // The same request may have been before us in the queue.
  if (built) return BuiltDataset{*std::move(built), /*replayed=*/true};
  ASSIGN_OR_RETURN(const Snapshot snapshot, ReadSnapshot(request));
  DatasetAssembly assembly =
      AssembleDataset(snapshot.candidates, snapshot.train_keys, request.options);
  DatasetVersion& version = assembly.version;
  if (version.train_rows == 0) {
    return errors::NotEnoughData(
        fmt::format("rows to train agent '{}' on", request.options.agent),
        fmt::format("0 of {} interactions with a signal", version.candidate_rows), "at least 1");
  }
  version.dataset_version_id = request.dataset_version_id;
  version.create_time = FromMicros(ToMicros(clock_->Now()));  // As it is stored.
  version.feed_sequence = snapshot.feed_sequence;
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(
        DatasetStore::Add(connection, request.project, request_hash, version, assembly.rows));
    return DatasetStore::AddTrainKeys(connection, request.project, version,
                                      assembly.new_train_keys);
  }));
  return BuiltDataset{std::move(version), /*replayed=*/false};
}

}  // namespace flywheel::curation
