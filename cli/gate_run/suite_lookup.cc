#include "cli/gate_run/suite_lookup.h"

#include <fmt/format.h>

#include "shared/status/errors.h"

namespace flywheel::cli {
namespace {

constexpr int kMostSuitesPerPage = 1'000;

}  // namespace

absl::StatusOr<evalgate::v1::Suite> FindSuite(const GateClient& client, const std::string& suite,
                                              const std::string& agent) {
  if (agent.empty()) {
    evalgate::v1::GetSuiteRequest request;
    request.set_suite_id(suite);
    auto response = client.Call(&GateClient::Gate::GetSuite, request);
    if (errors::ReasonOf(response.status()) == Reason::kNotFound) {
      return errors::NotFound("suite", suite,
                              "Without --agent, --suite is an id; with it, a name. 'flywheel gate "
                              "suites' lists both.");
    }
    RETURN_IF_ERROR(response.status());
    return std::move(*response->mutable_suite());
  }
  evalgate::v1::ListSuitesRequest request;
  request.set_agent(agent);
  request.set_page_size(kMostSuitesPerPage);
  evalgate::v1::Suite newest;
  do {
    ASSIGN_OR_RETURN(const auto page, client.Call(&GateClient::Gate::ListSuites, request));
    for (const evalgate::v1::Suite& one : page.suites()) {
      const bool newer = one.suite_version() > newest.suite_version();
      if (one.suite_name() == suite && newer) newest = one;
    }
    request.set_page_token(page.next_page_token());
    // The newest come first.
  } while (newest.suite_id().empty() && !request.page_token().empty());
  if (newest.suite_id().empty()) {
    return errors::NotFound(
        "suite", suite,
        fmt::format(
            "'flywheel gate suites --agent {}' lists names and ids; without --agent, --suite "
            "is an id.",
            agent));
  }
  return newest;
}

}  // namespace flywheel::cli
