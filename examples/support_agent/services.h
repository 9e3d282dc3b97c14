// gRPC clients of the four services, with retry.
#ifndef FLYWHEEL_EXAMPLES_SUPPORT_AGENT_SERVICES_H_
#define FLYWHEEL_EXAMPLES_SUPPORT_AGENT_SERVICES_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "flywheel/evalgate/v1/release_policy_service.grpc.pb.h"
#include "flywheel/evalgate/v1/run_service.grpc.pb.h"
#include "flywheel/experiment/v1/experiment_service.grpc.pb.h"
#include "flywheel/experiment/v1/ramp_service.grpc.pb.h"
#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/retry.h"

namespace flywheel::example {

// Where the services are.
struct ServiceAddresses {
  std::string ingest = "127.0.0.1:4317";
  std::string curation = "127.0.0.1:7402";
  std::string eval_gate = "127.0.0.1:7403";
  std::string experiment = "127.0.0.1:7404";
};

// One service: a connection and a stub. Every call of Flywheel is safe to resend, so a call that
// meets a service that is away, restarting or busy is simply sent again, for up to four minutes.
// Thread-safe.
template <typename Service>
class Client {
 public:
  using Stub = typename Service::StubInterface;

  explicit Client(rpc::Channel channel)
      : channel_(std::move(channel)), stub_(Service::NewStub(channel_.get())) {}

  // A unary call: client.Call(&Service::StubInterface::Method, request).
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) const {
    Response response;
    const absl::Status status =
        rpc::CallWithRetry(channel_, Policy(), [&](grpc::ClientContext& context) {
          response.Clear();
          return ((*stub_).*method)(&context, request, &response);
        });
    if (!status.ok()) return status;
    return response;
  }

  // A stream that is read to its end; `restart` is called before each try, `each` for every
  // message.
  template <typename Request, typename Response>
  absl::Status Read(std::unique_ptr<grpc::ClientReader<Response>> (Service::Stub::*method)(
                        grpc::ClientContext*, const Request&),
                    const Request& request, const std::function<void()>& restart,
                    const std::function<void(const Response&)>& each) const {
    return rpc::CallWithRetry(channel_, Policy(), [&](grpc::ClientContext& context) {
      restart();
      const auto reader = ((*stub_).*method)(&context, request);
      Response response;
      while (reader->Read(&response)) each(response);
      return reader->Finish();
    });
  }

 private:
  // Building a dataset version reads the whole record, so a call may take its time.
  static rpc::RetryPolicy Policy() {
    rpc::RetryPolicy policy;
    policy.max_delay = absl::Seconds(1);
    policy.attempt_timeout = absl::Seconds(120);
    policy.total_timeout = absl::Seconds(240);
    return policy;
  }

  rpc::Channel channel_;
  std::unique_ptr<typename Service::Stub> stub_;
};

// All of them.
struct Services {
  Client<ingest::v1::IngestService> ingest;
  Client<curation::v1::CurationService> curation;
  Client<evalgate::v1::EvalGateService> eval_gate;
  // Served by the evaluation gate as well.
  Client<evalgate::v1::RunService> runs;
  Client<evalgate::v1::ReleasePolicyService> release_policy;
  Client<experiment::v1::ExperimentService> experiment;
  // Served by the experiment service as well.
  Client<experiment::v1::RampService> ramps;
};

// Connects when first used.
absl::StatusOr<std::unique_ptr<Services>> Connect(const ServiceAddresses& addresses);

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_SUPPORT_AGENT_SERVICES_H_
