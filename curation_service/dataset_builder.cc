#include "curation_service/dataset_builder.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <span>
#include <utility>

#include "curation_service/store/count_store.h"
#include "curation_service/store/dataset_store.h"
#include "curation_service/store/erasure_store.h"
#include "curation_service/store/eval_inputs.h"
#include "curation_service/store/firewall_store.h"
#include "curation_service/store/record_store.h"
#include "curation_service/store/removed_row_store.h"
#include "curation_service/store/score_store.h"
#include "curation_service/store/segment_use_store.h"
#include "shared/sql/write_piece.h"
#include "shared/sql/write_until_done.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/quote.h"

namespace flywheel::curation {
namespace {

// One write takes so much, which is some 10 ms: others wait for the same writer.
constexpr size_t kRowsPerWrite = 500;
constexpr size_t kKeysPerWrite = 1'000;
// Of one key of the firewall, with what the map that holds it costs, or of one entry of what was
// taken out.
constexpr int64_t kKeyBytes = 128;

// What would have been there but for the selection.
std::string LeftOutText(const DatasetVersion& version) {
  int64_t rows = 0;
  for (const TierRemoval& removal : version.removed_by_tier) rows += removal.rows;
  return rows == 0 ? "" : fmt::format("; the selection left {} rows out", rows);
}

}  // namespace

absl::StatusOr<DatasetBuilder::Snapshot> DatasetBuilder::ReadSnapshot(
    const std::string& project, const DatasetOptions& options, const Deadline& deadline) const {
  const std::string& agent = options.agent;
  Snapshot snapshot;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t count, ScoreStore(connection).CountOfAgent(project, agent));
    if (count > max_interactions_) {
      return errors::FailedPrecondition(
          Reason::kLimitExceeded, "agent", agent,
          fmt::format("{} interactions that people reacted to", count),
          fmt::format("at most {} (--max-dataset-interactions of curation)", max_interactions_));
    }
    ASSIGN_OR_RETURN(snapshot.feed_sequence, RecordStore(connection).Cursor());
    ASSIGN_OR_RETURN(const RecordCounts counts, CountStore(connection).Get(project));
    snapshot.interactions_read = counts.interactions;
    ASSIGN_OR_RETURN(snapshot.candidates,
                     ScoreStore(connection).CandidatesOf(project, agent, deadline));
    ASSIGN_OR_RETURN(snapshot.wall.keys, FirewallStore(connection).Keys(project, deadline));
    ASSIGN_OR_RETURN(snapshot.wall.eval_inputs, ReadEvalInputs(connection, project, deadline));
    const std::optional<SegmentBalance>& segments = options.selection.segments;
    if (segments && segments->weight_by_use) {
      ASSIGN_OR_RETURN(
          snapshot.candidates.use,
          SegmentUseStore(connection)
              .Of(project, agent,
                  segments->attribute.empty() ? options.cohort_attribute : segments->attribute,
                  deadline));
    }
    return absl::OkStatus();
  }));
  return snapshot;
}

absl::StatusOr<DatasetAssembly> DatasetBuilder::Preview(const std::string& project,
                                                        const DatasetOptions& options,
                                                        const Deadline& deadline) const {
  ASSIGN_OR_RETURN(Snapshot snapshot, ReadSnapshot(project, options, deadline));
  ASSIGN_OR_RETURN(
      DatasetAssembly assembly,
      AssembleDataset(std::move(snapshot.candidates), std::move(snapshot.wall), options, deadline));
  assembly.version.feed_sequence = snapshot.feed_sequence;
  return assembly;
}

absl::StatusOr<bool> DatasetBuilder::Store(const StoredBuild& build,
                                           const DatasetAssembly& assembly,
                                           const Deadline& deadline, OnProgress on_progress) const {
  const std::string& id = build.version.dataset_version_id;
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) {
    return DatasetStore(connection)
        .Begin(build.project, build.request_hash, build.ordinal, assembly.version);
  }));
  // A tombstone that came since means that the rows may be of a person who was erased.
  const std::span<const DatasetRow> rows(assembly.rows);
  for (size_t first = 0; first < rows.size();) {
    on_progress(
        {BuildStage::kWriting, static_cast<int64_t>(rows.size()), static_cast<int64_t>(first)});
    RETURN_IF_ERROR(deadline.Check());
    const auto piece = sql::FirstPiece(rows.subspan(first), kRowsPerWrite,
                                       [](const DatasetRow& row) { return row.TextBytes(); });
    ASSIGN_OR_RETURN(const bool current,
                     database_->Write(
                         [&](sql::Connection& connection) -> absl::StatusOr<bool> {
                           ASSIGN_OR_RETURN(const int64_t tombstone,
                                            ErasureStore(connection).LastTombstone(build.project));
                           if (tombstone > assembly.version.feed_sequence) return false;
                           RETURN_IF_ERROR(DatasetStore(connection)
                                               .AddRows(build.project, id,
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
          return FirewallStore(connection).AddKeys(build.project, assembly.version, piece);
        },
        static_cast<int64_t>(piece.size()) * kKeyBytes));
  }
  const std::span removed(assembly.removed_rows);
  for (size_t first = 0; first < removed.size(); first += kKeysPerWrite) {
    RETURN_IF_ERROR(deadline.Check());
    const auto piece = removed.subspan(first, std::min(kKeysPerWrite, removed.size() - first));
    ASSIGN_OR_RETURN(
        const bool current,
        database_->Write(
            [&](sql::Connection& connection) -> absl::StatusOr<bool> {
              ASSIGN_OR_RETURN(const int64_t tombstone,
                               ErasureStore(connection).LastTombstone(build.project));
              if (tombstone > assembly.version.feed_sequence) return false;
              RETURN_IF_ERROR(RemovedRowStore(connection)
                                  .Add(build.project, id, static_cast<int64_t>(first), piece));
              return true;
            },
            static_cast<int64_t>(piece.size()) * kKeyBytes));
    if (!current) return false;
  }
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
    // Who was told that the build is cancelled never sees the version.
    ASSIGN_OR_RETURN(const bool wanted,
                     BuildStore(connection).IsUnderWay(build.project, build.ordinal));
    if (!wanted) return errors::Cancelled();
    RETURN_IF_ERROR(DatasetStore(connection).Complete(build.project, id));
    return BuildStore(connection).Remove(build.project, id);
  }));
  return true;
}

absl::Status DatasetBuilder::RemoveUnfinished(const std::string& project) const {
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

absl::Status DatasetBuilder::Build(const StoredBuild& build, const Deadline& deadline,
                                   OnProgress on_progress) const {
  // Again where somebody was erased meanwhile: the snapshot held what must not be written.
  for (bool built = false; !built;) {
    RETURN_IF_ERROR(deadline.Check());
    ASSIGN_OR_RETURN(built, TryBuild(build, deadline, on_progress));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> DatasetBuilder::TryBuild(const StoredBuild& build, const Deadline& deadline,
                                              OnProgress on_progress) const {
  const DatasetVersion& asked = build.version;
  // Nothing, unless a build failed that could not be taken back, say for a full disk.
  RETURN_IF_ERROR(RemoveUnfinished(build.project));
  on_progress({.stage = BuildStage::kReading});
  ASSIGN_OR_RETURN(Snapshot snapshot, ReadSnapshot(build.project, asked.options, deadline));
  on_progress({.stage = BuildStage::kCurating});
  ASSIGN_OR_RETURN(DatasetAssembly assembly,
                   AssembleDataset(std::move(snapshot.candidates), std::move(snapshot.wall),
                                   asked.options, deadline));
  DatasetVersion& version = assembly.version;
  if (version.train_rows == 0) {
    return errors::NotEnoughData(
        fmt::format("rows to train agent '{}' on", asked.options.agent),
        fmt::format("0 of {} interactions that people reacted to (evaluations do not count){}; {} "
                    "interactions of the project were read",
                    version.candidate_rows, LeftOutText(version), snapshot.interactions_read),
        "at least 1");
  }
  version.dataset_version_id = asked.dataset_version_id;
  version.create_time = asked.create_time;
  version.created_by = asked.created_by;
  version.feed_sequence = snapshot.feed_sequence;
  absl::StatusOr<bool> stored = Store(build, assembly, deadline, on_progress);
  if (!stored.ok() || !*stored) {
    if (const absl::Status removed = RemoveUnfinished(build.project); !removed.ok()) {
      spdlog::warn("event=build_not_removed dataset_version_id={} message={}",
                   asked.dataset_version_id, Quoted(errors::MessageOf(removed)));
    }
  }
  return stored;
}

}  // namespace flywheel::curation
