// gRPC handlers of flywheel.experiment.v1.ExperimentService.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_EXPERIMENT_RPC_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_EXPERIMENT_RPC_H_

#include "experiment_service/analyst.h"
#include "experiment_service/assigner.h"
#include "experiment_service/decision_reader.h"
#include "experiment_service/experiment_catalog.h"
#include "experiment_service/outcome_recorder.h"
#include "experiment_service/promoter.h"
#include "experiment_service/segment_analyst.h"
#include "flywheel/experiment/v1/experiment_service.grpc.pb.h"
#include "shared/rpc/endpoint.h"

namespace flywheel::experiment {

// What the handlers hand on to. All pointers outlive the service.
struct UseCases {
  ExperimentCatalog* catalog;
  Assigner* assigner;
  OutcomeRecorder* outcomes;
  Analyst* analyst;
  SegmentAnalyst* segments;
  DecisionReader* decisions;
  Promoter* promoter;
};

// Validates, converts, calls a use case and converts its answer. Thread-safe.
class ExperimentRpc final : public v1::ExperimentService::Service {
 public:
  ExperimentRpc(rpc::Endpoint* endpoint, const UseCases& use_cases)
      : endpoint_(endpoint), use_cases_(use_cases) {}

  grpc::Status CreateExperiment(grpc::ServerContext* context,
                                const v1::CreateExperimentRequest* request,
                                v1::CreateExperimentResponse* response) override;
  grpc::Status GetExperiment(grpc::ServerContext* context, const v1::GetExperimentRequest* request,
                             v1::GetExperimentResponse* response) override;
  grpc::Status ListExperiments(grpc::ServerContext* context,
                               const v1::ListExperimentsRequest* request,
                               v1::ListExperimentsResponse* response) override;
  grpc::Status StopExperiment(grpc::ServerContext* context,
                              const v1::StopExperimentRequest* request,
                              v1::StopExperimentResponse* response) override;
  grpc::Status Assign(grpc::ServerContext* context, const v1::AssignRequest* request,
                      v1::AssignResponse* response) override;
  grpc::Status RecordOutcomes(grpc::ServerContext* context,
                              const v1::RecordOutcomesRequest* request,
                              v1::RecordOutcomesResponse* response) override;
  grpc::Status Analyze(grpc::ServerContext* context, const v1::AnalyzeRequest* request,
                       v1::AnalyzeResponse* response) override;
  grpc::Status AnalyzeSegments(grpc::ServerContext* context,
                               const v1::AnalyzeSegmentsRequest* request,
                               v1::AnalyzeSegmentsResponse* response) override;
  grpc::Status ListDecisions(grpc::ServerContext* context, const v1::ListDecisionsRequest* request,
                             v1::ListDecisionsResponse* response) override;
  grpc::Status ReplayDecision(grpc::ServerContext* context,
                              const v1::ReplayDecisionRequest* request,
                              v1::ReplayDecisionResponse* response) override;
  grpc::Status AnalyzeSummaries(grpc::ServerContext* context,
                                const v1::AnalyzeSummariesRequest* request,
                                v1::AnalyzeSummariesResponse* response) override;
  grpc::Status PlanExperiment(grpc::ServerContext* context,
                              const v1::PlanExperimentRequest* request,
                              v1::PlanExperimentResponse* response) override;
  grpc::Status PromoteVersion(grpc::ServerContext* context,
                              const v1::PromoteVersionRequest* request,
                              v1::PromoteVersionResponse* response) override;
  grpc::Status RollbackVersion(grpc::ServerContext* context,
                               const v1::RollbackVersionRequest* request,
                               v1::RollbackVersionResponse* response) override;
  grpc::Status GetActiveVersion(grpc::ServerContext* context,
                                const v1::GetActiveVersionRequest* request,
                                v1::GetActiveVersionResponse* response) override;
  grpc::Status ListPromotions(grpc::ServerContext* context,
                              const v1::ListPromotionsRequest* request,
                              v1::ListPromotionsResponse* response) override;

 private:
  // What each call does once it is admitted.
  absl::Status DoCreateExperiment(const rpc::Caller& caller, const grpc::ServerContext& context,
                                  const v1::CreateExperimentRequest& request,
                                  v1::CreateExperimentResponse* response);
  absl::Status DoGetExperiment(const rpc::Caller& caller, const v1::GetExperimentRequest& request,
                               v1::GetExperimentResponse* response);
  absl::Status DoListExperiments(const rpc::Caller& caller,
                                 const v1::ListExperimentsRequest& request,
                                 v1::ListExperimentsResponse* response);
  absl::Status DoStopExperiment(const rpc::Caller& caller, const v1::StopExperimentRequest& request,
                                v1::StopExperimentResponse* response);
  absl::Status DoAssign(const rpc::Caller& caller, const v1::AssignRequest& request,
                        v1::AssignResponse* response);
  absl::Status DoRecordOutcomes(const rpc::Caller& caller, const v1::RecordOutcomesRequest& request,
                                v1::RecordOutcomesResponse* response);
  absl::Status DoAnalyze(const rpc::Caller& caller, const v1::AnalyzeRequest& request,
                         v1::AnalyzeResponse* response);
  absl::Status DoAnalyzeSegments(const rpc::Caller& caller,
                                 const v1::AnalyzeSegmentsRequest& request,
                                 v1::AnalyzeSegmentsResponse* response);
  absl::Status DoListDecisions(const rpc::Caller& caller, const v1::ListDecisionsRequest& request,
                               v1::ListDecisionsResponse* response);
  absl::Status DoReplayDecision(const rpc::Caller& caller, const v1::ReplayDecisionRequest& request,
                                v1::ReplayDecisionResponse* response);
  absl::Status DoPromoteVersion(const rpc::Caller& caller, const grpc::ServerContext& context,
                                const v1::PromoteVersionRequest& request,
                                v1::PromoteVersionResponse* response);
  absl::Status DoRollbackVersion(const rpc::Caller& caller,
                                 const v1::RollbackVersionRequest& request,
                                 v1::RollbackVersionResponse* response);
  absl::Status DoGetActiveVersion(const rpc::Caller& caller,
                                  const v1::GetActiveVersionRequest& request,
                                  v1::GetActiveVersionResponse* response);
  absl::Status DoListPromotions(const rpc::Caller& caller, const v1::ListPromotionsRequest& request,
                                v1::ListPromotionsResponse* response);

  rpc::Endpoint* const endpoint_;
  const UseCases use_cases_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_EXPERIMENT_RPC_H_
