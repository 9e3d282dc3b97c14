// gRPC handlers of flywheel.evalgate.v1.ReleaseLogService.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_RELEASE_LOG_RPC_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_RELEASE_LOG_RPC_H_

#include "eval_gate_service/release_log.h"
#include "flywheel/evalgate/v1/release_log_service.grpc.pb.h"
#include "shared/rpc/endpoint.h"

namespace flywheel::evalgate {

// Validates, converts, calls, converts back. Thread-safe. What each method does is said in
// release_log_service.proto.
class ReleaseLogRpc final : public v1::ReleaseLogService::Service {
 public:
  // Both outlive this object.
  ReleaseLogRpc(rpc::Endpoint* endpoint, ReleaseLog* log) : endpoint_(endpoint), log_(log) {}

  grpc::Status VerifyReleaseLog(grpc::ServerContext* context,
                                const v1::VerifyReleaseLogRequest* request,
                                grpc::ServerWriter<v1::VerifyReleaseLogResponse>* writer) override;
  grpc::Status ListReleaseLog(grpc::ServerContext* context,
                              const v1::ListReleaseLogRequest* request,
                              v1::ListReleaseLogResponse* response) override;

 private:
  // What each call does once it is admitted.
  absl::Status DoVerifyReleaseLog(const rpc::Caller& caller,
                                  const v1::VerifyReleaseLogRequest& request,
                                  grpc::ServerWriter<v1::VerifyReleaseLogResponse>* writer);
  absl::Status DoListReleaseLog(const rpc::Caller& caller, const v1::ListReleaseLogRequest& request,
                                v1::ListReleaseLogResponse* response);

  rpc::Endpoint* const endpoint_;
  ReleaseLog* const log_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_RELEASE_LOG_RPC_H_
