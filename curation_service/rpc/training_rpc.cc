// The calls about training runs.
#include "curation_service/rpc/convert.h"
#include "curation_service/rpc/curation_rpc.h"
#include "curation_service/rpc/text_redaction.h"
#include "curation_service/rpc/validate.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {

grpc::Status CurationRpc::CheckTrainingTrigger(grpc::ServerContext* context,
                                               const v1::CheckTrainingTriggerRequest* request,
                                               v1::CheckTrainingTriggerResponse* response) {
  return endpoint_.Serve(*context, "CheckTrainingTrigger", rpc::Role::kReader, *request,
                         [&](const rpc::Caller& caller) {
                           return DoCheckTrainingTrigger(caller, *request, response);
                         });
}

absl::Status CurationRpc::DoCheckTrainingTrigger(const rpc::Caller& caller,
                                                 const v1::CheckTrainingTriggerRequest& request,
                                                 v1::CheckTrainingTriggerResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const TriggerDecision decision,
                   use_cases_.training_runs->CheckTrigger(caller.project, request.agent(),
                                                          FromProto(request.policy()),
                                                          request.performance_change()));
  ToProto(decision, response->mutable_decision());
  ASSIGN_OR_RETURN(const ColdStart cold_start,
                   use_cases_.training_runs->GetColdStart(caller.project, request.agent()));
  ToProto(cold_start, response->mutable_cold_start());
  return absl::OkStatus();
}

grpc::Status CurationRpc::OpenTrainingRun(grpc::ServerContext* context,
                                          const v1::OpenTrainingRunRequest* request,
                                          v1::OpenTrainingRunResponse* response) {
  return endpoint_.Serve(
      *context, "OpenTrainingRun", rpc::Role::kOperator, *request,
      [&](const rpc::Caller& caller) { return DoOpenTrainingRun(caller, *request, response); });
}

absl::Status CurationRpc::DoOpenTrainingRun(const rpc::Caller& caller,
                                            const v1::OpenTrainingRunRequest& sent,
                                            v1::OpenTrainingRunResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::OpenTrainingRunRequest request, Redacted(*use_cases_.texts, sent));
  ASSIGN_OR_RETURN(const Created<TrainingRun> result,
                   use_cases_.training_runs->Open(FromProto(caller, request)));
  ToProto(result.value, endpoint_.clock().Now(), response->mutable_training_run());
  response->set_replayed(result.replayed);
  return absl::OkStatus();
}

grpc::Status CurationRpc::LeaseTrainingRun(grpc::ServerContext* context,
                                           const v1::LeaseTrainingRunRequest* request,
                                           v1::LeaseTrainingRunResponse* response) {
  return endpoint_.Serve(
      *context, "LeaseTrainingRun", rpc::Role::kTrainer, *request,
      [&](const rpc::Caller& caller) { return DoLeaseTrainingRun(caller, *request, response); });
}

absl::Status CurationRpc::DoLeaseTrainingRun(const rpc::Caller& caller,
                                             const v1::LeaseTrainingRunRequest& request,
                                             v1::LeaseTrainingRunResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const std::optional<TrainingRun> run,
                   use_cases_.training_runs->Lease(FromProto(caller, request)));
  if (run) ToProto(*run, endpoint_.clock().Now(), response->mutable_training_run());
  return absl::OkStatus();
}

grpc::Status CurationRpc::CompleteTrainingRun(grpc::ServerContext* context,
                                              const v1::CompleteTrainingRunRequest* request,
                                              v1::CompleteTrainingRunResponse* response) {
  return endpoint_.Serve(
      *context, "CompleteTrainingRun", rpc::Role::kTrainer, *request,
      [&](const rpc::Caller& caller) { return DoCompleteTrainingRun(caller, *request, response); });
}

absl::Status CurationRpc::DoCompleteTrainingRun(const rpc::Caller& caller,
                                                const v1::CompleteTrainingRunRequest& sent,
                                                v1::CompleteTrainingRunResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::CompleteTrainingRunRequest request, Redacted(*use_cases_.texts, sent));
  ASSIGN_OR_RETURN(const Created<TrainingRun> result,
                   use_cases_.training_runs->Complete(FromProto(caller, request)));
  ToProto(result.value, endpoint_.clock().Now(), response->mutable_training_run());
  response->set_replayed(result.replayed);
  return absl::OkStatus();
}

grpc::Status CurationRpc::CancelTrainingRun(grpc::ServerContext* context,
                                            const v1::CancelTrainingRunRequest* request,
                                            v1::CancelTrainingRunResponse* response) {
  return endpoint_.Serve(
      *context, "CancelTrainingRun", rpc::Role::kOperator, *request,
      [&](const rpc::Caller& caller) { return DoCancelTrainingRun(caller, *request, response); });
}

absl::Status CurationRpc::DoCancelTrainingRun(const rpc::Caller& caller,
                                              const v1::CancelTrainingRunRequest& sent,
                                              v1::CancelTrainingRunResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::CancelTrainingRunRequest request, Redacted(*use_cases_.texts, sent));
  ASSIGN_OR_RETURN(
      const Created<TrainingRun> result,
      use_cases_.training_runs->Cancel(caller, request.training_run_id(), request.reason()));
  ToProto(result.value, endpoint_.clock().Now(), response->mutable_training_run());
  response->set_replayed(result.replayed);
  return absl::OkStatus();
}

grpc::Status CurationRpc::GetTrainingRun(grpc::ServerContext* context,
                                         const v1::GetTrainingRunRequest* request,
                                         v1::GetTrainingRunResponse* response) {
  return endpoint_.Serve(
      *context, "GetTrainingRun", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoGetTrainingRun(caller, *request, response); });
}

absl::Status CurationRpc::DoGetTrainingRun(const rpc::Caller& caller,
                                           const v1::GetTrainingRunRequest& request,
                                           v1::GetTrainingRunResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const TrainingRun run,
                   use_cases_.training_runs->Get(caller.project, request.training_run_id()));
  ToProto(run, endpoint_.clock().Now(), response->mutable_training_run());
  return absl::OkStatus();
}

grpc::Status CurationRpc::ListTrainingRuns(grpc::ServerContext* context,
                                           const v1::ListTrainingRunsRequest* request,
                                           v1::ListTrainingRunsResponse* response) {
  return endpoint_.Serve(
      *context, "ListTrainingRuns", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoListTrainingRuns(caller, *request, response); });
}

absl::Status CurationRpc::DoListTrainingRuns(const rpc::Caller& caller,
                                             const v1::ListTrainingRunsRequest& sent,
                                             v1::ListTrainingRunsResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::ListTrainingRunsRequest request, Redacted(*use_cases_.texts, sent));
  const std::string scope = rpc::ListScope("training_runs", caller.project, request)
                                .Add(int64_t{request.state()})
                                .Add(request.model_version())
                                .Hex();
  ASSIGN_OR_RETURN(const int64_t page_size, rpc::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const int64_t beyond, rpc::ParsePageToken(scope, request.page_token()));
  ASSIGN_OR_RETURN(
      const ListPage<TrainingRun> page,
      use_cases_.training_runs->List(caller.project, FromProto(request), beyond, page_size));
  const absl::Time now = endpoint_.clock().Now();
  for (const TrainingRun& run : page.values) {
    ToProto(run, now, response->add_training_runs());
  }
  response->set_next_page_token(rpc::PageToken(scope, page.next_ordinal));
  return absl::OkStatus();
}

}  // namespace flywheel::curation
