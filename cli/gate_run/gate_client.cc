#include "cli/gate_run/gate_client.h"

#include <vector>

#include "cli/health.h"
#include "shared/rpc/status_to_grpc.h"

namespace flywheel::cli {
namespace {

constexpr absl::Duration kHealthTimeout = absl::Seconds(5);
// Of 100,000 long cases.
constexpr absl::Duration kReadTimeout = absl::Minutes(10);

}  // namespace

absl::StatusOr<GateClient> GateClient::Open(const rpc::Target& target, std::string project) {
  ASSIGN_OR_RETURN(rpc::Channel channel, rpc::Channel::Open(target));
  RETURN_IF_ERROR(CheckHealth(channel, kHealthTimeout));
  return GateClient(std::move(channel), std::move(project));
}

absl::Status GateClient::ReadCases(const std::string& suite_id,
                                   absl::FunctionRef<void(evalgate::v1::SuiteCase)> take) const {
  evalgate::v1::EvalGateService::Stub stub(channel_.get());
  evalgate::v1::ReadSuiteCasesRequest request;
  request.set_suite_id(suite_id);
  std::vector<evalgate::v1::SuiteCase> cases;
  RETURN_IF_ERROR(rpc::CallWithRetry(
      channel_, {.attempt_timeout = kReadTimeout, .total_timeout = kReadTimeout},
      [&](grpc::ClientContext& context) {
        // A stream that broke begins anew.
        cases.clear();
        const auto reader = stub.ReadSuiteCases(&context, request);
        evalgate::v1::ReadSuiteCasesResponse page;
        while (reader->Read(&page)) {
          for (evalgate::v1::SuiteCase& one : *page.mutable_cases()) {
            cases.push_back(std::move(one));
          }
        }
        return reader->Finish();
      },
      project_));
  for (evalgate::v1::SuiteCase& one : cases) take(std::move(one));
  return absl::OkStatus();
}

absl::Status GateClient::ListCases(evalgate::v1::ListCaseResultsRequest request,
                                   absl::FunctionRef<bool(evalgate::v1::CaseResult)> take) const {
  do {
    ASSIGN_OR_RETURN(evalgate::v1::ListCaseResultsResponse page,
                     Call(&Gate::ListCaseResults, request, absl::Seconds(60)));
    for (evalgate::v1::CaseResult& one : *page.mutable_results()) {
      if (!take(std::move(one))) return absl::OkStatus();
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

}  // namespace flywheel::cli
