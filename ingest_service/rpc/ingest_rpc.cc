#include "ingest_service/rpc/ingest_rpc.h"

#include <algorithm>
#include <string>
#include <utility>

#include "ingest_service/rpc/convert.h"
#include "ingest_service/rpc/validate.h"
#include "shared/rpc/byte_buffer.h"
#include "shared/rpc/call_deadline.h"
#include "shared/rpc/feed_token.h"
#include "shared/rpc/project_scope.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// In one message of the feed: where the reader does not say it, and whatever it says.
constexpr int32_t kFeedEntries = 500;
constexpr int32_t kMaxFeedEntries = 5'000;

template <typename Response>
grpc::ByteBuffer Encode(BatchAnswer& answer) {
  Response response;
  response.mutable_results()->Swap(&answer.results);
  response.set_commit_token(rpc::FeedToken(answer.commit_sequence));
  return rpc::ToByteBuffer(response);
}

}  // namespace

grpc::ServerUnaryReactor* IngestRpc::LogInteractions(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  rpc::Endpoint::Call call = endpoint_.Begin(*context, "LogInteractions");
  absl::StatusOr<RawBatch> batch = ReadBatch(*context, *request, call);
  if (!batch.ok()) {
    reactor->Finish(endpoint_.Conclude(call, batch.status()));
    return reactor;
  }
  const std::string project = call.caller.project;
  writer_.LogInteractions(
      "LogInteractions", project, *std::move(batch),
      [this, reactor, response, call = std::move(call)](absl::StatusOr<BatchAnswer> answer) {
        if (answer.ok()) *response = Encode<v1::LogInteractionsResponse>(*answer);
        reactor->Finish(endpoint_.Conclude(call, answer.status()));
      });
  return reactor;
}

grpc::ServerUnaryReactor* IngestRpc::RecordSignals(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  rpc::Endpoint::Call call = endpoint_.Begin(*context, "RecordSignals");
  absl::StatusOr<RawBatch> batch = ReadBatch(*context, *request, call);
  if (!batch.ok()) {
    reactor->Finish(endpoint_.Conclude(call, batch.status()));
    return reactor;
  }
  const std::string project = call.caller.project;
  writer_.RecordSignals(
      "RecordSignals", project, *std::move(batch),
      [this, reactor, response, call = std::move(call)](absl::StatusOr<BatchAnswer> answer) {
        if (answer.ok()) *response = Encode<v1::RecordSignalsResponse>(*answer);
        reactor->Finish(endpoint_.Conclude(call, answer.status()));
      });
  return reactor;
}

absl::StatusOr<RawBatch> IngestRpc::ReadBatch(const grpc::CallbackServerContext& context,
                                              const grpc::ByteBuffer& request,
                                              rpc::Endpoint::Call& call) const {
  // Admitted before anything is decoded.
  const auto size_bytes = static_cast<int64_t>(request.Length());
  const absl::Status admitted = endpoint_.Admit(context, rpc::Role::kWriter, size_bytes, call);
  absl::StatusOr<RawBatch> batch = admitted.ok() ? RawBatch::Parse(request) : admitted;
  // gRPC keeps its request, which is no constant, until the answer: what waits for the disk would
  // be in memory twice.
  const_cast<grpc::ByteBuffer&>(request).Clear();
  return batch;
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* IngestRpc::StreamInteractions(
    grpc::CallbackServerContext* context) {
  const std::shared_ptr<StreamCall> stream = StreamCall::Start(*context, &endpoint_, &writer_);
  streams_.Add(stream);
  return stream.get();
}

grpc::Status IngestRpc::ReadFeed(grpc::ServerContext* context, const v1::ReadFeedRequest* request,
                                 grpc::ServerWriter<v1::ReadFeedResponse>* writer) {
  return endpoint_.Serve(
      *context, "ReadFeed", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoReadFeed(caller, *context, *request, writer); });
}

absl::Status IngestRpc::DoReadFeed(const rpc::Caller& caller, const grpc::ServerContext& context,
                                   const v1::ReadFeedRequest& request,
                                   grpc::ServerWriter<v1::ReadFeedResponse>* writer) {
  RETURN_IF_ERROR(RefuseTrainer(caller));
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const std::string project, rpc::ProjectScope(caller, request.all_projects()));
  ASSIGN_OR_RETURN(const FeedReader::StreamSlot slot, feed_.TakeSlot(project));
  const int64_t limit =
      request.max_entries() == 0 ? kFeedEntries : std::min(request.max_entries(), kMaxFeedEntries);
  ASSIGN_OR_RETURN(int64_t cursor, rpc::ParseFeedToken("cursor", request.cursor()));
  bool told_caught_up = false;
  // Between messages, also while there is always another: a key may be taken away meanwhile.
  const Deadline deadline = rpc::CallDeadline(context, endpoint_);
  const auto may_go_on = [&]() -> absl::Status {
    RETURN_IF_ERROR(deadline.Check());
    return endpoint_.MayGoOn(caller);
  };
  while (true) {
    RETURN_IF_ERROR(may_go_on());
    // Taken before the read: a commit in between ends the wait below at once.
    const int64_t newest = feed_.last_sequence();
    ASSIGN_OR_RETURN(const FeedPage page, feed_.ReadPage(project, cursor, limit));
    const bool moved = page.next_cursor > cursor;
    cursor = page.next_cursor;
    // An empty page is worth a message once: it says that the reader has everything.
    if (moved || (page.caught_up && !told_caught_up)) {
      v1::ReadFeedResponse response;
      for (const FeedEntry& entry : page.entries) {
        RETURN_IF_ERROR(ToProto(entry, response.add_entries()));
      }
      response.set_next_cursor(rpc::FeedToken(cursor));
      response.set_caught_up(page.caught_up);
      told_caught_up = page.caught_up;
      if (!writer->Write(response)) return errors::Cancelled();
    }
    if (!page.caught_up) continue;
    if (!request.follow()) return absl::OkStatus();
    while (feed_.last_sequence() == newest) {
      RETURN_IF_ERROR(may_go_on());
      feed_.WaitForMore(newest);
    }
  }
}

}  // namespace flywheel::ingest
