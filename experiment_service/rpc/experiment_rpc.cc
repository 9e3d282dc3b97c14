#include "experiment_service/rpc/experiment_rpc.h"

#include <map>
#include <string>
#include <vector>

#include "experiment_service/domain/analysis.h"
#include "experiment_service/domain/assignment.h"
#include "experiment_service/domain/days_left.h"
#include "experiment_service/domain/experiment_size.h"
#include "experiment_service/rpc/convert.h"
#include "experiment_service/rpc/convert_analysis.h"
#include "experiment_service/rpc/convert_segments.h"
#include "experiment_service/rpc/convert_size.h"
#include "experiment_service/rpc/convert_summaries.h"
#include "experiment_service/rpc/text_redaction.h"
#include "experiment_service/rpc/validate.h"
#include "experiment_service/rpc/validate_ramp.h"
#include "shared/hashing/content_hash.h"
#include "shared/rpc/call_deadline.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {

using rpc::Caller;
using rpc::Role;

grpc::Status ExperimentRpc::CreateExperiment(grpc::ServerContext* context,
                                             const v1::CreateExperimentRequest* request,
                                             v1::CreateExperimentResponse* response) {
  return endpoint_->Serve(*context, "CreateExperiment", Role::kOperator, *request,
                          [&](const Caller& caller) {
                            return DoCreateExperiment(caller, *context, *request, response);
                          });
}

absl::Status ExperimentRpc::DoCreateExperiment(const Caller& caller,
                                               const grpc::ServerContext& context,
                                               const v1::CreateExperimentRequest& sent,
                                               v1::CreateExperimentResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::CreateExperimentRequest request, Redacted(*use_cases_.texts, sent));
  ASSIGN_OR_RETURN(const Created<Experiment> result,
                   use_cases_.catalog->Create(caller, FromProto(request),
                                              rpc::CallDeadline(context, *endpoint_)));
  ToProto(result.value, response->mutable_experiment());
  response->set_replayed(result.replayed);
  return absl::OkStatus();
}

grpc::Status ExperimentRpc::GetExperiment(grpc::ServerContext* context,
                                          const v1::GetExperimentRequest* request,
                                          v1::GetExperimentResponse* response) {
  return endpoint_->Serve(
      *context, "GetExperiment", Role::kReader, *request,
      [&](const Caller& caller) { return DoGetExperiment(caller, *request, response); });
}

absl::Status ExperimentRpc::DoGetExperiment(const Caller& caller,
                                            const v1::GetExperimentRequest& request,
                                            v1::GetExperimentResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const Experiment experiment,
                   use_cases_.catalog->Get(caller.project, request.experiment_id()));
  ToProto(experiment, response->mutable_experiment());
  return absl::OkStatus();
}

grpc::Status ExperimentRpc::ListExperiments(grpc::ServerContext* context,
                                            const v1::ListExperimentsRequest* request,
                                            v1::ListExperimentsResponse* response) {
  return endpoint_->Serve(
      *context, "ListExperiments", Role::kReader, *request,
      [&](const Caller& caller) { return DoListExperiments(caller, *request, response); });
}

absl::Status ExperimentRpc::DoListExperiments(const Caller& caller,
                                              const v1::ListExperimentsRequest& sent,
                                              v1::ListExperimentsResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::ListExperimentsRequest request, Redacted(*use_cases_.texts, sent));
  const std::string scope = rpc::ListScope("experiments", caller.project, request)
                                .Add(int64_t{request.state()})
                                .Add(request.model_version())
                                .Hex();
  ASSIGN_OR_RETURN(const int64_t page_size, rpc::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const int64_t beyond, rpc::ParsePageToken(scope, request.page_token()));
  ASSIGN_OR_RETURN(const ListPage<Experiment> page,
                   use_cases_.catalog->List(caller.project, FromProto(request), beyond, page_size));
  for (const Experiment& experiment : page.values) {
    ToProto(experiment, response->add_experiments());
  }
  response->set_next_page_token(rpc::PageToken(scope, page.next_ordinal));
  return absl::OkStatus();
}

grpc::Status ExperimentRpc::StopExperiment(grpc::ServerContext* context,
                                           const v1::StopExperimentRequest* request,
                                           v1::StopExperimentResponse* response) {
  return endpoint_->Serve(
      *context, "StopExperiment", Role::kOperator, *request,
      [&](const Caller& caller) { return DoStopExperiment(caller, *request, response); });
}

absl::Status ExperimentRpc::DoStopExperiment(const Caller& caller,
                                             const v1::StopExperimentRequest& sent,
                                             v1::StopExperimentResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::StopExperimentRequest request, Redacted(*use_cases_.texts, sent));
  ASSIGN_OR_RETURN(const Created<Experiment> result,
                   use_cases_.catalog->Stop(caller, request.experiment_id(), request.reason()));
  ToProto(result.value, response->mutable_experiment());
  response->set_replayed(result.replayed);
  return absl::OkStatus();
}

grpc::Status ExperimentRpc::Assign(grpc::ServerContext* context, const v1::AssignRequest* request,
                                   v1::AssignResponse* response) {
  return endpoint_->Serve(*context, "Assign", Role::kReader, *request, [&](const Caller& caller) {
    return DoAssign(caller, *request, response);
  });
}

absl::Status ExperimentRpc::DoAssign(const Caller& caller, const v1::AssignRequest& request,
                                     v1::AssignResponse* response) {
  RETURN_IF_ERROR(RefuseTrainer(caller));
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const AssignedVersion assigned,
                   use_cases_.assigner->Assign(
                       caller.project, request.agent(),
                       {request.user_id(), request.session_id(), FromProto(request.attributes())}));
  ToProto(assigned, response);
  return absl::OkStatus();
}

grpc::Status ExperimentRpc::RecordOutcomes(grpc::ServerContext* context,
                                           const v1::RecordOutcomesRequest* request,
                                           v1::RecordOutcomesResponse* response) {
  return endpoint_->Serve(
      *context, "RecordOutcomes", Role::kWriter, *request,
      [&](const Caller& caller) { return DoRecordOutcomes(caller, *request, response); });
}

absl::Status ExperimentRpc::DoRecordOutcomes(const Caller& caller,
                                             const v1::RecordOutcomesRequest& request,
                                             v1::RecordOutcomesResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(
      const std::vector<OutcomeResult> results,
      use_cases_.outcomes->Record(caller.project, FromProto(request, endpoint_->clock().Now()),
                                  static_cast<int64_t>(request.ByteSizeLong())));
  // In the order of the request; counted by status, so that a metric costs one call a status.
  std::map<common::v1::ItemStatus, int> counts;
  for (size_t i = 0; i < results.size(); ++i) {
    common::v1::ItemResult* item = response->add_results();
    item->set_id(request.outcomes(static_cast<int>(i)).outcome_id());
    ToProto(results[i], item);
    ++counts[item->status()];
  }
  for (const auto& [status, count] : counts) {
    endpoint_->metrics().CountItems("RecordOutcomes", MetricLabel(status), count);
  }
  return absl::OkStatus();
}

grpc::Status ExperimentRpc::Analyze(grpc::ServerContext* context, const v1::AnalyzeRequest* request,
                                    v1::AnalyzeResponse* response) {
  return endpoint_->Serve(*context, "Analyze", Role::kReader, *request, [&](const Caller& caller) {
    return DoAnalyze(caller, *request, response);
  });
}

absl::Status ExperimentRpc::DoAnalyze(const Caller& caller, const v1::AnalyzeRequest& request,
                                      v1::AnalyzeResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const AnalysedExperiment analysed,
                   use_cases_.analyst->Analyze(caller.project, request.experiment_id()));
  ToProto(analysed, response->mutable_analysis());
  return absl::OkStatus();
}

grpc::Status ExperimentRpc::ListDecisions(grpc::ServerContext* context,
                                          const v1::ListDecisionsRequest* request,
                                          v1::ListDecisionsResponse* response) {
  return endpoint_->Serve(
      *context, "ListDecisions", Role::kReader, *request,
      [&](const Caller& caller) { return DoListDecisions(caller, *request, response); });
}

absl::Status ExperimentRpc::DoListDecisions(const Caller& caller,
                                            const v1::ListDecisionsRequest& request,
                                            v1::ListDecisionsResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  const std::string scope =
      ContentHash().Add("decisions").Add(caller.project).Add(request.experiment_id()).Hex();
  ASSIGN_OR_RETURN(const int64_t page_size, rpc::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const int64_t beyond, rpc::ParsePageToken(scope, request.page_token()));
  ASSIGN_OR_RETURN(const Experiment experiment,
                   use_cases_.catalog->Get(caller.project, request.experiment_id()));
  ASSIGN_OR_RETURN(
      const ListPage<ReadDecision> page,
      use_cases_.decisions->List(caller.project, request.experiment_id(), beyond, page_size));
  for (const ReadDecision& decision : page.values) {
    ToProto(decision, experiment, response->add_decisions());
  }
  response->set_next_page_token(rpc::PageToken(scope, page.next_ordinal));
  return absl::OkStatus();
}

grpc::Status ExperimentRpc::ReplayDecision(grpc::ServerContext* context,
                                           const v1::ReplayDecisionRequest* request,
                                           v1::ReplayDecisionResponse* response) {
  return endpoint_->Serve(
      *context, "ReplayDecision", Role::kReader, *request,
      [&](const Caller& caller) { return DoReplayDecision(caller, *request, response); });
}

absl::Status ExperimentRpc::DoReplayDecision(const Caller& caller,
                                             const v1::ReplayDecisionRequest& request,
                                             v1::ReplayDecisionResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const Experiment experiment,
                   use_cases_.catalog->Get(caller.project, request.experiment_id()));
  ASSIGN_OR_RETURN(
      const ReplayedDecision replayed,
      use_cases_.decisions->Replay(caller.project, request.experiment_id(), request.sequence()));
  ToProto(replayed.decision, experiment, response->mutable_decision());
  ToProto(replayed.analysis, response->mutable_analysis());
  response->set_identical(replayed.difference.empty());
  response->set_difference(replayed.difference);
  return absl::OkStatus();
}

grpc::Status ExperimentRpc::AnalyzeSummaries(grpc::ServerContext* context,
                                             const v1::AnalyzeSummariesRequest* request,
                                             v1::AnalyzeSummariesResponse* response) {
  return endpoint_->Serve(
      *context, "AnalyzeSummaries", Role::kReader, *request, [&](const Caller&) -> absl::Status {
        RETURN_IF_ERROR(Validate(*request));
        const SummarisedExperiment summarised = FromProto(*request);
        const Assignment assignment("", summarised.experiment);
        Analysis analysis = experiment::Analyze(summarised.experiment, assignment.shares(),
                                                summarised.counts, summarised.as_of);
        AddDaysLeft(summarised.experiment, assignment.shares(), summarised.counts, analysis);
        ToProto(analysis, response->mutable_analysis());
        response->mutable_analysis()->clear_as_of();
        return absl::OkStatus();
      });
}

grpc::Status ExperimentRpc::PlanExperiment(grpc::ServerContext* context,
                                           const v1::PlanExperimentRequest* request,
                                           v1::PlanExperimentResponse* response) {
  return endpoint_->Serve(*context, "PlanExperiment", Role::kReader, *request,
                          [&](const Caller&) -> absl::Status {
                            RETURN_IF_ERROR(Validate(*request));
                            ToProto(ExperimentSize(FromProto(*request)), *request, response);
                            return absl::OkStatus();
                          });
}

grpc::Status ExperimentRpc::PromoteVersion(grpc::ServerContext* context,
                                           const v1::PromoteVersionRequest* request,
                                           v1::PromoteVersionResponse* response) {
  return endpoint_->Serve(
      *context, "PromoteVersion", Role::kOperator, *request,
      [&](const Caller& caller) { return DoPromoteVersion(caller, *context, *request, response); });
}

absl::Status ExperimentRpc::DoPromoteVersion(const Caller& caller,
                                             const grpc::ServerContext& context,
                                             const v1::PromoteVersionRequest& sent,
                                             v1::PromoteVersionResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::PromoteVersionRequest request, Redacted(*use_cases_.texts, sent));
  ASSIGN_OR_RETURN(const Created<ActiveVersion> result,
                   use_cases_.promoter->Promote(caller, FromProto(request),
                                                rpc::CallDeadline(context, *endpoint_)));
  ToProto(result.value, response->mutable_active_version());
  response->set_replayed(result.replayed);
  return absl::OkStatus();
}

grpc::Status ExperimentRpc::RollbackVersion(grpc::ServerContext* context,
                                            const v1::RollbackVersionRequest* request,
                                            v1::RollbackVersionResponse* response) {
  return endpoint_->Serve(
      *context, "RollbackVersion", Role::kOperator, *request,
      [&](const Caller& caller) { return DoRollbackVersion(caller, *request, response); });
}

absl::Status ExperimentRpc::DoRollbackVersion(const Caller& caller,
                                              const v1::RollbackVersionRequest& sent,
                                              v1::RollbackVersionResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::RollbackVersionRequest request, Redacted(*use_cases_.texts, sent));
  ASSIGN_OR_RETURN(
      const Created<ActiveVersion> result,
      use_cases_.promoter->Rollback(caller, FromProto(request), request.from_model_version()));
  ToProto(result.value, response->mutable_active_version());
  response->set_replayed(result.replayed);
  return absl::OkStatus();
}

grpc::Status ExperimentRpc::GetActiveVersion(grpc::ServerContext* context,
                                             const v1::GetActiveVersionRequest* request,
                                             v1::GetActiveVersionResponse* response) {
  return endpoint_->Serve(
      *context, "GetActiveVersion", Role::kReader, *request,
      [&](const Caller& caller) { return DoGetActiveVersion(caller, *request, response); });
}

absl::Status ExperimentRpc::DoGetActiveVersion(const Caller& caller,
                                               const v1::GetActiveVersionRequest& request,
                                               v1::GetActiveVersionResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const ActiveVersion active,
                   use_cases_.promoter->GetActive(caller.project, request.agent()));
  ToProto(active, response->mutable_active_version());
  return absl::OkStatus();
}

grpc::Status ExperimentRpc::ListPromotions(grpc::ServerContext* context,
                                           const v1::ListPromotionsRequest* request,
                                           v1::ListPromotionsResponse* response) {
  return endpoint_->Serve(
      *context, "ListPromotions", Role::kReader, *request,
      [&](const Caller& caller) { return DoListPromotions(caller, *request, response); });
}

absl::Status ExperimentRpc::DoListPromotions(const Caller& caller,
                                             const v1::ListPromotionsRequest& sent,
                                             v1::ListPromotionsResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::ListPromotionsRequest request, Redacted(*use_cases_.texts, sent));
  const std::string scope =
      rpc::ListScope("promotions", caller.project, request).Add(request.model_version()).Hex();
  ASSIGN_OR_RETURN(const int64_t page_size, rpc::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const int64_t beyond, rpc::ParsePageToken(scope, request.page_token()));
  ASSIGN_OR_RETURN(
      const ListPage<ActiveVersion> page,
      use_cases_.promoter->List(caller.project, FromProto(request), beyond, page_size));
  for (const ActiveVersion& promotion : page.values) {
    ToProto(promotion, response->add_promotions());
  }
  response->set_next_page_token(rpc::PageToken(scope, page.next_ordinal));
  return absl::OkStatus();
}

}  // namespace flywheel::experiment
