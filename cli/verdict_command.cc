#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/gate_run/gate_client.h"
#include "cli/gate_run/gate_report.h"
#include "cli/gate_run/report_words.h"
#include "cli/message_json.h"
#include "cli/table.h"
#include "cli/value_name.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
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
  ASSIGN_OR_RETURN(const GateClient client, GateClient::Open(flags.target, flags.project));
  return client.Call(&GateClient::Gate::GetShipDecision, flags.request);
}

void PrintSuites(const GateReport& report) {
  Table table({{"SUITE"}, {"DECISION"}, {"REASON"}, {"VERDICT"}, {"LOOK", true}, {"MESSAGE"}});
  for (const SuiteReport& one : report.suites) {
    const evalgate_v1::SuiteStanding& standing = *one.standing;
    table.AddRow(
        {one.suite_name, DecisionWord(standing.decision()),
         ValueName(evalgate_v1::StandingReason_Name(standing.reason()), "STANDING_REASON_"),
         standing.has_verdict() ? standing.verdict().verdict_id() : "-",
         standing.has_verdict() ? fmt::format("{}", standing.verdict().look()) : "-", one.message});
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
  const GateReport report = ReportOf(flags.request, *response);
  if (flags.json) {
    const absl::Status status = PrintJson(*response);
    return status.ok() ? report.exit_code : Fail(status);
  }
  fmt::print("{}: {}\n", Printable(report.model_version), Printable(HeadlineText(report)));
  PrintSuites(report);
  for (const evalgate_v1::SuiteStanding& one : response->suites()) {
    // The gate sends the findings of the verdict that decides alone.
    if (one.verdict().findings_size() > 0) PrintFindings(one.verdict());
  }
  const std::string next = NextStepText(report);
  if (!next.empty()) fmt::print("\nNext: {}\n", Printable(next));
  return report.exit_code;
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
