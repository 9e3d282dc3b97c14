#include "curation_service/upstream/ingest_client.h"

#include <utility>

#include "curation_service/upstream/feed_convert.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {

absl::StatusOr<std::unique_ptr<IngestClient>> IngestClient::Open(const rpc::Target& target) {
  ASSIGN_OR_RETURN(rpc::Channel channel, rpc::Channel::Open(target));
  return std::unique_ptr<IngestClient>(new IngestClient(std::move(channel)));
}

absl::Status IngestClient::FollowFeed(int64_t cursor,
                                      absl::FunctionRef<absl::Status(const FeedBatch&)> on_batch) {
  return Follow(cursor, [&](const ingest::v1::ReadFeedResponse& message) -> absl::Status {
    ASSIGN_OR_RETURN(const FeedBatch batch, FeedBatchFromProto(message));
    return on_batch(batch);
  });
}

}  // namespace flywheel::curation
