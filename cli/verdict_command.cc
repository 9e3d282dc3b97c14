#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "cli/command.h"
#include "cli/command_words.h"
#include "cli/message_json.h"
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
  evalgate_v1::GetShipDecisionRequest request;
  rpc::Target target;
  std::string project;
  bool json = false;
};

absl::StatusOr<evalgate_v1::GetShipDecisionResponse> Ask(const VerdictFlags& flags) {
  ASSIGN_OR_RETURN(const rpc::Channel channel, rpc::Channel::Open(flags.target));
  const auto stub = evalgate_v1::EvalGateService::NewStub(channel.get());
  evalgate_v1::GetShipDecisionResponse response;
  RETURN_IF_ERROR(rpc::CallWithRetry(
      channel, {.total_timeout = absl::Seconds(5)},
      [&](grpc::ClientContext& context) {
        return stub->GetShipDecision(&context, flags.request, &response);
      },
      flags.project));
  return response;
}

// "PASS", "BLOCK", "INCONCLUSIVE", "NOT JUDGED" or "NOT CONFIGURED".
std::string Name(evalgate_v1::Decision decision) {
  if (decision == evalgate_v1::DECISION_UNSPECIFIED) return "NOT JUDGED";
  std::string name = ValueName(evalgate_v1::Decision_Name(decision), "DECISION_");
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

// What answered: the policy, and what it compares with.
std::string AskedText(const evalgate_v1::GetShipDecisionResponse& response) {
  const std::string& baseline = response.baseline_model_version();
  const std::string& reference = response.reference_model_version();
  std::string text = fmt::format("policy {}, {}", response.policy_version(),
                                 baseline.empty() ? "no baseline" : "baseline " + baseline);
  if (!reference.empty() && reference != baseline) text += ", reference " + reference;
  return Printable(text);
}

// The first line.
std::string AnswerText(const std::string& version,
                       const evalgate_v1::GetShipDecisionResponse& response) {
  std::string text = Printable(version) + ": ";
  if (response.decision() == evalgate_v1::DECISION_PASS) {
    text += "PASS, may ship";
  } else if (response.may_ship()) {
    text += "WAIVED, may ship though found was " + Name(response.decision());
  } else {
    text += Name(response.decision()) + ", may not ship";
  }
  if (response.policy_version() > 0) text += "  (" + AskedText(response) + ")";
  return text + ": " + Printable(InCommandWords(response.message()));
}

void PrintSuites(const evalgate_v1::GetShipDecisionResponse& response) {
  Table table({{"SUITE"}, {"DECISION"}, {"REASON"}, {"VERDICT"}, {"LOOK", true}, {"MESSAGE"}});
  for (const evalgate_v1::SuiteStanding& one : response.suites()) {
    table.AddRow({one.suite_name(), Name(one.decision()),
                  ValueName(evalgate_v1::StandingReason_Name(one.reason()), "STANDING_REASON_"),
                  one.has_verdict() ? one.verdict().verdict_id() : "-",
                  one.has_verdict() ? fmt::format("{}", one.verdict().look()) : "-",
                  InCommandWords(one.message())});
  }
  if (!table.empty()) fmt::print("\n{}", table.Format());
}

// Such as "all of 1 to 3 attempts pass: 0.900 0.850 0.820; any of them: 0.900 0.930 0.940".
void PrintAttempts(const evalgate_v1::Verdict& verdict) {
  if (verdict.attempts_per_case() < 2) return;
  const auto text = [](const google::protobuf::RepeatedField<double>& rates) {
    std::string joined;
    for (const double rate : rates) joined += fmt::format(" {:.3f}", rate);
    return joined;
  };
  fmt::print("all of 1 to {} attempts pass:{}; any of them:{}\n", verdict.attempts_per_case(),
             text(verdict.pass_all_of()), text(verdict.pass_any_of()));
}

void PrintFindings(const evalgate_v1::Verdict& verdict) {
  Table table({{"FINDING"},
               {"COHORT"},
               {"AGAINST"},
               {"CASES", true},
               {"PASSED", true},
               {"ESTIMATE", true},
               {"LOWER", true},
               {"UPPER", true},
               {"BAR", true},
               {"MESSAGE"}});
  for (const evalgate_v1::Finding& finding : verdict.findings()) {
    const std::string& against = finding.baseline_model_version();
    table.AddRow({ValueName(evalgate_v1::FindingKind_Name(finding.kind()), "FINDING_KIND_"),
                  finding.cohort().empty() ? "all" : finding.cohort(),
                  against.empty() ? "-" : against, WithThousands(finding.cases()),
                  WithThousands(finding.passed()), fmt::format("{:.4f}", finding.estimate()),
                  fmt::format("{:.4f}", finding.lower()), fmt::format("{:.4f}", finding.upper()),
                  fmt::format("{:.4f}", finding.bar()), finding.message()});
  }
  if (table.empty()) return;
  fmt::print("\nverdict {} (suite {}, version {}){}\n{}", Printable(verdict.verdict_id()),
             Printable(verdict.suite_name()), verdict.suite_version(),
             verdict.created_by().empty() ? "" : " by " + Printable(verdict.created_by()),
             table.Format());
  PrintAttempts(verdict);
}

// The next step, where the message of the gate has no command for it.
void PrintNextStep(const VerdictFlags& flags,
                   const evalgate_v1::GetShipDecisionResponse& response) {
  const std::string agent = Printable(flags.request.agent());
  if (response.decision() == evalgate_v1::DECISION_NOT_CONFIGURED) {
    fmt::print(
        "\nNext: an owner says which suites count: flywheel gate set-policy {} --suite NAME "
        "--reason TEXT\n",
        agent);
  } else if (response.decision() == evalgate_v1::DECISION_UNSPECIFIED) {
    fmt::print(
        "\nNext: flywheel gate run --agent {} --suite NAME --candidate {} --command COMMAND, on "
        "each "
        "suite that is\nNOT JUDGED, after the same with --no-judge for what it is compared with.\n",
        agent, Printable(flags.request.model_version()));
  }
}

int ExitCodeOf(const evalgate_v1::GetShipDecisionResponse& response) {
  if (response.may_ship()) return kExitOk;
  switch (response.decision()) {
    case evalgate_v1::DECISION_INCONCLUSIVE:
      return kExitInconclusive;
    case evalgate_v1::DECISION_UNSPECIFIED:
    case evalgate_v1::DECISION_NOT_CONFIGURED:
      return kExitNotJudged;
    default:
      // What a newer gate says is no yes.
      return kExitBlocked;
  }
}

absl::Status PrintJson(const evalgate_v1::GetShipDecisionResponse& response) {
  google::protobuf::util::JsonPrintOptions options;
  // That it may not ship is a field that is false, which JSON would leave out.
  options.always_print_primitive_fields = true;
  ASSIGN_OR_RETURN(const std::string line, MessageJson(response, "an answer", options));
  RETURN_IF_ERROR(WriteOutput(line + '\n'));
  return FlushOutput();
}

int RunVerdict(const VerdictFlags& flags) {
  const auto response = Ask(flags);
  if (!response.ok()) return Fail(response.status(), flags.target.address);
  if (flags.json) {
    const absl::Status status = PrintJson(*response);
    return status.ok() ? ExitCodeOf(*response) : Fail(status);
  }
  fmt::print("{}\n", AnswerText(flags.request.model_version(), *response));
  PrintSuites(*response);
  for (const evalgate_v1::SuiteStanding& one : response->suites()) {
    // The gate sends the findings of the verdict that decides alone.
    if (one.verdict().findings_size() > 0) PrintFindings(one.verdict());
  }
  if (!response->may_ship()) PrintNextStep(flags, *response);
  return ExitCodeOf(*response);
}

}  // namespace

void AddVerdictCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "verdict",
      "Asks the evaluation gate whether a model version may ship, and shows why. The agent's\n"
      "release policy answers: every suite that it names must PASS, with its bar, against the\n"
      "version that serves and the best that was approved; a BLOCK stands until somebody waives\n"
      "it by name. The answer is offline: what an experiment found later is not asked. For\n"
      "pipelines: only exit code 0 is a yes.");
  command->footer(
      std::string("Example: flywheel verdict router-v2 --agent router --baseline router-v1\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<VerdictFlags>();
  command->add_option("VERSION", *flags->request.mutable_model_version(), "the model version")
      ->required();
  command->add_option("--agent", *flags->request.mutable_agent(), "the agent that it would serve")
      ->required();
  CLI::Option* const baseline = command->add_option(
      "--baseline", *flags->request.mutable_baseline_model_version(),
      "the version that it would replace, where you know: where the gate compares with another\n"
      "one, the answer is no yes");
  command->add_flag("--json", flags->json, "print the answer (GetShipDecisionResponse) as JSON");
  AddAddressFlags(*command, {{Service::kEvalGate, &flags->target.address}});
  AddCredentialFlags(*command, flags->target);
  AddProjectFlag(*command, flags->project);
  command->callback([flags, baseline, &run] {
    // Of a variable of a pipeline that is not set.
    if (baseline->count() > 0 && flags->request.baseline_model_version().empty()) {
      throw CLI::ValidationError("--baseline", "got nothing, want a version");
    }
    run = [flags] { return RunVerdict(*flags); };
  });
}

}  // namespace flywheel::cli
