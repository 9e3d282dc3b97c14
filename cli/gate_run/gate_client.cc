#include "cli/gate_run/gate_client.h"

#include "cli/health.h"

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
  evalgate::v1::ReadSuiteCasesRequest request;
  request.set_suite_id(suite_id);
  ASSIGN_OR_RETURN(auto pages, ReadPages(&Gate::ReadSuiteCases, request, kReadTimeout));
  for (evalgate::v1::ReadSuiteCasesResponse& page : pages) {
    for (evalgate::v1::SuiteCase& one : *page.mutable_cases()) take(std::move(one));
  }
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
