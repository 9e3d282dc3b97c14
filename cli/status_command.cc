#include <cstdio>
#include <memory>

#include "cli/command.h"
#include "cli/status_report.h"

namespace flywheel::cli {
namespace {

struct StatusFlags {
  StatusQuery query;
  double timeout_seconds = 2.0;
  bool json = false;
};

int RunStatus(const StatusFlags& flags) {
  StatusQuery query = flags.query;
  query.timeout = absl::Seconds(flags.timeout_seconds);
  const StatusReport report = GatherStatus(query);
  const std::string text =
      flags.json ? StatusJson(report) : FormatStatus(report, query.group_by_attribute);
  std::fputs(text.c_str(), stdout);
  if (!report.all_serving()) return kExitDown;
  return report.complete() ? kExitOk : kExitFailed;
}

}  // namespace

void AddStatusCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "status",
      "Shows which services serve and what they hold: records and mean scores, how far curation "
      "is,\n"
      "the latest verdicts, running experiments and active versions. Works with any of them down.");
  command->footer(std::string("Example: flywheel status --group-by task_id\n") + kExitCodesHelp);
  const auto flags = std::make_shared<StatusFlags>();
  std::vector<AddressTarget> targets;
  for (const Service service : kAllServices) {
    targets.push_back({service, &flags->query.addresses[service]});
  }
  AddAddressFlags(*command, targets);
  AddCredentialFlags(*command, flags->query.credentials);
  AddProjectFlag(*command, flags->query.project);
  command
      ->add_option("--group-by", flags->query.group_by_attribute,
                   "mean scores by this attribute of the interactions; '' for one group")
      ->type_name("ATTRIBUTE")
      ->capture_default_str();
  command->add_option("--agent", flags->query.agents,
                      "also show this agent's active version, where no experiment names the agent");
  command
      ->add_option("--timeout", flags->timeout_seconds, "seconds that a service may take to answer")
      ->check(CLI::Range(0.01, 3600.0).description(""))
      ->capture_default_str();
  command->add_flag("--json", flags->json, "print one JSON object");
  command->callback([flags, &run] { run = [flags] { return RunStatus(*flags); }; });
}

}  // namespace flywheel::cli
