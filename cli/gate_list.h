// What the commands that list something of the gate have in common: flags, pages, tables.
#ifndef FLYWHEEL_CLI_GATE_LIST_H_
#define FLYWHEEL_CLI_GATE_LIST_H_

#include <google/protobuf/repeated_field.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/command.h"
#include "cli/gate_run/gate_client.h"
#include "cli/gate_run/suite_lookup.h"
#include "cli/labels.h"
#include "cli/message_json.h"
#include "flywheel/evalgate/v1/verdict.pb.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {

inline constexpr int kMostListed = 100'000;
inline constexpr int kMostListedPerPage = 1'000;

// What every list is told.
template <typename Request>
struct GateListFlags {
  rpc::Target target;
  std::string project;
  Request request;
  std::vector<std::string> labels;
  // As the user names it, where the list may be that of one suite; empty: of all.
  std::string suite;
  int limit = 20;
  bool json = false;
};

// How a list is asked for and shown.
template <typename Stub, typename Request, typename Response, typename Thing>
struct GateListing {
  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*);
  const google::protobuf::RepeatedPtrField<Thing>& (Response::*things)() const;
  // What the user sees of some.
  std::string (*table)(const std::vector<Thing>&);
};

// Things of a list, and whether there are more.
template <typename Thing>
struct GateList {
  std::vector<Thing> things;
  bool more = false;
};

template <typename Stub, typename Request, typename Response, typename Thing>
absl::StatusOr<GateList<Thing>> ReadGateList(
    const GateClient& client, Request request, int limit,
    const GateListing<Stub, Request, Response, Thing>& listing) {
  GateList<Thing> list;
  do {
    const int missing = limit - static_cast<int>(list.things.size());
    request.set_page_size(std::min(missing, kMostListedPerPage));
    ASSIGN_OR_RETURN(const Response response, client.Call(listing.method, request));
    for (const Thing& thing : (response.*listing.things)()) {
      if (static_cast<int>(list.things.size()) < limit) list.things.push_back(thing);
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty() && static_cast<int>(list.things.size()) < limit);
  list.more = !request.page_token().empty();
  return list;
}

// The request, with the id of the suite that the user names.
template <typename Request>
absl::StatusOr<Request> RequestOf(const GateClient& client, const GateListFlags<Request>& flags) {
  Request request = flags.request;
  if constexpr (requires { request.set_suite_id(flags.suite); }) {
    if (!flags.suite.empty()) {
      ASSIGN_OR_RETURN(const evalgate::v1::Suite suite,
                       FindSuite(client, flags.suite, request.agent()));
      request.set_suite_id(suite.suite_id());
    }
  }
  return request;
}

// Reads and prints it; returns the exit code.
template <typename Stub, typename Request, typename Response, typename Thing>
int RunGateList(const GateListFlags<Request>& flags,
                const GateListing<Stub, Request, Response, Thing>& listing) {
  const auto client = GateClient::Open(flags.target, flags.project);
  if (!client.ok()) return Fail(client.status(), flags.target.address);
  const absl::StatusOr<Request> request = RequestOf(*client, flags);
  if (!request.ok()) return Fail(request.status(), flags.target.address);
  const auto list = ReadGateList(*client, *request, flags.limit, listing);
  if (!list.ok()) return Fail(list.status(), flags.target.address);
  std::string text;
  if (flags.json) {
    const absl::StatusOr<std::string> json = JsonLines(list->things);
    if (!json.ok()) return Fail(json.status());
    text = *json;
  } else if (list->things.empty()) {
    text = "nothing matches\n";
  } else {
    text = listing.table(list->things);
    if (list->more) text += "and others: --limit shows more\n";
  }
  const absl::Status output = WriteOutput(text);
  return output.ok() ? kExitOk : Fail(output);
}

// Adds the flags that all of them have.
template <typename Request>
void AddGateListFlags(CLI::App& command, GateListFlags<Request>& flags) {
  Request& request = flags.request;
  command.add_option("--agent", *request.mutable_agent(), "only those of this agent");
  AddLabelFlag(command, flags.labels, "only those with this label, NAME=VALUE; may be repeated");
  command.add_flag_callback(
      "--oldest-first", [&request] { request.set_order(common::v1::LIST_ORDER_OLDEST_FIRST); },
      "in the order in which they were made");
  command.add_option("--limit", flags.limit, "how many at most")
      ->type_name("N")
      ->check(CLI::Range(1, kMostListed).description(""))
      ->capture_default_str();
  command.add_flag("--json", flags.json, "a JSON object a line, with all fields that are set");
  AddAddressFlags(command, {{Service::kEvalGate, &flags.target.address}});
  AddCredentialFlags(command, flags.target);
  AddProjectFlag(command, flags.project);
}

// Adds --suite, of lists of what stands on suites.
template <typename Request>
void AddListedSuiteFlag(CLI::App& command, GateListFlags<Request>& flags) {
  command.add_option("--suite", flags.suite,
                     "only those on this suite: its name, of which the newest version is taken, "
                     "or the\nid of one version");
}

inline std::string TextOrDash(const std::string& text) { return text.empty() ? "-" : text; }

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_LIST_H_
