// The commands about experiments, and the one that stops an experiment.
#include <fmt/format.h>

#include <memory>
#include <string>

#include "cli/experiment/experiment_client.h"
#include "cli/experiment/experiment_commands.h"
#include "cli/message_json.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/status_macros.h"
#include "shared/text/printable.h"
#include "shared/time/time_text.h"

namespace flywheel::cli {
namespace {

namespace experiment_v1 = experiment::v1;

struct StopFlags {
  ExperimentFlags common;
  experiment_v1::StopExperimentRequest request;
};

absl::StatusOr<std::string> StopExperiment(const StopFlags& flags) {
  ASSIGN_OR_RETURN(const ExperimentClient client,
                   ExperimentClient::Open(flags.common.target, flags.common.project));
  ASSIGN_OR_RETURN(const experiment_v1::StopExperimentResponse response,
                   client.Call(&ExperimentClient::Stub::StopExperiment, flags.request));
  const experiment_v1::Experiment& experiment = response.experiment();
  if (flags.common.json) {
    ASSIGN_OR_RETURN(const std::string json, MessageJson(experiment, "an experiment"));
    return json + '\n';
  }
  return fmt::format("experiment '{}' of agent '{}' {} {}\n", Printable(experiment.experiment_id()),
                     Printable(experiment.agent()),
                     response.replayed() ? "was stopped for this reason already, at" : "stopped at",
                     SecondsText(rpc::FromProto(experiment.stop_time())));
}

int RunStop(const StopFlags& flags) {
  const absl::StatusOr<std::string> text = StopExperiment(flags);
  if (!text.ok()) return Fail(text.status(), flags.common.target.address);
  const absl::Status output = WriteOutput(*text);
  return output.ok() ? kExitOk : Fail(output);
}

}  // namespace

void AddStopExperimentCommand(CLI::App& experiment, Run& run) {
  CLI::App* const command = experiment.add_subcommand(
      "stop",
      "Stops an experiment, for good: from then on the active version serves everybody, and no\n"
      "outcome counts any more. With keys, it takes one of role operator. The same command again\n"
      "changes nothing.");
  command->footer(
      std::string("Example: flywheel experiment stop router-v2 --reason 'complaints'\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<StopFlags>();
  AddExperimentName(*command, *flags->request.mutable_experiment_id());
  command->add_option("--reason", *flags->request.mutable_reason(), "why; stays with it")
      ->required();
  AddExperimentFlags(*command, "print the Experiment as JSON", flags->common);
  command->callback([flags, &run] { run = [flags] { return RunStop(*flags); }; });
}

void AddExperimentCommand(CLI::App& app, Run& run) {
  CLI::App* const experiment = app.add_subcommand(
      "experiment",
      "Shows experiments as they go, what stands for their versions, and which version\n"
      "serves each agent; stops an experiment.");
  experiment->require_subcommand(1);
  AddWatchExperimentCommand(*experiment, run);
  AddShowExperimentCommand(*experiment, run);
  AddListExperimentsCommand(*experiment, run);
  AddDecisionsCommand(*experiment, run);
  AddAgentsCommand(*experiment, run);
  AddStopExperimentCommand(*experiment, run);
}

}  // namespace flywheel::cli
