// The calls that read single records, lists and counts.
#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "ingest_service/payloads/stored_interaction.h"
#include "ingest_service/privacy/session_names.h"
#include "ingest_service/rpc/convert.h"
#include "ingest_service/rpc/ingest_rpc.h"
#include "ingest_service/rpc/validate.h"
#include "shared/rpc/call_deadline.h"
#include "shared/rpc/feed_token.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// A client of default settings takes messages of 4 MiB; ids that were not read stand beside them.
constexpr size_t kMaxBatchBytes = 3'900 << 10;

InteractionFilter FromProto(const v1::ListInteractionsRequest& request, const std::string& project,
                            const Pseudonymiser& pseudonymiser) {
  InteractionFilter filter;
  filter.agent = request.agent();
  filter.session_id = SessionName(pseudonymiser, project, request.session_id());
  filter.model_version = request.model_version();
  // A person has had one name under each key.
  if (!request.user_id().empty()) {
    filter.user_pseudonyms = pseudonymiser.Pseudonyms(project, request.user_id());
  }
  if (request.has_start_time_from()) {
    filter.start_time_from = rpc::FromProto(request.start_time_from());
  }
  if (request.has_start_time_before()) {
    filter.start_time_before = rpc::FromProto(request.start_time_before());
  }
  filter.attribute_name = request.attribute_name();
  filter.attribute_value = request.attribute_value();
  filter.signal_kind = static_cast<SignalKind>(request.signal_kind());
  filter.oldest_first = request.order() == common::v1::LIST_ORDER_OLDEST_FIRST;
  return filter;
}

absl::Status ToProto(const InteractionWithSignals& found, v1::GetInteractionResponse& response) {
  RETURN_IF_ERROR(ParseInteraction(found.interaction.payload, *response.mutable_interaction()));
  response.set_sequence(found.interaction.sequence);
  *response.mutable_commit_time() = rpc::ToProto(found.interaction.commit_time);
  ToProto(found.interaction.marks, response.mutable_marks());
  for (const std::string& signal : found.signals.payloads) {
    RETURN_IF_ERROR(ParseSignal(signal, response.add_signals()));
  }
  response.set_signals_truncated(found.signals.truncated);
  return absl::OkStatus();
}

// Everything but where the page begins and how long it is.
std::string Scope(const std::string& project, const v1::ListInteractionsRequest& request) {
  v1::ListInteractionsRequest filters = request;
  filters.clear_page_size();
  filters.clear_page_token();
  filters.clear_min_token();
  return "interactions of " + project + " " + filters.SerializeAsString();
}

}  // namespace

absl::Status IngestRpc::AwaitToken(const grpc::ServerContext& context,
                                   const std::string& min_token) {
  ASSIGN_OR_RETURN(const int64_t sequence, rpc::ParseFeedToken("min_token", min_token));
  return feed_.AwaitSequence(sequence, rpc::CallDeadline(context, endpoint_));
}

grpc::Status IngestRpc::GetInteraction(grpc::ServerContext* context,
                                       const v1::GetInteractionRequest* request,
                                       v1::GetInteractionResponse* response) {
  return endpoint_.Serve(*context, "GetInteraction", rpc::Role::kReader, *request,
                         [&](const rpc::Caller& caller) {
                           return DoGetInteraction(caller, *context, *request, response);
                         });
}

absl::Status IngestRpc::DoGetInteraction(const rpc::Caller& caller,
                                         const grpc::ServerContext& context,
                                         const v1::GetInteractionRequest& request,
                                         v1::GetInteractionResponse* response) {
  RETURN_IF_ERROR(RefuseTrainer(caller));
  RETURN_IF_ERROR(Validate(request));
  RETURN_IF_ERROR(AwaitToken(context, request.min_token()));
  ASSIGN_OR_RETURN(const InteractionWithSignals found,
                   reader_.Get(caller.project, request.interaction_id()));
  return ToProto(found, *response);
}

grpc::Status IngestRpc::BatchGetInteractions(grpc::ServerContext* context,
                                             const v1::BatchGetInteractionsRequest* request,
                                             v1::BatchGetInteractionsResponse* response) {
  return endpoint_.Serve(*context, "BatchGetInteractions", rpc::Role::kReader, *request,
                         [&](const rpc::Caller& caller) {
                           return DoBatchGetInteractions(caller, *context, *request, response);
                         });
}

absl::Status IngestRpc::DoBatchGetInteractions(const rpc::Caller& caller,
                                               const grpc::ServerContext& context,
                                               const v1::BatchGetInteractionsRequest& request,
                                               v1::BatchGetInteractionsResponse* response) {
  RETURN_IF_ERROR(RefuseTrainer(caller));
  RETURN_IF_ERROR(Validate(request));
  RETURN_IF_ERROR(AwaitToken(context, request.min_token()));
  size_t bytes = 0;
  for (int i = 0; i < request.interaction_ids_size(); ++i) {
    const std::string& id = request.interaction_ids(i);
    const auto found = reader_.Get(caller.project, id);
    if (errors::ReasonOf(found.status()) == Reason::kNotFound) {
      response->add_missing_ids(id);
      continue;
    }
    RETURN_IF_ERROR(found.status());
    RETURN_IF_ERROR(ToProto(*found, *response->add_interactions()));
    bytes += response->interactions().rbegin()->ByteSizeLong();
    if (bytes <= kMaxBatchBytes || response->interactions_size() == 1) continue;
    // The one that is too much is read again with those after it.
    response->mutable_interactions()->RemoveLast();
    for (; i < request.interaction_ids_size(); ++i) {
      response->add_unread_ids(request.interaction_ids(i));
    }
  }
  return absl::OkStatus();
}

grpc::Status IngestRpc::ListInteractions(grpc::ServerContext* context,
                                         const v1::ListInteractionsRequest* request,
                                         v1::ListInteractionsResponse* response) {
  return endpoint_.Serve(*context, "ListInteractions", rpc::Role::kReader, *request,
                         [&](const rpc::Caller& caller) {
                           return DoListInteractions(caller, *context, *request, response);
                         });
}

absl::Status IngestRpc::DoListInteractions(const rpc::Caller& caller,
                                           const grpc::ServerContext& context,
                                           const v1::ListInteractionsRequest& request,
                                           v1::ListInteractionsResponse* response) {
  RETURN_IF_ERROR(RefuseTrainer(caller));
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const int64_t limit, rpc::PageSize(request.page_size()));
  // A token is good for the filters that it was given with.
  const std::string scope = Scope(caller.project, request);
  ASSIGN_OR_RETURN(const int64_t after, rpc::ParsePageToken(scope, request.page_token()));
  RETURN_IF_ERROR(AwaitToken(context, request.min_token()));
  ASSIGN_OR_RETURN(const InteractionPage page,
                   reader_.List(caller.project, FromProto(request, caller.project, pseudonymiser_),
                                after, limit));
  for (const StoredInteraction& interaction : page.interactions) {
    RETURN_IF_ERROR(ParseInteraction(interaction.payload, *response->add_interactions()));
  }
  response->set_next_page_token(rpc::PageToken(scope, page.next_after));
  return absl::OkStatus();
}

grpc::Status IngestRpc::GetSessionFeedback(grpc::ServerContext* context,
                                           const v1::GetSessionFeedbackRequest* request,
                                           v1::GetSessionFeedbackResponse* response) {
  return endpoint_.Serve(*context, "GetSessionFeedback", rpc::Role::kReader, *request,
                         [&](const rpc::Caller& caller) {
                           return DoGetSessionFeedback(caller, *context, *request, response);
                         });
}

absl::Status IngestRpc::DoGetSessionFeedback(const rpc::Caller& caller,
                                             const grpc::ServerContext& context,
                                             const v1::GetSessionFeedbackRequest& request,
                                             v1::GetSessionFeedbackResponse* response) {
  RETURN_IF_ERROR(RefuseTrainer(caller));
  RETURN_IF_ERROR(Validate(request));
  RETURN_IF_ERROR(AwaitToken(context, request.min_token()));
  std::vector<SessionEvent> events;
  ASSIGN_OR_RETURN(
      const int64_t interactions,
      reader_.ReadSession(caller.project,
                          SessionName(pseudonymiser_, caller.project, request.session_id()),
                          [&](const StoredSignal& signal) -> absl::Status {
                            ASSIGN_OR_RETURN(const SessionEvent event, ToSessionEvent(signal));
                            events.push_back(event);
                            return absl::OkStatus();
                          }));
  ToProto(ExtractFeedback(events), response);
  response->set_interactions(interactions);
  response->set_signals(static_cast<int64_t>(events.size()));
  return absl::OkStatus();
}

grpc::Status IngestRpc::ListSessionSignals(grpc::ServerContext* context,
                                           const v1::ListSessionSignalsRequest* request,
                                           v1::ListSessionSignalsResponse* response) {
  return endpoint_.Serve(*context, "ListSessionSignals", rpc::Role::kReader, *request,
                         [&](const rpc::Caller& caller) {
                           return DoListSessionSignals(caller, *context, *request, response);
                         });
}

absl::Status IngestRpc::DoListSessionSignals(const rpc::Caller& caller,
                                             const grpc::ServerContext& context,
                                             const v1::ListSessionSignalsRequest& request,
                                             v1::ListSessionSignalsResponse* response) {
  RETURN_IF_ERROR(RefuseTrainer(caller));
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const int64_t limit, rpc::PageSize(request.page_size()));
  // A token is good for the session that it was given with.
  const std::string scope = fmt::format("signals of {} {}", caller.project, request.session_id());
  ASSIGN_OR_RETURN(const int64_t after, rpc::ParsePageToken(scope, request.page_token()));
  RETURN_IF_ERROR(AwaitToken(context, request.min_token()));
  ASSIGN_OR_RETURN(
      const SignalPage page,
      reader_.ListSessionSignals(caller.project,
                                 SessionName(pseudonymiser_, caller.project, request.session_id()),
                                 after, limit));
  for (const StoredSignal& signal : page.signals) {
    RETURN_IF_ERROR(ParseSignal(signal.payload, response->add_signals()));
  }
  response->set_next_page_token(rpc::PageToken(scope, page.next_after));
  return absl::OkStatus();
}

grpc::Status IngestRpc::GetStats(grpc::ServerContext* context, const v1::GetStatsRequest* request,
                                 v1::GetStatsResponse* response) {
  return endpoint_.Serve(
      *context, "GetStats", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoGetStats(caller, *context, *request, response); });
}

absl::Status IngestRpc::DoGetStats(const rpc::Caller& caller, const grpc::ServerContext& context,
                                   const v1::GetStatsRequest& request,
                                   v1::GetStatsResponse* response) {
  RETURN_IF_ERROR(RefuseTrainer(caller));
  RETURN_IF_ERROR(Validate(request));
  RETURN_IF_ERROR(AwaitToken(context, request.min_token()));
  ASSIGN_OR_RETURN(const StoreStats stats,
                   reader_.Stats(caller.project, request.group_by_attribute()));
  response->set_interactions(stats.interactions);
  response->set_signals(stats.signals);
  response->set_tool_calls(stats.tool_calls);
  response->set_end_token(rpc::FeedToken(stats.last_sequence));
  response->set_textless_traces(textless_traces_(caller.project));
  for (const EvaluationMean& mean : stats.evaluation_means) {
    v1::EvaluationMean* proto = response->add_evaluation_means();
    proto->set_name(mean.name);
    proto->set_group(mean.group);
    proto->set_count(mean.count);
    proto->set_mean(mean.mean);
  }
  return absl::OkStatus();
}

}  // namespace flywheel::ingest
