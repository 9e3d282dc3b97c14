// gRPC handlers of flywheel.ingest.v1.IngestService.
#ifndef FLYWHEEL_INGEST_SERVICE_RPC_INGEST_RPC_H_
#define FLYWHEEL_INGEST_SERVICE_RPC_INGEST_RPC_H_

#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "ingest_service/record/feed_reader.h"
#include "ingest_service/record/ingestor.h"
#include "ingest_service/record/interaction_reader.h"
#include "ingest_service/rpc/batch_writer.h"
#include "ingest_service/rpc/stream_call.h"
#include "shared/privacy/pseudonymiser.h"
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
  // How many of a project's newest traces carry no text; in domain/missing_text_detector.h.
  using TextlessTraces = std::function<int64_t(const std::string& project)>;

  // All pointers outlive this object.
  IngestRpc(rpc::Endpoint* endpoint, Quotas* quotas, InboundFilter* filter, Ingestor* ingestor,
            InteractionReader* reader, FeedReader* feed, TextlessTraces textless_traces)
      : endpoint_(*endpoint),
        writer_(endpoint, quotas, filter, ingestor),
        reader_(*reader),
        feed_(*feed),
        pseudonymiser_(filter->pseudonymiser()),
        textless_traces_(std::move(textless_traces)) {
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
  grpc::Status BatchGetInteractions(grpc::ServerContext* context,
                                    const v1::BatchGetInteractionsRequest* request,
                                    v1::BatchGetInteractionsResponse* response) override;
  grpc::Status ListInteractions(grpc::ServerContext* context,
                                const v1::ListInteractionsRequest* request,
                                v1::ListInteractionsResponse* response) override;
  grpc::Status GetSessionFeedback(grpc::ServerContext* context,
                                  const v1::GetSessionFeedbackRequest* request,
                                  v1::GetSessionFeedbackResponse* response) override;
  grpc::Status ListSessionSignals(grpc::ServerContext* context,
                                  const v1::ListSessionSignalsRequest* request,
                                  v1::ListSessionSignalsResponse* response) override;
  grpc::Status ReadFeed(grpc::ServerContext* context, const v1::ReadFeedRequest* request,
                        grpc::ServerWriter<v1::ReadFeedResponse>* writer) override;
  grpc::Status GetStats(grpc::ServerContext* context, const v1::GetStatsRequest* request,
                        v1::GetStatsResponse* response) override;

 private:
  // Admits a write, and takes its batch out of the request.
  absl::StatusOr<RawBatch> ReadBatch(const grpc::CallbackServerContext& context,
                                     const grpc::ByteBuffer& request,
                                     rpc::Endpoint::Call& call) const;
  // Returns when the feed has come to `min_token`; at once where that is empty.
  absl::Status AwaitToken(const grpc::ServerContext& context, const std::string& min_token);
  // What each call does once it is admitted.
  absl::Status DoGetInteraction(const rpc::Caller& caller, const grpc::ServerContext& context,
                                const v1::GetInteractionRequest& request,
                                v1::GetInteractionResponse* response);
  absl::Status DoBatchGetInteractions(const rpc::Caller& caller, const grpc::ServerContext& context,
                                      const v1::BatchGetInteractionsRequest& request,
                                      v1::BatchGetInteractionsResponse* response);
  absl::Status DoListInteractions(const rpc::Caller& caller, const grpc::ServerContext& context,
                                  const v1::ListInteractionsRequest& request,
                                  v1::ListInteractionsResponse* response);
  absl::Status DoGetSessionFeedback(const rpc::Caller& caller, const grpc::ServerContext& context,
                                    const v1::GetSessionFeedbackRequest& request,
                                    v1::GetSessionFeedbackResponse* response);
  absl::Status DoListSessionSignals(const rpc::Caller& caller, const grpc::ServerContext& context,
                                    const v1::ListSessionSignalsRequest& request,
                                    v1::ListSessionSignalsResponse* response);
  absl::Status DoGetStats(const rpc::Caller& caller, const grpc::ServerContext& context,
                          const v1::GetStatsRequest& request, v1::GetStatsResponse* response);
  absl::Status DoReadFeed(const rpc::Caller& caller, const grpc::ServerContext& context,
                          const v1::ReadFeedRequest& request,
                          grpc::ServerWriter<v1::ReadFeedResponse>* writer);

  rpc::Endpoint& endpoint_;
  const BatchWriter writer_;
  OpenStreams streams_;
  InteractionReader& reader_;
  FeedReader& feed_;
  const Pseudonymiser& pseudonymiser_;
  const TextlessTraces textless_traces_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RPC_INGEST_RPC_H_
