// gRPC handlers of flywheel.evalgate.v1.RunService.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_RUN_RPC_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_RUN_RPC_H_

#include "eval_gate_service/output_intake.h"
#include "eval_gate_service/run_finisher.h"
#include "eval_gate_service/run_reader.h"
#include "eval_gate_service/runs.h"
#include "flywheel/evalgate/v1/run_service.grpc.pb.h"
#include "shared/privacy/text_filter.h"
#include "shared/rpc/call_places.h"
#include "shared/rpc/endpoint.h"

namespace flywheel::evalgate {

// What the handlers call; all outlive them.
struct RunUseCases {
  Runs* runs = nullptr;
  RunFinisher* finisher = nullptr;
  RunReader* reader = nullptr;
  OutputIntake* outputs = nullptr;
  const TextFilter* texts = nullptr;
};

// Validates, converts, calls, converts back. Thread-safe. What each method does is said in
// run_service.proto.
class RunRpc final : public v1::RunService::Service {
 public:
  RunRpc(rpc::Endpoint* endpoint, const RunUseCases& use_cases)
      : endpoint_(endpoint), use_cases_(use_cases) {}

  grpc::Status StartRun(grpc::ServerContext* context, const v1::StartRunRequest* request,
                        v1::StartRunResponse* response) override;
  grpc::Status SubmitOutputs(grpc::ServerContext* context, const v1::SubmitOutputsRequest* request,
                             v1::SubmitOutputsResponse* response) override;
  grpc::Status StreamOutputs(grpc::ServerContext* context,
                             grpc::ServerReaderWriter<v1::StreamOutputsResponse,
                                                      v1::StreamOutputsRequest>* stream) override;
  grpc::Status FinishRun(grpc::ServerContext* context, const v1::FinishRunRequest* request,
                         v1::FinishRunResponse* response) override;
  grpc::Status AbortRun(grpc::ServerContext* context, const v1::AbortRunRequest* request,
                        v1::AbortRunResponse* response) override;
  grpc::Status GetRun(grpc::ServerContext* context, const v1::GetRunRequest* request,
                      v1::GetRunResponse* response) override;
  grpc::Status WatchRun(grpc::ServerContext* context, const v1::WatchRunRequest* request,
                        grpc::ServerWriter<v1::WatchRunResponse>* writer) override;
  grpc::Status ListRuns(grpc::ServerContext* context, const v1::ListRunsRequest* request,
                        v1::ListRunsResponse* response) override;

 private:
  // What each call does once it is admitted.
  absl::Status DoStartRun(const rpc::Caller& caller, const v1::StartRunRequest& request,
                          v1::StartRunResponse* response);
  absl::Status DoSubmitOutputs(const rpc::Caller& caller, const Deadline& deadline,
                               const v1::SubmitOutputsRequest& request,
                               v1::SubmitOutputsResponse* response);
  absl::Status DoStreamOutputs(
      const rpc::Caller& caller, grpc::ServerContext& context,
      grpc::ServerReaderWriter<v1::StreamOutputsResponse, v1::StreamOutputsRequest>& stream);
  absl::Status DoFinishRun(const rpc::Caller& caller, const Deadline& deadline,
                           const v1::FinishRunRequest& request, v1::FinishRunResponse* response);
  absl::Status DoAbortRun(const rpc::Caller& caller, const v1::AbortRunRequest& request,
                          v1::AbortRunResponse* response);
  absl::Status DoGetRun(const rpc::Caller& caller, const v1::GetRunRequest& request,
                        v1::GetRunResponse* response);
  absl::Status DoWatchRun(const rpc::Caller& caller, const Deadline& deadline,
                          const v1::WatchRunRequest& request,
                          grpc::ServerWriter<v1::WatchRunResponse>& writer);
  absl::Status DoListRuns(const rpc::Caller& caller, const v1::ListRunsRequest& request,
                          v1::ListRunsResponse* response);

  rpc::Endpoint* const endpoint_;
  const RunUseCases use_cases_;
  // Calls that hold a thread for long.
  // Streams whose first batch has not come yet have places of their own: who may send nothing holds
  // none of those of who may.
  rpc::CallPlaces openings_{"StreamOutputs", 32};
  rpc::CallPlaces streams_{"StreamOutputs", 32};
  rpc::CallPlaces watchers_{"WatchRun", 32};
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_RUN_RPC_H_
