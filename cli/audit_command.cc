// The command that shows who decided what.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/message_json.h"
#include "cli/table.h"
#include "cli/value_name.h"
#include "flywheel/audit/v1/audit_service.grpc.pb.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/retry.h"
#include "shared/status/status_macros.h"
#include "shared/time/time_text.h"

namespace flywheel::cli {
namespace {

namespace audit_v1 = audit::v1;

constexpr absl::Duration kAuditTimeout = absl::Seconds(10);
constexpr int kMostEvents = 100'000;
constexpr int kMostPerPage = 1'000;

struct AuditFlags {
  std::map<Service, std::string> addresses;
  std::vector<std::string> services;
  rpc::Target credentials;
  std::string project;
  audit_v1::ListAuditEventsRequest request;
  std::string since;
  std::string until;
  int limit = 50;
  bool json = false;
};

// An event, and the service that it is of.
struct Line {
  std::string_view service;
  audit_v1::AuditEvent event;
};

// The newest events of one service, as many as may be shown.
absl::Status Read(const AuditFlags& flags, Service service, std::vector<Line>& lines) {
  rpc::Target target = flags.credentials;
  target.address = flags.addresses.at(service);
  ASSIGN_OR_RETURN(const rpc::Channel channel, rpc::Channel::Open(target));
  const auto stub = audit_v1::AuditService::NewStub(channel.get());
  audit_v1::ListAuditEventsRequest request = flags.request;
  int missing = flags.limit;
  do {
    request.set_page_size(std::min(missing, kMostPerPage));
    audit_v1::ListAuditEventsResponse response;
    RETURN_IF_ERROR(rpc::CallWithRetry(
        channel, {.total_timeout = kAuditTimeout},
        [&](grpc::ClientContext& context) {
          return stub->ListAuditEvents(&context, request, &response);
        },
        flags.project));
    for (audit_v1::AuditEvent& event : *response.mutable_events()) {
      lines.push_back({ServiceName(service), std::move(event)});
    }
    missing -= response.events_size();
    request.set_page_token(response.next_page_token());
  } while (missing > 0 && !request.page_token().empty());
  return absl::OkStatus();
}

bool IsNewer(const Line& a, const Line& b) {
  return rpc::FromProto(a.event.event_time()) > rpc::FromProto(b.event.event_time());
}

std::string OrDash(const std::string& text) { return text.empty() ? "-" : text; }

void PrintTable(const std::vector<Line>& lines) {
  Table table({{"TIME"}, {"SERVICE"}, {"KEY"}, {"PROJECT"}, {"METHOD"}, {"RESOURCE"}, {"RESULT"}});
  for (const auto& [service, event] : lines) {
    std::string resource = event.resource_kind();
    for (const std::string& part : {event.resource_id(), event.detail()}) {
      if (!part.empty()) resource += (resource.empty() ? "" : " ") + part;
    }
    const std::string reason =
        ValueName(common::v1::ErrorReason_Name(event.reason()), "ERROR_REASON_");
    table.AddRow({SecondsText(rpc::FromProto(event.event_time())), std::string(service),
                  OrDash(event.key_id()), event.project(), event.method(), OrDash(resource),
                  event.reason() == common::v1::ERROR_REASON_UNSPECIFIED ? "done" : reason});
  }
  std::fputs(table.Format().c_str(), stdout);
}

absl::Status PrintJson(const std::vector<Line>& lines) {
  for (const auto& [service, event] : lines) {
    ASSIGN_OR_RETURN(const std::string json, MessageJson(event, "an event"));
    RETURN_IF_ERROR(
        WriteOutput(fmt::format("{{\"service\":\"{}\",\"event\":{}}}\n", service, json)));
  }
  return FlushOutput();
}

int RunAudit(const AuditFlags& flags) {
  std::vector<Line> lines;
  for (const Service service : kAllServices) {
    const std::string name(ServiceName(service));
    if (!flags.services.empty() &&
        std::find(flags.services.begin(), flags.services.end(), name) == flags.services.end()) {
      continue;
    }
    const absl::Status status = Read(flags, service, lines);
    if (!status.ok()) return Fail(status, flags.addresses.at(service));
  }
  std::stable_sort(lines.begin(), lines.end(), IsNewer);
  if (lines.size() > static_cast<size_t>(flags.limit))
    lines.resize(static_cast<size_t>(flags.limit));
  if (!flags.json) {
    PrintTable(lines);
    return kExitOk;
  }
  const absl::Status status = PrintJson(lines);
  return status.ok() ? kExitOk : Fail(status);
}

CLI::Validator IsTime() {
  return {[](const std::string& text) {
            return ParseTimeText(text) ? std::string()
                                       : fmt::format(
                                             "got '{}', want a time such as "
                                             "2026-11-21T12:00:00Z",
                                             text);
          },
          ""};
}

void AddFilterFlags(CLI::App& command, AuditFlags& flags) {
  audit_v1::ListAuditEventsRequest& request = flags.request;
  const auto add = [&command](const char* flag, std::string* value, const char* help) {
    return command.add_option(flag, *value, help);
  };
  add("--key-id", request.mutable_key_id(), "only what was done with the key of this ID");
  add("--method", request.mutable_method(), "only this method, such as PromoteVersion");
  add("--resource", request.mutable_resource_id(), "only about the resource of this id");
  add("--since", &flags.since, "only from this time on, such as 2026-11-21T12:00:00Z")
      ->check(IsTime());
  add("--until", &flags.until, "only before this time")->check(IsTime());
  command.add_flag_callback(
      "--all-projects", [&request] { request.set_all_projects(true); },
      "of every project, with a key for all of them");
}

}  // namespace

void AddAuditCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "audit",
      "Shows who decided what, and who was refused, in all services, the newest first: what was\n"
      "built, trained, judged, served, held, erased and exported, by which key. With keys, it "
      "takes\n"
      "one of role operator.");
  command->footer(
      std::string(
          "Example: flywheel audit --method PromoteVersion --since 2026-11-01T00:00:00Z\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<AuditFlags>();
  std::vector<AddressTarget> targets;
  std::vector<std::string> names;
  for (const Service service : kAllServices) {
    targets.push_back({service, &flags->addresses[service]});
    names.emplace_back(ServiceName(service));
  }
  AddAddressFlags(*command, targets);
  AddCredentialFlags(*command, flags->credentials);
  AddProjectFlag(*command, flags->project);
  command->add_option("--service", flags->services, "only of this service; may be given again")
      ->check(OneOf(std::move(names)));
  AddFilterFlags(*command, *flags);
  command->add_option("--limit", flags->limit, "how many events at most")
      ->check(CLI::Range(1, kMostEvents).description(""))
      ->capture_default_str();
  command->add_flag("--json", flags->json,
                    "print a JSON object a line: {\"service\": ..., \"event\": ...}");
  command->callback([flags, &run] {
    if (const auto since = ParseTimeText(flags->since)) {
      *flags->request.mutable_start_time() = rpc::ToProto(*since);
    }
    if (const auto until = ParseTimeText(flags->until)) {
      *flags->request.mutable_end_time() = rpc::ToProto(*until);
    }
    run = [flags] { return RunAudit(*flags); };
  });
}

}  // namespace flywheel::cli
