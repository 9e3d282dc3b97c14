#include "cli/register_command.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/labels.h"
#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "shared/rpc/retry.h"
#include "shared/status/status_macros.h"
#include "shared/text/printable.h"

namespace flywheel::cli {
namespace {

namespace curation_v1 = curation::v1;

struct RegisterFlags {
  curation_v1::RegisterVersionRequest request;
  std::vector<std::string> labels;
  rpc::Target target;
  std::string project;
};

absl::StatusOr<curation_v1::RegisterVersionResponse> Register(const RegisterFlags& flags) {
  ASSIGN_OR_RETURN(const rpc::Channel channel, rpc::Channel::Open(flags.target));
  const auto stub = curation_v1::CurationService::NewStub(channel.get());
  curation_v1::RegisterVersionResponse response;
  RETURN_IF_ERROR(rpc::CallWithRetry(
      channel, {.total_timeout = absl::Seconds(10)},
      [&](grpc::ClientContext& context) {
        return stub->RegisterVersion(&context, flags.request, &response);
      },
      flags.project));
  return response;
}

int RunRegister(const RegisterFlags& flags) {
  const absl::StatusOr<curation_v1::RegisterVersionResponse> response = Register(flags);
  if (!response.ok()) return Fail(response.status(), flags.target.address);
  std::printf("%s of agent '%s': %s\n",
              Printable(response->model_version().model_version()).c_str(),
              Printable(response->model_version().agent()).c_str(),
              response->replayed() ? "was registered before, with the same content" : "registered");
  return kExitOk;
}

}  // namespace

void AddRegisterCommand(CLI::App& versions, Run& run) {
  CLI::App* const command = versions.add_subcommand(
      "register",
      "Registers a version of an agent: whatever answers differently, such as another prompt or\n"
      "another retrieval over the same weights. Interactions, verdicts and experiments say its\n"
      "name, and lineage leads from it to what it was made from. What a training run makes is\n"
      "registered by the trainer's report. A version never changes: the same words again are a\n"
      "replay, others need another name. It takes a key of role operator.");
  command->footer(
      std::string(
          "Example: flywheel versions register router-v3 --agent router --base router-v2 \\\n"
          "           --prompt p12 --description 'asks for the order first' --label "
          "git_sha=0a1b2c3\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<RegisterFlags>();
  curation_v1::RegisterVersionRequest& request = flags->request;
  const auto add = [&](const char* name, std::string* value, const char* meaning) {
    return command->add_option(name, *value, meaning);
  };
  add("VERSION", request.mutable_model_version(), "the name, new among the agent's")->required();
  add("--agent", request.mutable_agent(), "whose version it is")->required();
  add("--base", request.mutable_base_model_version(),
      "the version of the agent that it was made from; must be registered");
  add("--prompt", request.mutable_prompt_version(), "the version of its prompt");
  add("--retrieval", request.mutable_retrieval_version(),
      "the version of its index, retriever or documents");
  add("--artifact", request.mutable_artifact_uri(), "where its model is");
  add("--training-run", request.mutable_training_run_id(),
      "the run that it comes of, where its name is to be known before the trainer reports");
  add("--description", request.mutable_description(), "what it is and why, for people");
  AddLabelFlag(*command, flags->labels, "a word of yours, NAME=VALUE; may be repeated");
  AddAddressFlags(*command, {{Service::kCuration, &flags->target.address}});
  AddCredentialFlags(*command, flags->target);
  AddProjectFlag(*command, flags->project);
  command->callback([flags, &run] {
    TakeLabels(flags->labels, *flags->request.mutable_labels());
    run = [flags] { return RunRegister(*flags); };
  });
}

}  // namespace flywheel::cli
