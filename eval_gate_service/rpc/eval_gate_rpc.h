// gRPC handlers of flywheel.evalgate.v1.EvalGateService.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_EVAL_GATE_RPC_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_EVAL_GATE_RPC_H_

#include "eval_gate_service/case_results.h"
#include "eval_gate_service/judge.h"
#include "eval_gate_service/rpc/upload_memory.h"
#include "eval_gate_service/rpc/upload_reader.h"
#include "eval_gate_service/suite_catalog.h"
#include "eval_gate_service/suite_comparison.h"
#include "eval_gate_service/suite_uploads.h"
#include "eval_gate_service/verdict_reader.h"
#include "eval_gate_service/verdict_replayer.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "shared/privacy/text_filter.h"
#include "shared/rpc/call_places.h"
#include "shared/rpc/endpoint.h"

namespace flywheel::evalgate {

// What the handlers call; all outlive them.
struct UseCases {
  SuiteCatalog* suites = nullptr;
  SuiteUploads* uploads = nullptr;
  Judge* judge = nullptr;
  VerdictReader* verdicts = nullptr;
  VerdictReplayer* replayer = nullptr;
  CaseResults* results = nullptr;
  SuiteComparison* comparison = nullptr;
  const TextFilter* texts = nullptr;
};

// Validates, converts, calls, converts back. Thread-safe. What each method does is said in
// eval_gate_service.proto.
class EvalGateRpc final : public v1::EvalGateService::Service {
 public:
  EvalGateRpc(rpc::Endpoint* endpoint, const UseCases& use_cases)
      : endpoint_(endpoint), use_cases_(use_cases) {}

  grpc::Status CreateSuite(grpc::ServerContext* context, const v1::CreateSuiteRequest* request,
                           v1::CreateSuiteResponse* response) override;
  grpc::Status UploadSuite(grpc::ServerContext* context,
                           grpc::ServerReader<v1::UploadSuiteRequest>* reader,
                           v1::UploadSuiteResponse* response) override;
  grpc::Status GetSuite(grpc::ServerContext* context, const v1::GetSuiteRequest* request,
                        v1::GetSuiteResponse* response) override;
  grpc::Status ListSuites(grpc::ServerContext* context, const v1::ListSuitesRequest* request,
                          v1::ListSuitesResponse* response) override;
  grpc::Status ReadSuiteCases(grpc::ServerContext* context,
                              const v1::ReadSuiteCasesRequest* request,
                              grpc::ServerWriter<v1::ReadSuiteCasesResponse>* writer) override;
  grpc::Status CompareSuites(grpc::ServerContext* context, const v1::CompareSuitesRequest* request,
                             grpc::ServerWriter<v1::CompareSuitesResponse>* writer) override;
  grpc::Status JudgeVersion(grpc::ServerContext* context, const v1::JudgeVersionRequest* request,
                            v1::JudgeVersionResponse* response) override;
  grpc::Status ListCaseResults(grpc::ServerContext* context,
                               const v1::ListCaseResultsRequest* request,
                               v1::ListCaseResultsResponse* response) override;
  grpc::Status GetVerdict(grpc::ServerContext* context, const v1::GetVerdictRequest* request,
                          v1::GetVerdictResponse* response) override;
  grpc::Status ExplainVerdict(grpc::ServerContext* context,
                              const v1::ExplainVerdictRequest* request,
                              v1::ExplainVerdictResponse* response) override;
  grpc::Status ReplayVerdict(grpc::ServerContext* context, const v1::ReplayVerdictRequest* request,
                             v1::ReplayVerdictResponse* response) override;
  grpc::Status ListVerdicts(grpc::ServerContext* context, const v1::ListVerdictsRequest* request,
                            v1::ListVerdictsResponse* response) override;
  grpc::Status GetShipDecision(grpc::ServerContext* context,
                               const v1::GetShipDecisionRequest* request,
                               v1::GetShipDecisionResponse* response) override;

 private:
  // What each call does once it is admitted.
  absl::Status DoCreateSuite(const rpc::Caller& caller, const grpc::ServerContext& context,
                             const v1::CreateSuiteRequest& request,
                             v1::CreateSuiteResponse* response);
  absl::Status DoUploadSuite(const rpc::Caller& caller, grpc::ServerContext& context,
                             grpc::ServerReader<v1::UploadSuiteRequest>& reader,
                             v1::UploadSuiteResponse* response);
  absl::Status DoGetSuite(const rpc::Caller& caller, const v1::GetSuiteRequest& request,
                          v1::GetSuiteResponse* response);
  absl::Status DoListSuites(const rpc::Caller& caller, const v1::ListSuitesRequest& request,
                            v1::ListSuitesResponse* response);
  absl::Status DoReadSuiteCases(const rpc::Caller& caller, const v1::ReadSuiteCasesRequest& request,
                                grpc::ServerWriter<v1::ReadSuiteCasesResponse>* writer);
  absl::Status DoCompareSuites(const rpc::Caller& caller, const v1::CompareSuitesRequest& request,
                               grpc::ServerWriter<v1::CompareSuitesResponse>* writer);
  absl::Status DoJudgeVersion(const rpc::Caller& caller, const grpc::ServerContext& context,
                              const v1::JudgeVersionRequest& request,
                              v1::JudgeVersionResponse* response);
  absl::Status DoListCaseResults(const rpc::Caller& caller, const grpc::ServerContext& context,
                                 const v1::ListCaseResultsRequest& request,
                                 v1::ListCaseResultsResponse* response);
  absl::Status DoGetVerdict(const rpc::Caller& caller, const v1::GetVerdictRequest& request,
                            v1::GetVerdictResponse* response);
  absl::Status DoExplainVerdict(const rpc::Caller& caller, const grpc::ServerContext& context,
                                const v1::ExplainVerdictRequest& request,
                                v1::ExplainVerdictResponse* response);
  absl::Status DoReplayVerdict(const rpc::Caller& caller, const grpc::ServerContext& context,
                               const v1::ReplayVerdictRequest& request,
                               v1::ReplayVerdictResponse* response);
  absl::Status DoListVerdicts(const rpc::Caller& caller, const v1::ListVerdictsRequest& request,
                              v1::ListVerdictsResponse* response);
  absl::Status DoGetShipDecision(const rpc::Caller& caller,
                                 const v1::GetShipDecisionRequest& request,
                                 v1::GetShipDecisionResponse* response);

  absl::Status SendCases(const rpc::Caller& caller, const std::string& suite_id,
                         grpc::ServerWriter<v1::ReadSuiteCasesResponse>* writer);

  rpc::Endpoint* const endpoint_;
  const UseCases use_cases_;
  // Each holds its cases in memory: 640 MiB of all together, whatever their number.
  rpc::CallPlaces uploads_{"UploadSuite", 32};
  UploadMemory upload_memory_{{.own = int64_t{4} << 20,
                               .pot = int64_t{512} << 20,
                               .pot_of_project = UploadReader::kMostMemoryBytes}};
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_EVAL_GATE_RPC_H_
