// gRPC handlers of flywheel.experiment.v1.RampService.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_RAMP_RPC_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_RAMP_RPC_H_

#include "experiment_service/ramp_control.h"
#include "flywheel/experiment/v1/ramp_service.grpc.pb.h"
#include "shared/privacy/text_filter.h"
#include "shared/rpc/endpoint.h"

namespace flywheel::experiment {

// Validates, converts, calls, converts back. Thread-safe. What each method does is said in
// ramp_service.proto.
class RampRpc final : public v1::RampService::Service {
 public:
  // All outlive this object.
  RampRpc(rpc::Endpoint* endpoint, RampControl* ramps, const TextFilter* texts)
      : endpoint_(endpoint), ramps_(ramps), texts_(texts) {}

  grpc::Status PauseRamp(grpc::ServerContext* context, const v1::PauseRampRequest* request,
                         v1::PauseRampResponse* response) override;
  grpc::Status ResumeRamp(grpc::ServerContext* context, const v1::ResumeRampRequest* request,
                          v1::ResumeRampResponse* response) override;
  grpc::Status AdvanceRamp(grpc::ServerContext* context, const v1::AdvanceRampRequest* request,
                           v1::AdvanceRampResponse* response) override;
  grpc::Status ListRampEvents(grpc::ServerContext* context,
                              const v1::ListRampEventsRequest* request,
                              v1::ListRampEventsResponse* response) override;

 private:
  // What each call does once it is admitted.
  absl::Status DoPauseRamp(const rpc::Caller& caller, const v1::PauseRampRequest& request,
                           v1::PauseRampResponse* response);
  absl::Status DoResumeRamp(const rpc::Caller& caller, const v1::ResumeRampRequest& request,
                            v1::ResumeRampResponse* response);
  absl::Status DoAdvanceRamp(const rpc::Caller& caller, const v1::AdvanceRampRequest& request,
                             v1::AdvanceRampResponse* response);
  absl::Status DoListRampEvents(const rpc::Caller& caller, const v1::ListRampEventsRequest& request,
                                v1::ListRampEventsResponse* response);

  rpc::Endpoint* const endpoint_;
  RampControl* const ramps_;
  const TextFilter* const texts_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_RAMP_RPC_H_
