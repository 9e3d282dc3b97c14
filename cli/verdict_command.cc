#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "cli/command.h"
#include "cli/table.h"
#include "cli/value_name.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "shared/rpc/retry.h"
#include "shared/status/status_macros.h"
#include "shared/text/printable.h"

namespace flywheel::cli {
namespace {

namespace evalgate_v1 = evalgate::v1;

struct VerdictFlags {
  std::string version;
  std::string agent;
  // Empty with --no-baseline.
  std::string baseline;
  bool no_baseline = false;
  rpc::Target target;
  std::string project;
};

absl::StatusOr<evalgate_v1::GetShipDecisionResponse> Ask(const VerdictFlags& flags) {
  ASSIGN_OR_RETURN(const rpc::Channel channel, rpc::Channel::Open(flags.target));
  const auto stub = evalgate_v1::EvalGateService::NewStub(channel.get());
  evalgate_v1::GetShipDecisionRequest request;
  request.set_model_version(flags.version);
  request.set_agent(flags.agent);
  if (flags.no_baseline) {
    request.set_no_baseline(true);
  } else {
    request.set_baseline_model_version(flags.baseline);
  }
  evalgate_v1::GetShipDecisionResponse response;
  RETURN_IF_ERROR(rpc::CallWithRetry(
      channel, {.total_timeout = absl::Seconds(5)},
      [&](grpc::ClientContext& context) {
        return stub->GetShipDecision(&context, request, &response);
      },
      flags.project));
  return response;
}

// Without the prefix that its enum needs, such as "COHORT_AT_FLOOR".
std::string KindName(evalgate_v1::FindingKind kind) {
  return ValueName(evalgate_v1::FindingKind_Name(kind), "FINDING_KIND_");
}

// "PASS", "BLOCK" or "INCONCLUSIVE".
std::string Name(evalgate_v1::Decision decision) {
  return ValueName(evalgate_v1::Decision_Name(decision), "DECISION_");
}

void PrintFindings(const evalgate_v1::Verdict& verdict) {
  Table table({{"FINDING"},
               {"COHORT"},
               {"CASES", true},
               {"PASSED", true},
               {"ESTIMATE", true},
               {"LOWER", true},
               {"UPPER", true},
               {"BAR", true},
               {"MESSAGE"}});
  for (const evalgate_v1::Finding& finding : verdict.findings()) {
    table.AddRow({KindName(finding.kind()), finding.cohort().empty() ? "all" : finding.cohort(),
                  WithThousands(finding.cases()), WithThousands(finding.passed()),
                  fmt::format("{:.4f}", finding.estimate()), fmt::format("{:.4f}", finding.lower()),
                  fmt::format("{:.4f}", finding.upper()), fmt::format("{:.4f}", finding.bar()),
                  finding.message()});
  }
  if (!table.empty()) std::printf("\n%s", table.Format().c_str());
}

int ExitCodeOf(evalgate_v1::Decision decision) {
  switch (decision) {
    case evalgate_v1::DECISION_PASS:
      return kExitOk;
    case evalgate_v1::DECISION_INCONCLUSIVE:
      return kExitInconclusive;
    case evalgate_v1::DECISION_UNSPECIFIED:
      return kExitNotJudged;
    default:
      // What a newer gate says is no yes.
      return kExitBlocked;
  }
}

int RunVerdict(const VerdictFlags& flags) {
  const auto response = Ask(flags);
  if (!response.ok()) return Fail(response.status(), flags.target.address);
  const evalgate_v1::Verdict& verdict = response->verdict();
  if (!response->has_verdict()) {
    std::printf("%s: NOT JUDGED for agent '%s', so it may not ship. Judge it with JudgeVersion.\n",
                Printable(flags.version).c_str(), Printable(flags.agent).c_str());
    return kExitNotJudged;
  }
  const std::string baseline = verdict.baseline_model_version().empty()
                                   ? std::string("no baseline")
                                   : "baseline " + Printable(verdict.baseline_model_version());
  const std::string by =
      verdict.created_by().empty() ? "" : ", by " + Printable(verdict.created_by());
  std::printf("%s: %s  (verdict %s, suite %s, %s%s)\n", Printable(flags.version).c_str(),
              Name(response->decision()).c_str(), Printable(verdict.verdict_id()).c_str(),
              Printable(verdict.suite_id()).c_str(), baseline.c_str(), by.c_str());
  PrintFindings(verdict);
  if (response->decision() != verdict.decision()) {
    std::printf("\nThat verdict is %s, but against another version than %s: judge again.\n",
                Name(verdict.decision()).c_str(), Printable(flags.baseline).c_str());
  }
  return ExitCodeOf(response->decision());
}

}  // namespace

void AddVerdictCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "verdict",
      "Asks the evaluation gate whether it passes a model version, and shows why. The answer is\n"
      "offline: what an experiment found later is not asked. For pipelines: only exit code 0 is a\n"
      "yes. Say what the version would replace: --baseline, or --no-baseline where nothing serves\n"
      "yet. Every verdict on the version and agent counts, the strictest decides.");
  command->footer(
      std::string("Example: flywheel verdict router-v2 --agent router --baseline router-v1\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<VerdictFlags>();
  command->add_option("VERSION", flags->version, "the model version")->required();
  command->add_option("--agent", flags->agent, "the agent that it would serve")->required();
  CLI::Option* const baseline =
      command->add_option("--baseline", flags->baseline,
                          "the version that serves now: a PASS against another one is no yes");
  command->add_flag("--no-baseline", flags->no_baseline, "nothing serves yet: floors are enough")
      ->excludes(baseline);
  AddAddressFlags(*command, {{Service::kEvalGate, &flags->target.address}});
  AddCredentialFlags(*command, flags->target);
  AddProjectFlag(*command, flags->project);
  command->callback([flags, &run] {
    if (flags->baseline.empty() && !flags->no_baseline) {
      throw CLI::RequiredError("--baseline VERSION, or --no-baseline where nothing serves yet,");
    }
    run = [flags] { return RunVerdict(*flags); };
  });
}

}  // namespace flywheel::cli
