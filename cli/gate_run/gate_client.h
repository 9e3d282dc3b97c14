// Calls the evaluation gate, for the commands that speak to it.
#ifndef FLYWHEEL_CLI_GATE_RUN_GATE_CLIENT_H_
#define FLYWHEEL_CLI_GATE_RUN_GATE_CLIENT_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "flywheel/evalgate/v1/run_service.grpc.pb.h"
#include "shared/rpc/retry.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {

// A connection to the gate that speaks for one project. Thread-safe.
class GateClient {
 public:
  using Gate = evalgate::v1::EvalGateService::Stub;
  using Runs = evalgate::v1::RunService::Stub;

  // UNAVAILABLE where no gate serves there: of one that was never started the user hears at once,
  // though calls wait for one that restarts.
  static absl::StatusOr<GateClient> Open(const rpc::Target& target, std::string project);

  // One call, sent again as long as that may help:
  //   client.Call(&GateClient::Runs::GetRun, request)
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request,
                                absl::Duration total_timeout = absl::Seconds(30)) const {
    Stub stub(channel_.get());
    Response response;
    RETURN_IF_ERROR(rpc::CallWithRetry(
        channel_, {.attempt_timeout = total_timeout, .total_timeout = total_timeout},
        [&](grpc::ClientContext& context) { return (stub.*method)(&context, request, &response); },
        project_));
    return response;
  }

  // A call that answers in pages, all of them, sent again as long as that may help:
  //   client.ReadPages(&GateClient::Gate::CompareSuites, request, timeout)
  template <typename Stub, typename Request, typename Page>
  absl::StatusOr<std::vector<Page>> ReadPages(
      std::unique_ptr<grpc::ClientReader<Page>> (Stub::*method)(grpc::ClientContext*,
                                                                const Request&),
      const Request& request, absl::Duration total_timeout) const {
    Stub stub(channel_.get());
    std::vector<Page> pages;
    RETURN_IF_ERROR(rpc::CallWithRetry(
        channel_, {.attempt_timeout = total_timeout, .total_timeout = total_timeout},
        [&](grpc::ClientContext& context) {
          // A stream that broke begins anew.
          pages.clear();
          const auto reader = (stub.*method)(&context, request);
          Page page;
          while (reader->Read(&page)) pages.push_back(std::move(page));
          return reader->Finish();
        },
        project_));
    return pages;
  }

  // The cases of a suite, in its order.
  absl::Status ReadCases(const std::string& suite_id,
                         absl::FunctionRef<void(evalgate::v1::SuiteCase)> take) const;

  // Results of cases, page by page, until `take` answers false or there are no more. The page size
  // is that of the request.
  absl::Status ListCases(evalgate::v1::ListCaseResultsRequest request,
                         absl::FunctionRef<bool(evalgate::v1::CaseResult)> take) const;

 private:
  GateClient(rpc::Channel channel, std::string project)
      : channel_(std::move(channel)), project_(std::move(project)) {}

  rpc::Channel channel_;
  std::string project_;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_GATE_CLIENT_H_
