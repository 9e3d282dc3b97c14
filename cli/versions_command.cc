// The command that lists the versions of agents.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/labels.h"
#include "cli/message_json.h"
#include "cli/register_command.h"
#include "cli/table.h"
#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/retry.h"
#include "shared/status/status_macros.h"
#include "shared/time/time_text.h"

namespace flywheel::cli {
namespace {

namespace curation_v1 = curation::v1;

constexpr int kMaxListed = 100'000;
constexpr int kMaxPageSize = 1'000;

struct VersionsFlags {
  std::string agent;
  int limit = 20;
  bool json = false;
  rpc::Target target;
  std::string project;
};

// The newest ones, and whether there are more.
struct Versions {
  std::vector<curation_v1::ModelVersion> newest;
  bool more = false;
};

absl::StatusOr<Versions> List(const VersionsFlags& flags) {
  ASSIGN_OR_RETURN(const rpc::Channel channel, rpc::Channel::Open(flags.target));
  const auto stub = curation_v1::CurationService::NewStub(channel.get());
  Versions versions;
  curation_v1::ListVersionsRequest request;
  request.set_agent(flags.agent);
  do {
    request.set_page_size(
        std::min(kMaxPageSize, flags.limit - static_cast<int>(versions.newest.size())));
    curation_v1::ListVersionsResponse response;
    RETURN_IF_ERROR(rpc::CallWithRetry(
        channel, {.total_timeout = absl::Seconds(10)},
        [&](grpc::ClientContext& context) {
          return stub->ListVersions(&context, request, &response);
        },
        flags.project));
    versions.newest.insert(versions.newest.end(), response.model_versions().begin(),
                           response.model_versions().end());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty() && static_cast<int>(versions.newest.size()) < flags.limit);
  versions.more = !request.page_token().empty();
  return versions;
}

std::string OrDash(const std::string& text) { return text.empty() ? "-" : text; }

std::string VersionsTable(const Versions& versions) {
  Table table({{"AGENT"},
               {"VERSION"},
               {"BASE"},
               {"TRAINING RUN"},
               {"PROMPT"},
               {"RETRIEVAL"},
               {"REGISTERED"},
               {"LABELS"}});
  for (const curation_v1::ModelVersion& version : versions.newest) {
    table.AddRow({version.agent(), version.model_version(), OrDash(version.base_model_version()),
                  OrDash(version.training_run_id()), OrDash(version.prompt_version()),
                  OrDash(version.retrieval_version()),
                  SecondsText(rpc::FromProto(version.create_time())),
                  LabelsText(version.labels())});
  }
  return table.Format();
}

int RunVersions(const VersionsFlags& flags) {
  const absl::StatusOr<Versions> versions = List(flags);
  if (!versions.ok()) return Fail(versions.status(), flags.target.address);
  std::string text;
  if (flags.json) {
    const absl::StatusOr<std::string> lines = JsonLines(versions->newest);
    if (!lines.ok()) return Fail(lines.status());
    text = *lines;
  } else if (versions->newest.empty()) {
    text = flags.agent.empty() ? "no version is registered\n" : "the agent has no version\n";
  } else {
    text = VersionsTable(*versions);
    if (versions->more) text += "and older ones: --limit shows more\n";
  }
  const absl::Status output = WriteOutput(text);
  return output.ok() ? kExitOk : Fail(output);
}

}  // namespace

void AddVersionsCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "versions",
      "Lists the versions of agents that are registered, the newest first: what a training run\n"
      "made, and every other change of prompt or retrieval that 'flywheel versions register' or\n"
      "RegisterVersion was told of.");
  command->footer(std::string("Example: flywheel versions --agent router --limit 5\n") +
                  kExitCodesHelp);
  const auto flags = std::make_shared<VersionsFlags>();
  command->add_option("--agent", flags->agent, "only versions of this agent");
  command->add_option("--limit", flags->limit, "how many at most")
      ->type_name("N")
      ->check(CLI::Range(1, kMaxListed).description(""))
      ->capture_default_str();
  command->add_flag("--json", flags->json, "a JSON object a line, with all fields that are set");
  AddAddressFlags(*command, {{Service::kCuration, &flags->target.address}});
  AddCredentialFlags(*command, flags->target);
  AddProjectFlag(*command, flags->project);
  AddRegisterCommand(*command, run);
  command->callback([command, flags, &run] {
    // That of `versions register` has been called before.
    if (command->get_subcommands().empty()) run = [flags] { return RunVersions(*flags); };
  });
}

}  // namespace flywheel::cli
