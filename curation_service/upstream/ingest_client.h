// gRPC client of ingest: follows its feed and reports erasures.
#ifndef FLYWHEEL_CURATION_SERVICE_UPSTREAM_INGEST_CLIENT_H_
#define FLYWHEEL_CURATION_SERVICE_UPSTREAM_INGEST_CLIENT_H_

#include <cstdint>
#include <memory>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "curation_service/domain/record.h"
#include "shared/feed/feed_client.h"
#include "shared/rpc/channel.h"

namespace flywheel::curation {

// The feed in curation's values. Threads as of FeedClient.
class IngestClient : public feed::FeedClient {
 public:
  // INVALID_CONFIGURATION where the CA or the key cannot be read.
  static absl::StatusOr<std::unique_ptr<IngestClient>> Open(const rpc::Target& target);

  // FeedClient::Follow with converted messages; also INTERNAL for a record of an unknown kind, of
  // whose message nothing was handed on.
  absl::Status FollowFeed(int64_t cursor,
                          absl::FunctionRef<absl::Status(const FeedBatch&)> on_batch);

 private:
  using FeedClient::FeedClient;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_UPSTREAM_INGEST_CLIENT_H_
