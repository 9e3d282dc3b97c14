#include "cli/gate_run/run_lookup.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "cli/known_names.h"
#include "cli/shell_word.h"
#include "cli/table.h"
#include "shared/status/errors.h"

namespace flywheel::cli {
namespace {

constexpr int kRunsPerPage = 1'000;
constexpr int kMostRunPages = 100;

}  // namespace

absl::StatusOr<evalgate::v1::Run> NewestRun(const GateClient& client, const std::string& suite_id,
                                            const std::string& model_version,
                                            evalgate::v1::RunState state) {
  evalgate::v1::ListRunsRequest request;
  request.set_suite_id(suite_id);
  request.set_model_version(model_version);
  request.set_state(state);
  request.set_page_size(1);
  while (true) {
    ASSIGN_OR_RETURN(auto page, client.Call(&GateClient::Runs::ListRuns, request));
    if (!page.runs().empty()) return std::move(*page.mutable_runs(0));
    if (page.next_page_token().empty()) return evalgate::v1::Run();
    request.set_page_token(page.next_page_token());
  }
}

absl::StatusOr<std::vector<std::string>> VersionsWithRuns(const GateClient& client,
                                                          evalgate::v1::ListRunsRequest request) {
  std::set<std::string> versions;
  request.set_page_size(kRunsPerPage);
  for (int i = 0; i < kMostRunPages; ++i) {
    ASSIGN_OR_RETURN(const auto page, client.Call(&GateClient::Runs::ListRuns, request));
    for (const evalgate::v1::Run& run : page.runs()) versions.insert(run.model_version());
    request.set_page_token(page.next_page_token());
    if (request.page_token().empty()) break;
  }
  return std::vector<std::string>(versions.begin(), versions.end());
}

absl::Status CheckHasRun(const GateClient& client, const evalgate::v1::Suite& suite,
                         const std::string& model_version) {
  evalgate::v1::ListRunsRequest request;
  request.set_suite_id(suite.suite_id());
  request.set_model_version(model_version);
  ASSIGN_OR_RETURN(const std::vector<std::string> own, VersionsWithRuns(client, request));
  if (!own.empty()) return absl::OkStatus();
  request.clear_model_version();
  ASSIGN_OR_RETURN(const std::vector<std::string> versions, VersionsWithRuns(client, request));
  return errors::NotFound(fmt::format("an answer to suite '{}' (version {} of '{}') by",
                                      suite.suite_id(), suite.suite_version(), suite.suite_name()),
                          model_version,
                          WhatThereIs("versions with answers", model_version, versions));
}

absl::StatusOr<std::string> WhyNotCompared(const GateClient& client,
                                           const evalgate::v1::Suite& suite,
                                           const std::string& model_version) {
  ASSIGN_OR_RETURN(const auto finished, NewestRun(client, suite.suite_id(), model_version,
                                                  evalgate::v1::RUN_STATE_FINISHED));
  if (!finished.run_id().empty()) return std::string();
  ASSIGN_OR_RETURN(const auto open, NewestRun(client, suite.suite_id(), model_version,
                                              evalgate::v1::RUN_STATE_RUNNING));
  std::string why = fmt::format(
      "'{}', which it is compared with, has no finished run on version {} of suite '{}'",
      model_version, suite.suite_version(), suite.suite_name());
  if (!open.run_id().empty()) {
    why += fmt::format(" (of its run '{}' {} of {} attempts are answered)", open.run_id(),
                       WithThousands(open.answered()), WithThousands(open.attempts()));
  } else {
    evalgate::v1::ListRunsRequest request;
    request.set_suite_id(suite.suite_id());
    request.set_state(evalgate::v1::RUN_STATE_FINISHED);
    ASSIGN_OR_RETURN(const std::vector<std::string> versions, VersionsWithRuns(client, request));
    why += ". " + WhatThereIs("versions with a finished run", model_version, versions);
    why.pop_back();
  }
  return why + fmt::format(
                   ". First let it answer: flywheel gate run --agent {} --suite {} --candidate {} "
                   "--no-judge --command COMMAND",
                   ShellWord(suite.agent()), ShellWord(suite.suite_name()),
                   ShellWord(model_version));
}

}  // namespace flywheel::cli
