#include "experiment_service/feed_follower.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "experiment_service/feed_writer.h"
#include "experiment_service/ordered_commit.h"
#include "experiment_service/store/feed_store.h"
#include "experiment_service/upstream/feed_convert.h"
#include "flywheel/ingest/v1/ingest_service.pb.h"
#include "shared/status/status_macros.h"
#include "shared/time/stored_time.h"

namespace flywheel::experiment {

FeedFollower::FeedFollower(const Parts& parts, absl::Duration keep)
    : parts_(parts),
      keep_(keep),
      loop_("experiment",
            {.cursor =
                 [this] {
                   return parts_.database->Read(
                       [](sql::Connection& connection) { return FeedStore(connection).Cursor(); });
                 },
             .follow =
                 [this](int64_t cursor, feed::FeedLoop::Kept kept) {
                   return parts_.client->Follow(
                       cursor, [&](const ingest::v1::ReadFeedResponse& message) -> absl::Status {
                         ASSIGN_OR_RETURN(const FeedBatch batch, FeedBatchFromProto(message));
                         return Keep(batch, kept);
                       });
                 }},
            parts.client, &position_, parts.metrics) {}

void FeedFollower::Start() {
  parts_.metrics->ObserveGauge("flywheel_feed_lag_seconds",
                               "Age of the oldest record of ingest that may not be counted yet",
                               [this] { return absl::ToDoubleSeconds(loop_.lag()); });
  loop_.Start();
}

absl::Status FeedFollower::Keep(const FeedBatch& batch, feed::FeedLoop::Kept kept) {
  // Exposures first, in the order of their happening: the units that have an outcome must not be on
  // record before those that have none, and none may come back after its erasure.
  RETURN_IF_ERROR(parts_.exposures->Flush());
  const absl::Time now = StoredTime(parts_.clock->Now());
  FeedEffects effects;
  RETURN_IF_ERROR(CommitThenPublish(
      *parts_.database, std::max(batch.size_bytes, sql::Database::kSmallWriteBytes),
      [&](sql::Connection& connection) -> absl::Status {
        FeedWriter writer(connection, *parts_.serving, *parts_.units, now, now - keep_);
        for (const FeedRecord& record : batch.records) RETURN_IF_ERROR(writer.Apply(record));
        ASSIGN_OR_RETURN(effects, writer.Finish());
        return FeedStore(connection).SetCursor(batch.next_cursor);
      },
      [&] { parts_.evidence->Put(std::move(effects.evidence)); }));
  parts_.exposures->Forget(effects.forgotten);
  for (const auto& [outcome, items] : effects.counts) {
    parts_.metrics->CountItems("ReadFeed", outcome, static_cast<double>(items));
  }
  kept(batch.next_cursor, batch.read_up_to);
  const auto is_last = [](const FeedRecord& record) {
    const auto* tombstone = std::get_if<FeedTombstone>(&record.record);
    return tombstone != nullptr && tombstone->last;
  };
  if (std::any_of(batch.records.begin(), batch.records.end(), is_last)) parts_.reporter->Wake();
  return absl::OkStatus();
}

}  // namespace flywheel::experiment
