// gRPC handlers of flywheel.curation.v1.CurationService.
#ifndef FLYWHEEL_CURATION_SERVICE_RPC_CURATION_RPC_H_
#define FLYWHEEL_CURATION_SERVICE_RPC_CURATION_RPC_H_

#include <string>

#include "curation_service/candidate_reader.h"
#include "curation_service/dataset_builds.h"
#include "curation_service/dataset_reader.h"
#include "curation_service/erasure_relay.h"
#include "curation_service/feed_follower.h"
#include "curation_service/lineage_reader.h"
#include "curation_service/model_registry.h"
#include "curation_service/preference_reader.h"
#include "curation_service/removed_row_reader.h"
#include "curation_service/score_reader.h"
#include "curation_service/taught_questions.h"
#include "curation_service/training_runs.h"
#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "shared/privacy/text_filter.h"
#include "shared/rpc/call_places.h"
#include "shared/rpc/endpoint.h"

namespace flywheel::curation {

// What the calls are handed to; all outlive the service.
struct UseCases {
  ScoreReader* scores = nullptr;
  FeedFollower* follower = nullptr;
  DatasetBuilds* builds = nullptr;
  CandidateReader* candidates = nullptr;
  DatasetReader* datasets = nullptr;
  ErasureRelay* erasures = nullptr;
  TrainingRuns* training_runs = nullptr;
  ModelRegistry* versions = nullptr;
  LineageReader* lineage = nullptr;
  TaughtQuestions* taught = nullptr;
  RemovedRowReader* removed_rows = nullptr;
  PreferenceReader* preferences = nullptr;
  const TextFilter* texts = nullptr;
};

// Validates, converts, calls a use case and converts back. Thread-safe.
class CurationRpc final : public v1::CurationService::Service {
 public:
  CurationRpc(rpc::Endpoint* endpoint, const UseCases& use_cases)
      : endpoint_(*endpoint), use_cases_(use_cases) {}

  grpc::Status GetProgress(grpc::ServerContext* context, const v1::GetProgressRequest* request,
                           v1::GetProgressResponse* response) override;
  grpc::Status GetScore(grpc::ServerContext* context, const v1::GetScoreRequest* request,
                        v1::GetScoreResponse* response) override;
  grpc::Status BatchGetScores(grpc::ServerContext* context,
                              const v1::BatchGetScoresRequest* request,
                              v1::BatchGetScoresResponse* response) override;
  grpc::Status BuildDatasetVersion(grpc::ServerContext* context,
                                   const v1::BuildDatasetVersionRequest* request,
                                   v1::BuildDatasetVersionResponse* response) override;
  grpc::Status CancelDatasetBuild(grpc::ServerContext* context,
                                  const v1::CancelDatasetBuildRequest* request,
                                  v1::CancelDatasetBuildResponse* response) override;
  grpc::Status GetDatasetVersion(grpc::ServerContext* context,
                                 const v1::GetDatasetVersionRequest* request,
                                 v1::GetDatasetVersionResponse* response) override;
  grpc::Status WatchDatasetVersion(
      grpc::ServerContext* context, const v1::WatchDatasetVersionRequest* request,
      grpc::ServerWriter<v1::WatchDatasetVersionResponse>* writer) override;
  grpc::Status ListDatasetVersions(grpc::ServerContext* context,
                                   const v1::ListDatasetVersionsRequest* request,
                                   v1::ListDatasetVersionsResponse* response) override;
  grpc::Status ListTrainingCandidates(
      grpc::ServerContext* context, const v1::ListTrainingCandidatesRequest* request,
      grpc::ServerWriter<v1::ListTrainingCandidatesResponse>* writer) override;
  grpc::Status ReadDatasetRows(grpc::ServerContext* context,
                               const v1::ReadDatasetRowsRequest* request,
                               grpc::ServerWriter<v1::ReadDatasetRowsResponse>* writer) override;
  grpc::Status ExportDataset(grpc::ServerContext* context, const v1::ExportDatasetRequest* request,
                             grpc::ServerWriter<v1::ExportDatasetResponse>* writer) override;
  grpc::Status ListRemovedRows(grpc::ServerContext* context,
                               const v1::ListRemovedRowsRequest* request,
                               v1::ListRemovedRowsResponse* response) override;
  grpc::Status FindTaughtQuestions(grpc::ServerContext* context,
                                   const v1::FindTaughtQuestionsRequest* request,
                                   v1::FindTaughtQuestionsResponse* response) override;
  grpc::Status ListErasures(grpc::ServerContext* context, const v1::ListErasuresRequest* request,
                            v1::ListErasuresResponse* response) override;
  grpc::Status ReportErasure(grpc::ServerContext* context, const v1::ReportErasureRequest* request,
                             v1::ReportErasureResponse* response) override;
  grpc::Status CheckTrainingTrigger(grpc::ServerContext* context,
                                    const v1::CheckTrainingTriggerRequest* request,
                                    v1::CheckTrainingTriggerResponse* response) override;
  grpc::Status OpenTrainingRun(grpc::ServerContext* context,
                               const v1::OpenTrainingRunRequest* request,
                               v1::OpenTrainingRunResponse* response) override;
  grpc::Status LeaseTrainingRun(grpc::ServerContext* context,
                                const v1::LeaseTrainingRunRequest* request,
                                v1::LeaseTrainingRunResponse* response) override;
  grpc::Status CompleteTrainingRun(grpc::ServerContext* context,
                                   const v1::CompleteTrainingRunRequest* request,
                                   v1::CompleteTrainingRunResponse* response) override;
  grpc::Status CancelTrainingRun(grpc::ServerContext* context,
                                 const v1::CancelTrainingRunRequest* request,
                                 v1::CancelTrainingRunResponse* response) override;
  grpc::Status GetTrainingRun(grpc::ServerContext* context,
                              const v1::GetTrainingRunRequest* request,
                              v1::GetTrainingRunResponse* response) override;
  grpc::Status ListTrainingRuns(grpc::ServerContext* context,
                                const v1::ListTrainingRunsRequest* request,
                                v1::ListTrainingRunsResponse* response) override;
  grpc::Status RegisterVersion(grpc::ServerContext* context,
                               const v1::RegisterVersionRequest* request,
                               v1::RegisterVersionResponse* response) override;
  grpc::Status GetVersion(grpc::ServerContext* context, const v1::GetVersionRequest* request,
                          v1::GetVersionResponse* response) override;
  grpc::Status ListVersions(grpc::ServerContext* context, const v1::ListVersionsRequest* request,
                            v1::ListVersionsResponse* response) override;
  grpc::Status GetLineage(grpc::ServerContext* context, const v1::GetLineageRequest* request,
                          grpc::ServerWriter<v1::GetLineageResponse>* writer) override;

 private:
  // What each call does once it is admitted.
  absl::Status DoGetProgress(const rpc::Caller& caller, const v1::GetProgressRequest& request,
                             v1::GetProgressResponse* response);
  absl::Status DoGetScore(const rpc::Caller& caller, const grpc::ServerContext& context,
                          const v1::GetScoreRequest& request, v1::GetScoreResponse* response);
  absl::Status DoBatchGetScores(const rpc::Caller& caller, const grpc::ServerContext& context,
                                const v1::BatchGetScoresRequest& request,
                                v1::BatchGetScoresResponse* response);
  absl::Status DoBuildDatasetVersion(const rpc::Caller& caller,
                                     const v1::BuildDatasetVersionRequest& request,
                                     v1::BuildDatasetVersionResponse* response);
  absl::Status DoCancelDatasetBuild(const rpc::Caller& caller,
                                    const v1::CancelDatasetBuildRequest& request,
                                    v1::CancelDatasetBuildResponse* response);
  absl::Status DoGetDatasetVersion(const rpc::Caller& caller,
                                   const v1::GetDatasetVersionRequest& request,
                                   v1::GetDatasetVersionResponse* response);
  absl::Status DoWatchDatasetVersion(const rpc::Caller& caller, const grpc::ServerContext& context,
                                     const v1::WatchDatasetVersionRequest& request,
                                     grpc::ServerWriter<v1::WatchDatasetVersionResponse>* writer);
  absl::Status DoListDatasetVersions(const rpc::Caller& caller,
                                     const v1::ListDatasetVersionsRequest& request,
                                     v1::ListDatasetVersionsResponse* response);
  absl::Status DoListTrainingCandidates(
      const rpc::Caller& caller, const grpc::ServerContext& context,
      const v1::ListTrainingCandidatesRequest& sent,
      grpc::ServerWriter<v1::ListTrainingCandidatesResponse>* writer);
  absl::Status DoReadDatasetRows(const rpc::Caller& caller,
                                 const v1::ReadDatasetRowsRequest& request,
                                 grpc::ServerWriter<v1::ReadDatasetRowsResponse>* writer);
  absl::Status ExportParquet(const rpc::Caller& caller, const v1::ExportDatasetRequest& request,
                             grpc::ServerWriter<v1::ExportDatasetResponse>* writer);
  absl::Status DoExportDataset(const rpc::Caller& caller, const v1::ExportDatasetRequest& request,
                               grpc::ServerWriter<v1::ExportDatasetResponse>* writer);
  absl::Status DoListRemovedRows(const rpc::Caller& caller,
                                 const v1::ListRemovedRowsRequest& request,
                                 v1::ListRemovedRowsResponse* response);
  absl::Status DoFindTaughtQuestions(const rpc::Caller& caller,
                                     const v1::FindTaughtQuestionsRequest& request,
                                     v1::FindTaughtQuestionsResponse* response);
  absl::Status DoListErasures(const rpc::Caller& caller, const v1::ListErasuresRequest& request,
                              v1::ListErasuresResponse* response);
  absl::Status DoReportErasure(const rpc::Caller& caller, const v1::ReportErasureRequest& request);
  absl::Status DoCheckTrainingTrigger(const rpc::Caller& caller,
                                      const v1::CheckTrainingTriggerRequest& request,
                                      v1::CheckTrainingTriggerResponse* response);
  absl::Status DoOpenTrainingRun(const rpc::Caller& caller,
                                 const v1::OpenTrainingRunRequest& request,
                                 v1::OpenTrainingRunResponse* response);
  absl::Status DoLeaseTrainingRun(const rpc::Caller& caller,
                                  const v1::LeaseTrainingRunRequest& request,
                                  v1::LeaseTrainingRunResponse* response);
  absl::Status DoCompleteTrainingRun(const rpc::Caller& caller,
                                     const v1::CompleteTrainingRunRequest& request,
                                     v1::CompleteTrainingRunResponse* response);
  absl::Status DoCancelTrainingRun(const rpc::Caller& caller,
                                   const v1::CancelTrainingRunRequest& request,
                                   v1::CancelTrainingRunResponse* response);
  absl::Status DoGetTrainingRun(const rpc::Caller& caller, const v1::GetTrainingRunRequest& request,
                                v1::GetTrainingRunResponse* response);
  absl::Status DoListTrainingRuns(const rpc::Caller& caller,
                                  const v1::ListTrainingRunsRequest& request,
                                  v1::ListTrainingRunsResponse* response);
  absl::Status DoRegisterVersion(const rpc::Caller& caller,
                                 const v1::RegisterVersionRequest& request,
                                 v1::RegisterVersionResponse* response);
  absl::Status DoGetVersion(const rpc::Caller& caller, const v1::GetVersionRequest& request,
                            v1::GetVersionResponse* response);
  absl::Status DoListVersions(const rpc::Caller& caller, const v1::ListVersionsRequest& request,
                              v1::ListVersionsResponse* response);
  absl::Status DoGetLineage(const rpc::Caller& caller, const v1::GetLineageRequest& request,
                            grpc::ServerWriter<v1::GetLineageResponse>* writer);

  // Returns when the feed was read up to a token; empty: at once.
  absl::Status AwaitToken(const grpc::ServerContext& context, const std::string& min_feed_token);
  // A version for an answer: while it is being built, with its progress.
  void ShowVersion(const rpc::Caller& caller, DatasetVersion version, v1::DatasetVersion* proto);

  rpc::Endpoint& endpoint_;
  const UseCases use_cases_;
  // Each holds a thread of the server for as long as a build takes.
  rpc::CallPlaces watchers_{"WatchDatasetVersion", 64};
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_RPC_CURATION_RPC_H_
