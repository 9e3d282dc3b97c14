#include "cli/gate_run/suite_lookup.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <optional>
#include <set>

#include "cli/known_names.h"
#include "shared/status/errors.h"

namespace flywheel::cli {
namespace {

constexpr int kMostSuitesPerPage = 1'000;

// Nothing where no suite has this id.
absl::StatusOr<std::optional<evalgate::v1::Suite>> SuiteOfId(const GateClient& client,
                                                             const std::string& suite_id) {
  evalgate::v1::GetSuiteRequest request;
  request.set_suite_id(suite_id);
  auto response = client.Call(&GateClient::Gate::GetSuite, request);
  const Reason reason = errors::ReasonOf(response.status());
  // What cannot be an id is none.
  if (reason == Reason::kNotFound || reason == Reason::kInvalidArgument) return std::nullopt;
  RETURN_IF_ERROR(response.status());
  return std::move(*response->mutable_suite());
}

// Suites of one name by their agents, and what else there is.
struct NamedSuites {
  // The newest version of each.
  std::map<std::string, evalgate::v1::Suite> by_agent;
  std::set<std::string> names;
};

absl::StatusOr<NamedSuites> SuitesOfName(const GateClient& client, const std::string& name,
                                         const std::string& agent) {
  NamedSuites found;
  RETURN_IF_ERROR(ForEachSuite(client, agent, [&](const evalgate::v1::Suite& one) {
    found.names.insert(one.suite_name());
    if (one.suite_name() != name) return true;
    found.by_agent.try_emplace(one.agent(), one);
    // The newest comes first, so with one agent nothing later counts.
    return agent.empty();
  }));
  return found;
}

absl::Status NoSuchSuite(const GateClient& client, const std::string& suite,
                         const std::string& agent, const std::set<std::string>& names) {
  if (names.empty() && !agent.empty()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> agents, AgentsWithSuites(client));
    return errors::NotFound("suite", suite,
                            fmt::format("Agent '{}' has no suites. {}", agent,
                                        WhatThereIs("agents with suites", agent, agents)));
  }
  return errors::NotFound("suite", suite,
                          WhatThereIs("suites", suite, {names.begin(), names.end()}));
}

}  // namespace

absl::Status ForEachSuite(const GateClient& client, const std::string& agent,
                          absl::FunctionRef<bool(const evalgate::v1::Suite&)> take) {
  evalgate::v1::ListSuitesRequest request;
  request.set_agent(agent);
  request.set_page_size(kMostSuitesPerPage);
  do {
    ASSIGN_OR_RETURN(const auto page, client.Call(&GateClient::Gate::ListSuites, request));
    for (const evalgate::v1::Suite& one : page.suites()) {
      if (!take(one)) return absl::OkStatus();
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> AgentsWithSuites(const GateClient& client) {
  std::set<std::string> agents;
  RETURN_IF_ERROR(ForEachSuite(client, "", [&](const evalgate::v1::Suite& one) {
    agents.insert(one.agent());
    return true;
  }));
  return std::vector<std::string>(agents.begin(), agents.end());
}

absl::StatusOr<evalgate::v1::Suite> FindSuite(const GateClient& client, const std::string& suite,
                                              const std::string& agent) {
  if (agent.empty()) {
    ASSIGN_OR_RETURN(auto of_id, SuiteOfId(client, suite));
    if (of_id) return *std::move(of_id);
  }
  ASSIGN_OR_RETURN(NamedSuites named, SuitesOfName(client, suite, agent));
  if (named.by_agent.size() == 1) return std::move(named.by_agent.begin()->second);
  if (named.by_agent.size() > 1) {
    std::vector<std::string> agents;
    for (const auto& [name, newest] : named.by_agent) agents.push_back(name);
    return errors::InvalidConfiguration("--agent", "none",
                                        fmt::format("one of '{}', of which each has a suite '{}'",
                                                    fmt::join(agents, "', '"), suite));
  }
  if (!agent.empty()) {
    ASSIGN_OR_RETURN(auto of_id, SuiteOfId(client, suite));
    if (of_id && of_id->agent() == agent) return *std::move(of_id);
  }
  return NoSuchSuite(client, suite, agent, named.names);
}

}  // namespace flywheel::cli
