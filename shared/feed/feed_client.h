// gRPC client of ingest: follows its feed and reports erasures.
#ifndef FLYWHEEL_SHARED_FEED_FEED_CLIENT_H_
#define FLYWHEEL_SHARED_FEED_FEED_CLIENT_H_

#include <grpcpp/client_context.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "flywheel/ingest/v1/privacy_service.grpc.pb.h"
#include "shared/rpc/channel.h"

namespace flywheel::feed {

// Reads ingest's feed of all projects, and tells ingest what was erased. Follow is for one
// thread, the others are for any. What is made of a message each service knows itself. Connects by
// itself, and again.
class FeedClient {
 public:
  // INVALID_CONFIGURATION where the CA or the key cannot be read.
  static absl::StatusOr<std::unique_ptr<FeedClient>> Open(const rpc::Target& target);
  FeedClient(const FeedClient&) = delete;
  FeedClient& operator=(const FeedClient&) = delete;

  // Hands every message of the feed after `cursor` to `on_message`, as they come, until that fails,
  // the stream ends or Cancel is called. Never OK for long: a stream lives 10 minutes at most, so
  // that a connection that died unnoticed is noticed, and ends with OK then. Errors: those of
  // `on_message`; UPSTREAM_UNAVAILABLE; UPSTREAM_REFUSED where ingest does not take this service's
  // key; CANCELLED; what ingest says.
  absl::Status Follow(
      int64_t cursor,
      absl::FunctionRef<absl::Status(const ingest::v1::ReadFeedResponse&)> on_message);

  // Says that a store has erased what the tombstones of an erasure named. Errors:
  // UPSTREAM_UNAVAILABLE, UPSTREAM_REFUSED, CANCELLED; NOT_FOUND where ingest does not know the
  // erasure.
  absl::Status ReportErasure(const std::string& project, const std::string& erasure_id,
                             const std::string& store, int64_t rows);

  // Ends all of them now and for ever.
  void Cancel();

  // Whether there is a connection to ingest at this moment, and a stream over it that was not
  // refused the last time.
  bool reachable() const;

  const std::string& address() const { return channel_.address(); }

 private:
  explicit FeedClient(rpc::Channel channel);

  void SetRefused(bool refused);

  rpc::Channel channel_;
  std::unique_ptr<ingest::v1::IngestService::Stub> stub_;
  std::unique_ptr<ingest::v1::PrivacyService::Stub> privacy_stub_;

  mutable absl::Mutex mutex_;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  // From a refusal until a stream brings something.
  bool refused_ ABSL_GUARDED_BY(mutex_) = false;
  // Of the stream that runs; null between streams.
  grpc::ClientContext* context_ ABSL_GUARDED_BY(mutex_) = nullptr;
  // Of the reports that are under way.
  std::set<grpc::ClientContext*> report_contexts_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::feed

#endif  // FLYWHEEL_SHARED_FEED_FEED_CLIENT_H_
