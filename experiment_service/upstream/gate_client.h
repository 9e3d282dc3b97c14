// gRPC client of the evaluation gate: may a version ship?
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_UPSTREAM_GATE_CLIENT_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_UPSTREAM_GATE_CLIENT_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "shared/rpc/channel.h"
#include "shared/time/deadline.h"

namespace flywheel::experiment {

// May a version serve this agent, in the place of the one that serves now?
struct GateQuestion {
  std::string agent;
  std::string model_version;
  std::string serving_version;
};

// Asks the gate whether versions may ship. Thread-safe; connects when it is first used, so that
// this service starts and serves while the gate is down.
class GateClient {
 public:
  // INVALID_CONFIGURATION where a file of `target` cannot be read.
  static absl::StatusOr<std::unique_ptr<GateClient>> Open(const rpc::Target& target);

  // OK where the gate says that the version may ship, by the agent's release policy and in the
  // place of the one that serves. GATE_NOT_PASSED with its decision and its words otherwise;
  // UPSTREAM_UNAVAILABLE with RetryInfo where it gives no answer within 5 s, UPSTREAM_REFUSED where
  // it does not let this service in, the error of `deadline` where that comes first, else what it
  // says.
  absl::Status RequirePass(const std::string& project, const GateQuestion& question,
                           const Deadline& deadline) const;

 private:
  explicit GateClient(rpc::Channel channel)
      : channel_(std::move(channel)),
        stub_(evalgate::v1::EvalGateService::NewStub(channel_.get())) {}

  rpc::Channel channel_;
  std::unique_ptr<evalgate::v1::EvalGateService::Stub> stub_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_UPSTREAM_GATE_CLIENT_H_
