// `flywheel gate check`: may a version ship, and which cases say so?
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/gate_run/gate_client.h"
#include "cli/gate_run/gate_report.h"
#include "cli/gate_run/report_output.h"
#include "cli/gate_run/run_commands.h"

namespace flywheel::cli {
namespace {

struct CheckFlags {
  evalgate::v1::GetShipDecisionRequest request;
  ReportFlags report;
  rpc::Target target;
  std::string project;
};

int RunCheck(const CheckFlags& flags) {
  const auto client = GateClient::Open(flags.target, flags.project);
  if (!client.ok()) return Fail(client.status(), flags.target.address);
  const auto report = ReportOf(*client, flags.request, flags.report.ideal);
  if (!report.ok()) return Fail(report.status(), flags.target.address);
  const absl::Status written = WriteReport(*report, flags.report);
  return written.ok() ? report->exit_code : Fail(written);
}

}  // namespace

void AddGateCheckCommand(CLI::App& gate, Run& run) {
  CLI::App* const command = gate.add_subcommand(
      "check",
      "Asks whether a version may ship by its agent's release policy, and shows where it stands\n"
      "with each suite, its cohorts, and the cases that regressed and improved. For the last step\n"
      "of a pipeline: only exit code 0 is a yes. It runs nothing and judges nothing.");
  command->footer(std::string("Example: flywheel gate check v2 --agent router --markdown "
                              "\"$GITHUB_STEP_SUMMARY\"\n") +
                  kExitCodesHelp);
  const auto flags = std::make_shared<CheckFlags>();
  command->add_option("VERSION", *flags->request.mutable_model_version(), "the model version")
      ->required();
  command->add_option("--agent", *flags->request.mutable_agent(), "the agent that it would serve")
      ->required();
  CLI::Option* const baseline = command->add_option(
      "--baseline", *flags->request.mutable_baseline_model_version(),
      "the version that it would replace, where you know: where the gate compares with another\n"
      "one, the answer is no yes");
  AddReportFlags(*command, flags->report);
  AddAddressFlags(*command, {{Service::kEvalGate, &flags->target.address}});
  AddCredentialFlags(*command, flags->target);
  AddProjectFlag(*command, flags->project);
  command->callback([flags, baseline, &run] {
    // Of a variable of a pipeline that is not set.
    if (baseline->count() > 0 && flags->request.baseline_model_version().empty()) {
      throw CLI::ValidationError("--baseline", "got nothing, want a version");
    }
    run = [flags] { return RunCheck(*flags); };
  });
}

}  // namespace flywheel::cli
