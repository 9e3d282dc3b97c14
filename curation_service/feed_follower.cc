#include "curation_service/feed_follower.h"

#include <algorithm>
#include <variant>

#include "curation_service/scorer.h"
#include "curation_service/store/record_store.h"
#include "curation_service/upstream/feed_convert.h"
#include "flywheel/ingest/v1/ingest_service.pb.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {

FeedFollower::FeedFollower(sql::Database* database, feed::FeedClient* client,
                           feed::FeedPosition* position, feed::ErasureReporter* reporter,
                           rpc::Metrics* metrics)
    : database_(database),
      reporter_(reporter),
      loop_("curation",
            {.cursor =
                 [this] {
                   return database_->Read([](sql::Connection& connection) {
                     return RecordStore(connection).Cursor();
                   });
                 },
             .follow =
                 [this, client](int64_t cursor, feed::FeedLoop::Kept kept) {
                   return client->Follow(
                       cursor, [&](const ingest::v1::ReadFeedResponse& message) -> absl::Status {
                         ASSIGN_OR_RETURN(const FeedBatch batch, FeedBatchFromProto(message));
                         return Keep(batch, kept);
                       });
                 }},
            client, position, metrics) {}

absl::Status FeedFollower::Keep(const FeedBatch& batch, feed::FeedLoop::Kept kept) {
  RETURN_IF_ERROR(database_->Write(
      [&](sql::Connection& connection) { return Scorer::Apply(connection, batch); },
      std::max(batch.size_bytes, sql::Database::kSmallWriteBytes)));
  kept(batch.next_cursor, batch.read_up_to);
  const auto is_last = [](const FeedRecord& record) {
    if (const auto* rewrite = std::get_if<Rewrite>(&record.record)) return rewrite->last;
    const auto* tombstone = std::get_if<Tombstone>(&record.record);
    return tombstone != nullptr && tombstone->last;
  };
  if (std::any_of(batch.records.begin(), batch.records.end(), is_last)) reporter_->Wake();
  return absl::OkStatus();
}

}  // namespace flywheel::curation
