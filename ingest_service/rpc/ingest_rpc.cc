#include "ingest_service/rpc/ingest_rpc.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "ingest_service/rpc/convert.h"
#include "ingest_service/rpc/validate.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// Both batch calls: `write` is BatchWriter's method for this kind of item.
template <typename Response>
grpc::ServerUnaryReactor* WriteBatch(grpc::CallbackServerContext* context, rpc::Endpoint& endpoint,
                                     const BatchWriter& writer, const char* method,
                                     const grpc::ByteBuffer& request,
                                     void (BatchWriter::*write)(const std::string&,
                                                                const std::string&, const RawBatch&,
                                                                BatchWriter::Done) const,
                                     grpc::ByteBuffer* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  rpc::Endpoint::Call call = endpoint.Begin(*context, method);
  const auto read = [&]() -> absl::StatusOr<RawBatch> {
    const auto size_bytes = static_cast<int64_t>(request.Length());
    RETURN_IF_ERROR(endpoint.Admit(*context, rpc::Role::kWriter, size_bytes, call));
    return RawBatch::Parse(request);
  };
  const absl::StatusOr<RawBatch> batch = read();
  // gRPC keeps its request, which is no constant, until the answer: what waits for the disk would
  // be in memory twice.
  const_cast<grpc::ByteBuffer&>(request).Clear();
  if (!batch.ok()) {
    reactor->Finish(endpoint.Conclude(call, batch.status()));
    return reactor;
  }
  const std::string project = call.caller.project;
  (writer.*write)(
      method, project, *batch,
      [&endpoint, reactor, response, call = std::move(call)](absl::StatusOr<BatchAnswer> answer) {
        if (answer.ok()) {
          Response message;
          message.mutable_verdicts()->Swap(&answer->verdicts);
          message.set_commit_sequence(answer->commit_sequence);
          *response = ToByteBuffer(message);
        }
        reactor->Finish(endpoint.Conclude(call, answer.status()));
      });
  return reactor;
}

}  // namespace

grpc::ServerUnaryReactor* IngestRpc::LogInteractions(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return WriteBatch<v1::LogInteractionsResponse>(context, endpoint_, writer_, "LogInteractions",
                                                 *request, &BatchWriter::LogInteractions, response);
}

grpc::ServerUnaryReactor* IngestRpc::RecordSignals(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) {
  return WriteBatch<v1::RecordSignalsResponse>(context, endpoint_, writer_, "RecordSignals",
                                               *request, &BatchWriter::RecordSignals, response);
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* IngestRpc::StreamInteractions(
    grpc::CallbackServerContext* context) {
  const std::shared_ptr<StreamCall> stream = StreamCall::Start(*context, &endpoint_, &writer_);
  streams_.Add(stream);
  return stream.get();
}

absl::Status IngestRpc::MayGoOn(const grpc::ServerContext& context) const {
  if (context.IsCancelled()) return errors::Cancelled();
  if (endpoint_.draining()) return errors::ShuttingDown();
  return absl::OkStatus();
}

grpc::Status IngestRpc::ReadFeed(grpc::ServerContext* context, const v1::ReadFeedRequest* request,
                                 grpc::ServerWriter<v1::ReadFeedResponse>* writer) {
  return endpoint_.Serve(*context, "ReadFeed", rpc::Role::kReader, *request,
                         [&](const rpc::Caller& caller) -> absl::Status {
                           RETURN_IF_ERROR(RefuseTrainer(caller));
                           RETURN_IF_ERROR(Validate(*request));
                           return StreamFeed(caller, *context, *request, *writer);
                         });
}

absl::Status IngestRpc::StreamFeed(const rpc::Caller& caller, const grpc::ServerContext& context,
                                   const v1::ReadFeedRequest& request,
                                   grpc::ServerWriter<v1::ReadFeedResponse>& writer) {
  if (request.all_projects() && !caller.all_projects) {
    return errors::PermissionDenied(
        fmt::format("{} of project {}", rpc::RoleName(caller.role), caller.project),
        "service for all projects, and no project named in the metadata");
  }
  ASSIGN_OR_RETURN(const FeedReader::Seat seat,
                   feed_.TakeSeat(request.all_projects() ? "" : caller.project));
  const std::string project = request.all_projects() ? "" : caller.project;
  const int64_t limit = request.max_entries() == 0 ? 500 : std::min(request.max_entries(), 5'000);
  int64_t cursor = request.cursor();
  bool told_caught_up = false;
  while (true) {
    // Taken before the read: a commit in between ends the wait below at once.
    const int64_t newest = feed_.last_sequence();
    ASSIGN_OR_RETURN(const FeedPage page, feed_.ReadPage(project, cursor, limit));
    const bool moved = page.next_cursor > cursor;
    cursor = page.next_cursor;
    if (moved || (page.caught_up && !told_caught_up)) {
      v1::ReadFeedResponse response;
      for (const FeedEntry& entry : page.entries) {
        RETURN_IF_ERROR(ToProto(entry, response.add_entries()));
      }
      response.set_next_cursor(cursor);
      response.set_caught_up(page.caught_up);
      told_caught_up = page.caught_up;
      if (!writer.Write(response)) return errors::Cancelled();
    }
    if (!page.caught_up) continue;
    if (!request.follow()) return absl::OkStatus();
    while (feed_.last_sequence() == newest) {
      RETURN_IF_ERROR(MayGoOn(context));
      feed_.WaitForMore(newest);
    }
  }
}

}  // namespace flywheel::ingest
