// gRPC handlers of flywheel.experiment.v1.ExperimentService.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_EXPERIMENT_RPC_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_EXPERIMENT_RPC_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "experiment_service/agent_directory.h"
#include "experiment_service/analysis_watch.h"
#include "experiment_service/analyst.h"
#include "experiment_service/assigner.h"
#include "experiment_service/decision_reader.h"
#include "experiment_service/experiment_catalog.h"
#include "experiment_service/exposure_intake.h"
#include "experiment_service/outcome_recorder.h"
#include "experiment_service/promoter.h"
#include "experiment_service/rpc/watch_stream.h"
#include "experiment_service/segment_publisher.h"
#include "experiment_service/serving_cache.h"
#include "flywheel/experiment/v1/experiment_service.grpc.pb.h"
#include "shared/privacy/text_filter.h"
#include "shared/rpc/call_deadline.h"
#include "shared/rpc/call_places.h"
#include "shared/rpc/endpoint.h"

namespace flywheel::experiment {

// What the handlers hand on to. All pointers outlive the service.
struct UseCases {
  ExperimentCatalog* catalog;
  Assigner* assigner;
  OutcomeRecorder* outcomes;
  Analyst* analyst;
  SegmentPublisher* segments;
  DecisionReader* decisions;
  Promoter* promoter;
  AnalysisWatch* watch;
  AgentDirectory* agents;
  ExposureIntake* exposures;
  const ServingCache* serving;
  const TextFilter* texts;
};

// Whoever watches waits for most of the time, so the streams use the callback API and hold no
// thread.
using ExperimentServiceBase = v1::ExperimentService::WithRawCallbackMethod_WatchAnalysis<
    v1::ExperimentService::WithRawCallbackMethod_WatchActiveVersions<
        v1::ExperimentService::Service>>;

// Validates, converts, calls a use case and converts its answer. Thread-safe.
class ExperimentRpc final : public ExperimentServiceBase {
 public:
  ExperimentRpc(rpc::Endpoint* endpoint, const UseCases& use_cases)
      : endpoint_(endpoint), use_cases_(use_cases), loop_(&endpoint->metrics()) {}

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
  grpc::Status AssignBatch(grpc::ServerContext* context, const v1::AssignBatchRequest* request,
                           v1::AssignBatchResponse* response) override;
  grpc::Status WatchExperiments(grpc::ServerContext* context,
                                const v1::WatchExperimentsRequest* request,
                                grpc::ServerWriter<v1::WatchExperimentsResponse>* writer) override;
  grpc::Status RecordExposures(grpc::ServerContext* context,
                               const v1::RecordExposuresRequest* request,
                               v1::RecordExposuresResponse* response) override;
  grpc::Status RecordOutcomes(grpc::ServerContext* context,
                              const v1::RecordOutcomesRequest* request,
                              v1::RecordOutcomesResponse* response) override;
  grpc::Status Analyze(grpc::ServerContext* context, const v1::AnalyzeRequest* request,
                       v1::AnalyzeResponse* response) override;
  grpc::Status AnalyzeSegments(grpc::ServerContext* context,
                               const v1::AnalyzeSegmentsRequest* request,
                               v1::AnalyzeSegmentsResponse* response) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* WatchAnalysis(grpc::CallbackServerContext* context,
                                                            const grpc::ByteBuffer* bytes) override;
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
  grpc::ServerWriteReactor<grpc::ByteBuffer>* WatchActiveVersions(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* bytes) override;
  grpc::Status ListAgents(grpc::ServerContext* context, const v1::ListAgentsRequest* request,
                          v1::ListAgentsResponse* response) override;
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
  absl::Status DoAssignBatch(const rpc::Caller& caller, const v1::AssignBatchRequest& request,
                             v1::AssignBatchResponse* response);
  absl::Status DoWatchExperiments(const rpc::Caller& caller, const Deadline& deadline,
                                  const v1::WatchExperimentsRequest& request,
                                  grpc::ServerWriter<v1::WatchExperimentsResponse>& writer);
  absl::Status DoRecordExposures(const rpc::Caller& caller,
                                 const v1::RecordExposuresRequest& request,
                                 v1::RecordExposuresResponse* response);
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
  absl::Status DoListAgents(const rpc::Caller& caller, const v1::ListAgentsRequest& request,
                            v1::ListAgentsResponse* response);
  absl::Status DoListPromotions(const rpc::Caller& caller, const v1::ListPromotionsRequest& request,
                                v1::ListPromotionsResponse* response);

  rpc::Endpoint* const endpoint_;
  const UseCases use_cases_;
  // Each holds some memory for as long as somebody watches; of gRPC's calls they leave more than
  // half.
  rpc::CallPlaces analysis_watchers_{"WatchAnalysis", 256};
  rpc::CallPlaces version_watchers_{"WatchActiveVersions", 1'024};
  // Of the 512 threads of a server each holds one: as many agents' processes may assign by
  // themselves, of one key half as many.
  rpc::CallPlaces experiment_watchers_{"WatchExperiments", 256};
  // Each reads and holds up to a thousand cells, and computes for milliseconds, where other reads
  // take microseconds: of all threads they have a few.
  rpc::CallPlaces segment_analyses_{"AnalyzeSegments", 16};
  // The last one: its thread ends before what it uses.
  WatchLoop loop_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_EXPERIMENT_RPC_H_
