// flywheel.ingest.v1.IngestService over the use cases.
#ifndef FLYWHEEL_INGEST_SERVICE_RPC_INGEST_RPC_H_
#define FLYWHEEL_INGEST_SERVICE_RPC_INGEST_RPC_H_

#include <grpcpp/support/server_callback.h>

#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "ingest_service/record/feed_reader.h"
#include "ingest_service/record/ingestor.h"
#include "ingest_service/record/record_reader.h"
#include "ingest_service/rpc/batch_writer.h"
#include "ingest_service/rpc/stream_call.h"
#include "shared/privacy/digest.h"
#include "shared/rpc/endpoint.h"

namespace flywheel::ingest {

// Writes wait for a commit, so they use the callback API and hold no thread; reads are short, and a
// follower of the feed holds one thread for as long as it follows.
// Writes are taken as bytes, to decode item by item.
using IngestServiceBase = v1::IngestService::WithRawCallbackMethod_LogInteractions<
    v1::IngestService::WithRawCallbackMethod_StreamInteractions<
        v1::IngestService::WithRawCallbackMethod_RecordSignals<v1::IngestService::Service>>>;

// Thread-safe.
class IngestRpc final : public IngestServiceBase {
 public:
  // All pointers and references outlive this object.
  IngestRpc(rpc::Endpoint* endpoint, Quotas* quotas, Ingestor* ingestor, RecordReader* reader,
            FeedReader* feed, const PrivacyFilter& privacy)
      : endpoint_(*endpoint),
        writer_(endpoint, quotas, ingestor, privacy),
        reader_(*reader),
        feed_(*feed),
        pseudonymiser_(privacy.pseudonymiser) {
    endpoint_.OnDraining([this] { streams_.Drain(); });
  }

  grpc::ServerUnaryReactor* LogInteractions(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RecordSignals(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* StreamInteractions(
      grpc::CallbackServerContext* context) override;
  grpc::Status GetInteraction(grpc::ServerContext* context,
                              const v1::GetInteractionRequest* request,
                              v1::GetInteractionResponse* response) override;
  grpc::Status ListInteractions(grpc::ServerContext* context,
                                const v1::ListInteractionsRequest* request,
                                v1::ListInteractionsResponse* response) override;
  grpc::Status GetSessionFeedback(grpc::ServerContext* context,
                                  const v1::GetSessionFeedbackRequest* request,
                                  v1::GetSessionFeedbackResponse* response) override;
  grpc::Status ReadFeed(grpc::ServerContext* context, const v1::ReadFeedRequest* request,
                        grpc::ServerWriter<v1::ReadFeedResponse>* writer) override;
  grpc::Status GetStats(grpc::ServerContext* context, const v1::GetStatsRequest* request,
                        v1::GetStatsResponse* response) override;

 private:
  // Returns when the store has `min_sequence`; at once where that is 0.
  absl::Status AwaitSequence(const grpc::ServerContext& context, int64_t min_sequence);
  // CANCELLED where nobody waits for the answer any more, SHUTTING_DOWN where the server stops.
  absl::Status MayGoOn(const grpc::ServerContext& context) const;
  absl::Status StreamFeed(const rpc::Caller& caller, const grpc::ServerContext& context,
                          const v1::ReadFeedRequest& request,
                          grpc::ServerWriter<v1::ReadFeedResponse>& writer);

  rpc::Endpoint& endpoint_;
  const BatchWriter writer_;
  OpenStreams streams_;
  RecordReader& reader_;
  FeedReader& feed_;
  const Pseudonymiser& pseudonymiser_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RPC_INGEST_RPC_H_
