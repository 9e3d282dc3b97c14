// The commands that show an experiment, its decisions, all experiments and all agents.
#include <memory>
#include <string>
#include <utility>

#include "cli/experiment/experiment_client.h"
#include "cli/experiment/experiment_commands.h"
#include "cli/experiment/experiment_tables.h"
#include "cli/experiment/show_text.h"
#include "cli/labels.h"
#include "cli/message_json.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

namespace experiment_v1 = experiment::v1;
using ExperimentStub = ExperimentClient::Stub;

constexpr int kMostOfAList = 100'000;
constexpr char kJsonLines[] = "a JSON object a line, with all fields that are set";

template <typename Request>
struct ListFlags {
  ExperimentFlags common;
  Request request;
  std::vector<std::string> labels = {};
  std::string state = {};
  int limit = 50;
};

// Reads a list and prints it; returns the exit code. `nothing` is what an empty one says.
template <typename Request, typename Response, typename Thing>
int RunList(const ListFlags<Request>& flags,
            grpc::Status (ExperimentStub::*method)(grpc::ClientContext*, const Request&, Response*),
            const google::protobuf::RepeatedPtrField<Thing>& (Response::*things)() const,
            const char* nothing) {
  const std::string& address = flags.common.target.address;
  const auto client = ExperimentClient::Open(flags.common.target, flags.common.project);
  if (!client.ok()) return Fail(client.status(), address);
  const auto listed = client->List(method, things, flags.request, flags.limit);
  if (!listed.ok()) return Fail(listed.status(), address);
  std::string text;
  if (flags.common.json) {
    const absl::StatusOr<std::string> lines = JsonLines(listed->things);
    if (!lines.ok()) return Fail(lines.status());
    text = *lines;
  } else if (listed->things.empty()) {
    text = nothing;
  } else {
    text = TableText(listed->things);
    if (listed->more) text += "and others: --limit shows more\n";
  }
  const absl::Status output = WriteOutput(text);
  return output.ok() ? kExitOk : Fail(output);
}

template <typename Request>
void AddListFlags(CLI::App& command, ListFlags<Request>& flags) {
  command.add_option("--limit", flags.limit, "how many at most")
      ->type_name("N")
      ->check(CLI::Range(1, kMostOfAList).description(""))
      ->capture_default_str();
  AddExperimentFlags(command, kJsonLines, flags.common);
}

struct ShowFlags {
  ExperimentFlags common;
  std::string experiment_id;
};

absl::StatusOr<std::string> Show(const ShowFlags& flags) {
  ASSIGN_OR_RETURN(const ExperimentClient client,
                   ExperimentClient::Open(flags.common.target, flags.common.project));
  experiment_v1::AnalyzeRequest analyze;
  analyze.set_experiment_id(flags.experiment_id);
  ASSIGN_OR_RETURN(const experiment_v1::AnalyzeResponse analysed,
                   client.Call(&ExperimentStub::Analyze, analyze));
  if (flags.common.json) {
    ASSIGN_OR_RETURN(const std::string json, MessageJson(analysed.analysis(), "an analysis"));
    return json + '\n';
  }
  experiment_v1::GetExperimentRequest get;
  get.set_experiment_id(flags.experiment_id);
  ASSIGN_OR_RETURN(const experiment_v1::GetExperimentResponse found,
                   client.Call(&ExperimentStub::GetExperiment, get));
  return ShowText(found.experiment(), analysed.analysis());
}

int RunShow(const ShowFlags& flags) {
  const absl::StatusOr<std::string> text = Show(flags);
  if (!text.ok()) return Fail(text.status(), flags.common.target.address);
  const absl::Status output = WriteOutput(*text);
  return output.ok() ? kExitOk : Fail(output);
}

experiment_v1::ExperimentState ExperimentStateOf(const std::string& word) {
  if (word == "running") return experiment_v1::EXPERIMENT_STATE_RUNNING;
  if (word == "stopped") return experiment_v1::EXPERIMENT_STATE_STOPPED;
  return experiment_v1::EXPERIMENT_STATE_UNSPECIFIED;
}

}  // namespace

void AddShowExperimentCommand(CLI::App& experiment, Run& run) {
  CLI::App* const command = experiment.add_subcommand(
      "show",
      "Shows the analysis of an experiment at this moment: its arms' figures, each treatment\n"
      "against the control, what stands, and why. 'experiment watch' goes on.");
  command->footer(std::string("Example: flywheel experiment show router-v2\n") + kExitCodesHelp);
  const auto flags = std::make_shared<ShowFlags>();
  AddExperimentName(*command, flags->experiment_id);
  AddExperimentFlags(*command, "print the Analysis as JSON", flags->common);
  command->callback([flags, &run] { run = [flags] { return RunShow(*flags); }; });
}

void AddListExperimentsCommand(CLI::App& experiment, Run& run) {
  CLI::App* const command =
      experiment.add_subcommand("list", "Lists the experiments that were made, the newest first.");
  command->footer(
      std::string("Example: flywheel experiment list --agent router --state running\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<ListFlags<experiment_v1::ListExperimentsRequest>>();
  command->add_option("--agent", *flags->request.mutable_agent(), "only those of this agent");
  command->add_option("--state", flags->state, "only those in this state")
      ->check(OneOf({"running", "stopped"}));
  command->add_option("--model-version", *flags->request.mutable_model_version(),
                      "only those of which an arm serves this version");
  AddLabelFlag(*command, flags->labels, "only those with this label, NAME=VALUE; may be repeated");
  AddListFlags(*command, *flags);
  command->callback([flags, &run] {
    flags->request.set_state(ExperimentStateOf(flags->state));
    TakeLabels(flags->labels, *flags->request.mutable_labels());
    run = [flags] {
      return RunList(*flags, &ExperimentStub::ListExperiments,
                     &experiment_v1::ListExperimentsResponse::experiments, "nothing matches\n");
    };
  });
}

void AddDecisionsCommand(CLI::App& experiment, Run& run) {
  CLI::App* const command = experiment.add_subcommand(
      "decisions",
      "Lists every change of what stands for a treatment of an experiment, the oldest first: "
      "when,\n"
      "to what, why, and after how many exposed units. With --json, also the tallies that prove\n"
      "each, and the hash of its analysis.");
  command->footer(std::string("Example: flywheel experiment decisions router-v2\n") +
                  kExitCodesHelp);
  const auto flags = std::make_shared<ListFlags<experiment_v1::ListDecisionsRequest>>();
  AddExperimentName(*command, *flags->request.mutable_experiment_id());
  AddListFlags(*command, *flags);
  command->callback([flags, &run] {
    run = [flags] {
      return RunList(*flags, &ExperimentStub::ListDecisions,
                     &experiment_v1::ListDecisionsResponse::decisions,
                     "nothing was decided yet: CONTINUE stands\n");
    };
  });
}

void AddAgentsCommand(CLI::App& experiment, Run& run) {
  CLI::App* const command = experiment.add_subcommand(
      "agents",
      "Lists the agents by name: which version serves each, since when and by whose word or which\n"
      "experiment, and the experiment that takes its traffic, with its ramp and what stands.");
  command->footer(std::string("Example: flywheel experiment agents\n") + kExitCodesHelp);
  const auto flags = std::make_shared<ListFlags<experiment_v1::ListAgentsRequest>>();
  AddListFlags(*command, *flags);
  command->callback([flags, &run] {
    run = [flags] {
      return RunList(*flags, &ExperimentStub::ListAgents,
                     &experiment_v1::ListAgentsResponse::agents,
                     "no agent has an active version\n");
    };
  });
}

}  // namespace flywheel::cli
