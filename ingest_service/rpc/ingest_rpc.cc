#include "ingest_service/rpc/ingest_rpc.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ingest_service/rpc/batch_call.h"
#include "ingest_service/rpc/convert.h"
#include "ingest_service/rpc/validate.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// A follower looks this often whether its caller is still there.
constexpr absl::Duration kFollowInterval = absl::Milliseconds(200);

template <typename Record, typename Items>
Batch<Record> Sort(const Items& items, const char* field,
                   std::string (*id)(const typename Items::value_type&), absl::Time now,
                   const std::string& project, const Pseudonymiser& pseudonymiser) {
  Batch<Record> batch(items.size());
  for (int i = 0; i < items.size(); ++i) {
    // Nearly all items are valid: the place of one is only spelled out where it is not.
    if (Validate(items[i], now, "").ok()) {
      batch.Accept(ToRecord(items[i], project, pseudonymiser));
    } else {
      batch.Refuse(id(items[i]), Validate(items[i], now, fmt::format("{}[{}].", field, i)));
    }
  }
  return batch;
}

// Both batch calls: `write` is Ingestor's method for this kind of record.
template <typename Record, typename Items, typename Response>
grpc::ServerUnaryReactor* WriteBatch(
    grpc::CallbackServerContext* context, rpc::Endpoint& endpoint, Ingestor& ingestor,
    const Pseudonymiser& pseudonymiser, const char* method, const char* field,
    const google::protobuf::MessageLite& request, const Items& items,
    std::string (*id)(const typename Items::value_type&),
    void (Ingestor::*write)(std::string, std::vector<Record>, int64_t, Ingestor::Done),
    Response* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  rpc::Endpoint::Call call = endpoint.Begin(*context, method);
  absl::Status status = endpoint.Admit(*context, rpc::Role::kWriter, request, call);
  if (status.ok()) status = ValidateBatchSize(field, items.size());
  if (!status.ok()) {
    reactor->Finish(endpoint.Conclude(call, status));
    return reactor;
  }
  const std::string project = call.caller.project;
  auto batch = std::make_shared<Batch<Record>>(
      Sort<Record>(items, field, id, endpoint.clock().Now(), project, pseudonymiser));
  auto finish = [&endpoint, reactor, response, batch,
                 call = std::move(call)](const absl::StatusOr<BatchResult>& result) {
    if (result.ok()) batch->Answer(*result, call.method, endpoint.metrics(), response);
    reactor->Finish(endpoint.Conclude(call, result.status()));
  };
  if (batch->nothing_to_store()) {
    finish(BatchResult{});
  } else {
    (ingestor.*write)(project, batch->TakeRecords(), static_cast<int64_t>(request.ByteSizeLong()),
                      std::move(finish));
  }
  return reactor;
}

}  // namespace

grpc::ServerUnaryReactor* IngestRpc::LogInteractions(grpc::CallbackServerContext* context,
                                                     const v1::LogInteractionsRequest* request,
                                                     v1::LogInteractionsResponse* response) {
  return WriteBatch<InteractionRecord>(
      context, endpoint_, ingestor_, pseudonymiser_, "LogInteractions", "interactions", *request,
      request->interactions(),
      [](const v1::Interaction& interaction) { return interaction.interaction_id(); },
      &Ingestor::LogInteractions, response);
}

grpc::ServerUnaryReactor* IngestRpc::RecordSignals(grpc::CallbackServerContext* context,
                                                   const v1::RecordSignalsRequest* request,
                                                   v1::RecordSignalsResponse* response) {
  return WriteBatch<SignalRecord>(
      context, endpoint_, ingestor_, pseudonymiser_, "RecordSignals", "signals", *request,
      request->signals(), [](const v1::Signal& signal) { return signal.signal_id(); },
      &Ingestor::RecordSignals, response);
}

grpc::Status IngestRpc::GetInteraction(grpc::ServerContext* context,
                                       const v1::GetInteractionRequest* request,
                                       v1::GetInteractionResponse* response) {
  return endpoint_.Serve(*context, "GetInteraction", rpc::Role::kReader, *request,
                         [&](const rpc::Caller& caller) -> absl::Status {
                           RETURN_IF_ERROR(Validate(*request));
                           ASSIGN_OR_RETURN(const InteractionWithSignals found,
                                            reader_.Get(caller.project, request->interaction_id()));
                           RETURN_IF_ERROR(ParseInteraction(found.interaction.payload,
                                                            response->mutable_interaction()));
                           response->set_sequence(found.interaction.sequence);
                           *response->mutable_commit_time() =
                               rpc::ToProto(found.interaction.commit_time);
                           for (const std::string& signal : found.signals.payloads) {
                             RETURN_IF_ERROR(ParseSignal(signal, response->add_signals()));
                           }
                           response->set_signals_truncated(found.signals.truncated);
                           return absl::OkStatus();
                         });
}

grpc::Status IngestRpc::ListInteractions(grpc::ServerContext* context,
                                         const v1::ListInteractionsRequest* request,
                                         v1::ListInteractionsResponse* response) {
  return endpoint_.Serve(
      *context, "ListInteractions", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) -> absl::Status {
        ASSIGN_OR_RETURN(const int64_t limit, rpc::PageSize(request->page_size()));
        const std::string scope = fmt::format("interactions {} {} {}", request->agent(),
                                              request->session_id(), request->model_version());
        ASSIGN_OR_RETURN(const int64_t after, rpc::ParsePageToken(scope, request->page_token()));
        ASSIGN_OR_RETURN(
            const InteractionPage page,
            reader_.List(caller.project,
                         {request->agent(), request->session_id(), request->model_version()}, after,
                         limit));
        for (const StoredInteraction& interaction : page.interactions) {
          RETURN_IF_ERROR(ParseInteraction(interaction.payload, response->add_interactions()));
        }
        response->set_next_page_token(rpc::PageToken(scope, page.next_after));
        return absl::OkStatus();
      });
}

grpc::Status IngestRpc::ReadFeed(grpc::ServerContext* context, const v1::ReadFeedRequest* request,
                                 grpc::ServerWriter<v1::ReadFeedResponse>* writer) {
  return endpoint_.Serve(*context, "ReadFeed", rpc::Role::kReader, *request,
                         [&](const rpc::Caller& caller) -> absl::Status {
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
  ASSIGN_OR_RETURN(const FeedReader::Seat seat, feed_.TakeSeat());
  const std::string project = request.all_projects() ? "" : caller.project;
  const int64_t limit = request.max_entries() == 0 ? 500 : std::min(request.max_entries(), 5'000);
  int64_t cursor = request.cursor();
  bool told_caught_up = false;
  while (true) {
    // Taken before the read: a commit in between ends the wait below at once.
    const int64_t commits = feed_.commits();
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
    while (feed_.commits() == commits) {
      if (context.IsCancelled()) return errors::Cancelled();
      if (endpoint_.draining()) return errors::ShuttingDown();
      feed_.WaitForCommit(commits, kFollowInterval);
    }
  }
}

grpc::Status IngestRpc::GetStats(grpc::ServerContext* context, const v1::GetStatsRequest* request,
                                 v1::GetStatsResponse* response) {
  return endpoint_.Serve(*context, "GetStats", rpc::Role::kReader, *request,
                         [&](const rpc::Caller& caller) -> absl::Status {
                           ASSIGN_OR_RETURN(
                               const StoreStats stats,
                               reader_.Stats(caller.project, request->group_by_attribute()));
                           response->set_interactions(stats.interactions);
                           response->set_signals(stats.signals);
                           response->set_tool_calls(stats.tool_calls);
                           response->set_last_sequence(stats.last_sequence);
                           for (const EvaluationMean& mean : stats.evaluation_means) {
                             v1::EvaluationMean* proto = response->add_evaluation_means();
                             proto->set_name(mean.name);
                             proto->set_group(mean.group);
                             proto->set_count(mean.count);
                             proto->set_mean(mean.mean);
                           }
                           return absl::OkStatus();
                         });
}

}  // namespace flywheel::ingest
