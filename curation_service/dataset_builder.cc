#include "curation_service/dataset_builder.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <span>
#include <utility>

#include "absl/time/clock.h"
#include "curation_service/store/count_store.h"
#include "curation_service/store/erasure_store.h"
#include "curation_service/store/firewall_store.h"
#include "curation_service/store/record_store.h"
#include "curation_service/store/score_store.h"
#include "shared/audit/audit_store.h"
#include "shared/hashing/content_hash.h"
#include "shared/sql/replay.h"
#include "shared/sql/write_piece.h"
#include "shared/sql/write_until_done.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/quote.h"
#include "shared/time/stored_time.h"

namespace flywheel::curation {
namespace {

constexpr absl::Duration kRetryDelay = absl::Seconds(1);
constexpr absl::Duration kBuildPollInterval = absl::Milliseconds(100);
// One write takes so much, which is some 10 ms: others wait for the same writer.
constexpr size_t kRowsPerWrite = 500;
constexpr size_t kKeysPerWrite = 1'000;
// Of one key of the firewall, with what the map that holds it costs.
constexpr int64_t kKeyBytes = 128;

std::string RequestHash(const DatasetRequest& request) {
  return ContentHash()
      .Add("BuildDatasetVersion")
      .Add(request.options.agent)
      .Add(request.options.eval_share)
      .Add(request.options.cohort_attribute)
      .Add(int64_t{request.options.skip_label_review})
      .Add(request.min_feed_sequence)
      .Bytes();
}

}  // namespace

absl::Status DatasetBuilder::AwaitFeed(int64_t min_feed_sequence, absl::Time wait_until,
                                       const Deadline& deadline) {
  while (!position_->WaitFor(min_feed_sequence,
                             std::min(kBuildPollInterval, wait_until - absl::Now()))) {
    if (position_->closed()) return errors::ShuttingDown();
    RETURN_IF_ERROR(deadline.Check());
    if (absl::Now() < wait_until) continue;
    return errors::NotCaughtUp("feed of ingest, as far as it was read",
                               fmt::format("sequence {}", position_->sequence()),
                               fmt::format("sequence {}", min_feed_sequence), kRetryDelay);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<DatasetVersion>> DatasetBuilder::FindBuilt(
    const DatasetRequest& request, const std::string& request_hash) const {
  ASSIGN_OR_RETURN(
      std::optional<StoredDatasetVersion> stored, database_->Read([&](sql::Connection& connection) {
        return DatasetStore(connection).Find(request.actor.project, request.dataset_version_id);
      }));
  ASSIGN_OR_RETURN(const bool replayed, sql::IsReplay(stored, request_hash, "dataset version",
                                                      request.dataset_version_id));
  if (!replayed) return std::nullopt;
  return std::move(stored->version);
}

absl::StatusOr<DatasetBuilder::Snapshot> DatasetBuilder::ReadSnapshot(const DatasetRequest& request,
                                                                      const Deadline& deadline) {
  const std::string& agent = request.options.agent;
  Snapshot snapshot;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t count,
                     ScoreStore(connection).CountOfAgent(request.actor.project, agent));
    if (count > max_interactions_) {
      return errors::FailedPrecondition(
          Reason::kLimitExceeded, "agent", agent,
          fmt::format("{} interactions that people reacted to", count),
          fmt::format("at most {} (--max-dataset-interactions of curation)", max_interactions_));
    }
    ASSIGN_OR_RETURN(snapshot.feed_sequence, RecordStore(connection).Cursor());
    ASSIGN_OR_RETURN(const RecordCounts counts, CountStore(connection).Get(request.actor.project));
    snapshot.interactions_read = counts.interactions;
    ASSIGN_OR_RETURN(snapshot.candidates,
                     ScoreStore(connection).CandidatesOf(request.actor.project, agent, deadline));
    ASSIGN_OR_RETURN(snapshot.keys,
                     FirewallStore(connection).Keys(request.actor.project, deadline));
    return absl::OkStatus();
  }));
  return snapshot;
}

absl::StatusOr<bool> DatasetBuilder::Store(const DatasetRequest& request,
                                           const std::string& request_hash,
                                           const DatasetAssembly& assembly,
                                           const Deadline& deadline) {
  const std::string& id = request.dataset_version_id;
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) {
    return DatasetStore(connection).Begin(request.actor.project, request_hash, assembly.version);
  }));
  // A tombstone that came since means that the rows may be of a person who was erased.
  const std::span<const DatasetRow> rows(assembly.rows);
  for (size_t first = 0; first < rows.size();) {
    RETURN_IF_ERROR(deadline.Check());
    const auto piece = sql::FirstPiece(rows.subspan(first), kRowsPerWrite,
                                       [](const DatasetRow& row) { return row.TextBytes(); });
    ASSIGN_OR_RETURN(const bool current,
                     database_->Write(
                         [&](sql::Connection& connection) -> absl::StatusOr<bool> {
                           ASSIGN_OR_RETURN(
                               const int64_t tombstone,
                               ErasureStore(connection).LastTombstone(request.actor.project));
                           if (tombstone > assembly.version.feed_sequence) return false;
                           RETURN_IF_ERROR(DatasetStore(connection)
                                               .AddRows(request.actor.project, id,
                                                        static_cast<int64_t>(first), piece.items));
                           return true;
                         },
                         piece.size_bytes));
    if (!current) return false;
    first += piece.items.size();
  }
  const std::span keys(assembly.new_keys);
  for (size_t first = 0; first < keys.size(); first += kKeysPerWrite) {
    RETURN_IF_ERROR(deadline.Check());
    const auto piece = keys.subspan(first, std::min(kKeysPerWrite, keys.size() - first));
    RETURN_IF_ERROR(database_->Write(
        [&](sql::Connection& connection) {
          return FirewallStore(connection).AddKeys(request.actor.project, assembly.version, piece);
        },
        static_cast<int64_t>(piece.size()) * kKeyBytes));
  }
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(DatasetStore(connection).Complete(request.actor.project, id));
    return audit::Record(connection, request.actor,
                         {"dataset version", id, fmt::format("agent '{}'", request.options.agent)},
                         assembly.version.create_time);
  }));
  return true;
}

absl::Status DatasetBuilder::RemoveUnfinished(const std::string& project) {
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<UnfinishedVersion> version,
                     database_->Read([&](sql::Connection& connection) {
                       return DatasetStore(connection).FirstUnfinished(project);
                     }));
    if (!version) return absl::OkStatus();
    RETURN_IF_ERROR(sql::WriteUntilDone(*database_, [&](sql::Connection& connection) {
      return DatasetStore(connection).RemoveSome(*version, kRowsPerWrite);
    }));
  }
}

absl::StatusOr<Created<DatasetVersion>> DatasetBuilder::Build(const DatasetRequest& request,
                                                              absl::Time wait_until,
                                                              const Deadline& deadline) {
  const std::string request_hash = RequestHash(request);
  ASSIGN_OR_RETURN(std::optional<DatasetVersion> built, FindBuilt(request, request_hash));
  if (built) return Created<DatasetVersion>{*std::move(built), /*replayed=*/true};
  ASSIGN_OR_RETURN(BuildQueue::Place place, queue_.Join(request.actor.project));
  RETURN_IF_ERROR(AwaitFeed(request.min_feed_sequence, wait_until, deadline));
  RETURN_IF_ERROR(place.AwaitTurn(wait_until, deadline));

  // The same request may have been before us in the queue.
  ASSIGN_OR_RETURN(built, FindBuilt(request, request_hash));
  if (built) return Created<DatasetVersion>{*std::move(built), /*replayed=*/true};
  // Again where somebody was erased meanwhile: the snapshot held what must not be written.
  while (true) {
    ASSIGN_OR_RETURN(built, TryBuild(request, request_hash, deadline));
    if (built) break;
    RETURN_IF_ERROR(deadline.Check());
  }
  return Created<DatasetVersion>{*std::move(built), /*replayed=*/false};
}

absl::StatusOr<std::optional<DatasetVersion>> DatasetBuilder::TryBuild(
    const DatasetRequest& request, const std::string& request_hash, const Deadline& deadline) {
  // Nothing, unless a build failed that could not be taken back, say for a full disk.
  RETURN_IF_ERROR(RemoveUnfinished(request.actor.project));
  ASSIGN_OR_RETURN(Snapshot snapshot, ReadSnapshot(request, deadline));
  ASSIGN_OR_RETURN(
      DatasetAssembly assembly,
      AssembleDataset(std::move(snapshot.candidates), snapshot.keys, request.options, deadline));
  DatasetVersion& version = assembly.version;
  if (version.train_rows == 0) {
    return errors::NotEnoughData(
        fmt::format("rows to train agent '{}' on", request.options.agent),
        fmt::format("0 of {} interactions that people reacted to (evaluations do not count); {} "
                    "interactions of the project were read",
                    version.candidate_rows, snapshot.interactions_read),
        "at least 1");
  }
  version.dataset_version_id = request.dataset_version_id;
  version.create_time = StoredTime(clock_->Now());
  version.created_by = request.actor.key_id;
  version.feed_sequence = snapshot.feed_sequence;
  const absl::StatusOr<bool> stored = Store(request, request_hash, assembly, deadline);
  if (!stored.ok() || !*stored) {
    if (const absl::Status removed = RemoveUnfinished(request.actor.project); !removed.ok()) {
      spdlog::warn("event=build_not_removed dataset_version_id={} message={}",
                   request.dataset_version_id, Quoted(errors::MessageOf(removed)));
    }
    RETURN_IF_ERROR(stored.status());
    return std::nullopt;
  }
  return std::move(version);
}

}  // namespace flywheel::curation
