#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/evaluator_flag.h"
#include "cli/gate_run/gate_client.h"
#include "cli/labels.h"
#include "cli/message_json.h"
#include "cli/suite_commands.h"
#include "cli/table.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "shared/ids/id.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

// A hundred thousand rows come from curation in seconds.
constexpr absl::Duration kCreateTimeout = absl::Minutes(2);

struct SuiteFromDatasetFlags {
  evalgate::v1::CreateSuiteRequest request;
  std::vector<std::string> evaluators, labels;
  rpc::Target target;
  std::string project;
  bool json = false;
};

absl::StatusOr<evalgate::v1::CreateSuiteResponse> CreateFromDataset(
    const SuiteFromDatasetFlags& flags) {
  evalgate::v1::CreateSuiteRequest request = flags.request;
  for (const std::string& text : flags.evaluators) {
    ASSIGN_OR_RETURN(*request.add_evaluators(), EvaluatorOf(text));
  }
  ASSIGN_OR_RETURN(const GateClient client, GateClient::Open(flags.target, flags.project));
  return client.Call(&GateClient::Gate::CreateSuite, request, kCreateTimeout);
}

int RunSuiteFromDataset(const SuiteFromDatasetFlags& flags) {
  const auto made = CreateFromDataset(flags);
  if (!made.ok()) return Fail(made.status(), flags.target.address);
  if (flags.json) {
    const absl::StatusOr<std::string> answer = MessageJson(*made, "an answer");
    if (!answer.ok()) return Fail(answer.status());
    const absl::Status output = WriteOutput(*answer + "\n");
    return output.ok() ? kExitOk : Fail(output);
  }
  const evalgate::v1::Suite& suite = made->suite();
  fmt::print("suite {}{}: version {} of '{}' for agent '{}'; {} cases of dataset version {}\n",
             suite.suite_id(), made->replayed() ? " was there already" : "", suite.suite_version(),
             suite.suite_name(), suite.agent(), WithThousands(suite.cases()),
             suite.dataset_version_id());
  return kExitOk;
}

// What the flags do not say, and whether what they say can be.
void CompleteRequest(SuiteFromDatasetFlags& flags) {
  evalgate::v1::CreateSuiteRequest& request = flags.request;
  TakeLabels(flags.labels, *request.mutable_labels());
  if (!IsValidId(request.suite_name())) {
    throw CLI::ValidationError("--name",
                               fmt::format("got '{}', want {}", request.suite_name(), kIdFormat));
  }
  if (!request.suite_id().empty()) return;
  const std::string id = fmt::format("{}-{}", request.suite_name(), request.dataset_version_id());
  if (!IsValidId(id)) {
    throw CLI::ValidationError("--id", "want one, because name and dataset version make none");
  }
  request.set_suite_id(id);
}

}  // namespace

void AddSuiteFromDatasetCommand(CLI::App& suite, Run& run) {
  CLI::App* const command = suite.add_subcommand(
      "from-dataset",
      "Makes a suite of the eval side of a dataset version: questions of users whose right answer\n"
      "people said, and on which no model of the project is trained.");
  command->footer(
      std::string("Example: flywheel gate suite from-dataset week-48 --name held-out\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<SuiteFromDatasetFlags>();
  evalgate::v1::CreateSuiteRequest& request = flags->request;
  command->add_option("DATASET_VERSION", *request.mutable_dataset_version_id(), "whose eval side")
      ->required();
  command
      ->add_option("--name", *request.mutable_suite_name(),
                   "the suite's name: the next suite of that name is its next version")
      ->required();
  command->add_option("--id", *request.mutable_suite_id(),
                      "the suite's id; default: NAME-DATASET_VERSION");
  command
      ->add_option("--evaluator", flags->evaluators,
                   "how outputs are judged: a kind, or JSON such as\n"
                   "'{\"kind\": \"rouge_l\", \"threshold\": 0.6}'; may be repeated; default: "
                   "normalised")
      ->allow_extra_args(false);
  AddLabelFlag(*command, flags->labels, "a label of the suite, NAME=VALUE; may be repeated");
  command->add_flag("--json", flags->json, "print the CreateSuiteResponse as JSON");
  AddAddressFlags(*command, {{Service::kEvalGate, &flags->target.address}});
  AddCredentialFlags(*command, flags->target);
  AddProjectFlag(*command, flags->project);
  command->callback([flags, &run] {
    CompleteRequest(*flags);
    run = [flags] { return RunSuiteFromDataset(*flags); };
  });
}

}  // namespace flywheel::cli
