// The commands around the evaluation gate: which cases a version failed, and what its owner says.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/gate_lists.h"
#include "cli/gate_run/case_text.h"
#include "cli/gate_run/gate_client.h"
#include "cli/gate_run/run_commands.h"
#include "cli/gate_run/run_lookup.h"
#include "cli/gate_run/suite_lookup.h"
#include "cli/labels.h"
#include "cli/message_json.h"
#include "cli/policy_commands.h"
#include "cli/release_log_commands.h"
#include "cli/stored_verdict_commands.h"
#include "cli/suite_commands.h"
#include "cli/table.h"
#include "cli/value_name.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

namespace evalgate_v1 = evalgate::v1;

constexpr absl::Duration kCasesTimeout = absl::Seconds(30);
constexpr int kMostCases = 100'000;
constexpr int kMostCasesPerPage = 1'000;

struct CasesFlags {
  rpc::Target target;
  std::string project;
  std::string suite, agent;
  evalgate_v1::ListCaseResultsRequest request;
  // As the flag says it; empty: all.
  std::string only;
  std::vector<std::string> labels;
  int limit = 50;
  bool json = false;
};

struct Cases {
  std::vector<evalgate_v1::CaseResult> results;
  // There are others that the limit left out.
  bool more = false;
};

absl::StatusOr<Cases> ReadCases(const CasesFlags& flags) {
  ASSIGN_OR_RETURN(const GateClient client, GateClient::Open(flags.target, flags.project));
  ASSIGN_OR_RETURN(const evalgate_v1::Suite suite, FindSuite(client, flags.suite, flags.agent));
  evalgate_v1::ListCaseResultsRequest request = flags.request;
  request.set_suite_id(suite.suite_id());
  Cases cases;
  do {
    const int missing = flags.limit - static_cast<int>(cases.results.size());
    request.set_page_size(std::min(missing, kMostCasesPerPage));
    auto listed = client.Call(&GateClient::Gate::ListCaseResults, request, kCasesTimeout);
    if (errors::ReasonOf(listed.status()) == Reason::kNotFound) {
      for (const std::string* const version :
           {&request.model_version(), &request.baseline_model_version()}) {
        if (!version->empty()) RETURN_IF_ERROR(CheckHasRun(client, suite, *version));
      }
    }
    ASSIGN_OR_RETURN(evalgate_v1::ListCaseResultsResponse response, std::move(listed));
    for (evalgate_v1::CaseResult& result : *response.mutable_results()) {
      cases.results.push_back(std::move(result));
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty() && static_cast<int>(cases.results.size()) < flags.limit);
  cases.more = !request.page_token().empty();
  return cases;
}

// Such as "FAILED"; "-" where there is none.
std::string OutcomeText(evalgate_v1::CaseOutcome outcome) {
  if (outcome == evalgate_v1::CASE_OUTCOME_UNSPECIFIED) return "-";
  return ValueName(evalgate_v1::CaseOutcome_Name(outcome), "CASE_OUTCOME_");
}

// Such as "FAILED", or "FAILED 2/3" where two of three attempts passed.
std::string ResultText(evalgate_v1::CaseOutcome outcome, const Attempts& all) {
  if (all.size() < 2) return OutcomeText(outcome);
  const auto passed =
      std::count_if(all.begin(), all.end(), [](const evalgate_v1::AttemptResult& one) {
        return one.outcome() == evalgate_v1::CASE_OUTCOME_PASSED;
      });
  return fmt::format("{} {}/{}", OutcomeText(outcome), passed, all.size());
}

void PrintCases(const CasesFlags& flags, const Cases& cases) {
  const bool compared = !flags.request.baseline_model_version().empty();
  std::vector<Column> columns = {{"CASE"}, {"COHORT"}, {"RESULT"}, {"INPUT"}, {"OUTPUT"}, {"WHY"}};
  if (compared) columns.insert(columns.end(), {{"BASELINE"}, {"BASELINE OUTPUT"}});
  if (flags.request.include_ideal()) columns.push_back({"IDEAL"});
  Table table(columns);
  for (const evalgate_v1::CaseResult& one : cases.results) {
    const evalgate_v1::AttemptResult* const shown = ShownAttempt(one.attempts());
    const bool passed = one.outcome() == evalgate_v1::CASE_OUTCOME_PASSED;
    std::vector<std::string> row = {one.case_id(),
                                    one.cohort().empty() ? "-" : one.cohort(),
                                    ResultText(one.outcome(), one.attempts()),
                                    ShownText(one.input()),
                                    ShownText(AnswerText(shown)),
                                    passed ? "-" : ShownText(ReasonText(shown), kShownOfAReason)};
    if (compared) {
      row.push_back(ResultText(one.baseline_outcome(), one.baseline_attempts()));
      row.push_back(ShownText(AnswerText(ShownAttempt(one.baseline_attempts()))));
    }
    if (flags.request.include_ideal()) row.push_back(ShownText(IdealText(one)));
    table.AddRow(row);
  }
  std::fputs(table.empty() ? "No case matches.\n" : table.Format().c_str(), stdout);
  if (cases.more) fmt::print("\nThere are more: --limit shows up to {}.\n", kMostCases);
}

int RunCases(const CasesFlags& flags) {
  const auto cases = ReadCases(flags);
  if (!cases.ok()) return Fail(cases.status(), flags.target.address);
  if (!flags.json) {
    PrintCases(flags, *cases);
    return kExitOk;
  }
  const absl::StatusOr<std::string> json = JsonLines(cases->results);
  if (!json.ok()) return Fail(json.status());
  const absl::Status output = WriteOutput(*json);
  return output.ok() ? kExitOk : Fail(output);
}

evalgate_v1::CaseFilter FilterOf(const std::string& only) {
  if (only == "failed") return evalgate_v1::CASE_FILTER_FAILED;
  if (only == "regressed") return evalgate_v1::CASE_FILTER_REGRESSED;
  if (only == "improved") return evalgate_v1::CASE_FILTER_IMPROVED;
  if (only == "unanswered") return evalgate_v1::CASE_FILTER_UNANSWERED;
  if (only == "errored") return evalgate_v1::CASE_FILTER_ERRORED;
  if (only == "flaky") return evalgate_v1::CASE_FILTER_FLAKY;
  return evalgate_v1::CASE_FILTER_UNSPECIFIED;
}

void AddCaseFlags(CLI::App& command, CasesFlags& flags) {
  evalgate_v1::ListCaseResultsRequest& request = flags.request;
  command.add_option("SUITE", flags.suite, kSuiteHelp)->required();
  command.add_option("VERSION", *request.mutable_model_version(), "the version that answered")
      ->required();
  command.add_option("--agent", flags.agent, kSuiteAgentHelp);
  command.add_option("--baseline", *request.mutable_baseline_model_version(),
                     "show beside it what this version answered");
  command
      .add_option(
          "--only", flags.only,
          "only those that the version failed; that regressed, which the baseline passed; that\n"
          "improved, which the baseline failed; that it answered with an error, or not at all;\n"
          "with an error of its own; or that it passed in some attempts and not in others")
      ->check(OneOf({"failed", "regressed", "improved", "unanswered", "errored", "flaky"}));
  command.add_option("--cohort", *request.mutable_cohort(), "only this cohort");
  AddLabelFlag(command, flags.labels, "only cases with this label, NAME=VALUE; may be repeated");
  command.add_flag_callback(
      "--ideal", [&request] { request.set_include_ideal(true); },
      "show what would be right; with keys, takes one of role operator");
  command.add_option("--limit", flags.limit, "how many cases at most")
      ->check(CLI::Range(1, kMostCases).description(""))
      ->capture_default_str();
  command.add_flag("--json", flags.json, "print a CaseResult a line, as JSON, with whole texts");
}

void AddCasesCommand(CLI::App& gate, Run& run) {
  CLI::App* const command = gate.add_subcommand(
      "cases",
      "Shows what became of each case of a suite for a version: which failed, and beside a\n"
      "baseline which regressed and which improved, with both answers.");
  command->footer(
      std::string("Example: flywheel gate cases smoke v2 --baseline v1 --only regressed\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<CasesFlags>();
  AddCaseFlags(*command, *flags);
  AddAddressFlags(*command, {{Service::kEvalGate, &flags->target.address}});
  AddCredentialFlags(*command, flags->target);
  AddProjectFlag(*command, flags->project);
  command->callback([flags, &run] {
    flags->request.set_filter(FilterOf(flags->only));
    TakeLabels(flags->labels, *flags->request.mutable_labels());
    run = [flags] { return RunCases(*flags); };
  });
}

}  // namespace

void AddGateCommand(CLI::App& app, Run& run) {
  CLI::App* const gate = app.add_subcommand("gate",
                                            "Runs agents on suites and has them judged, asks the "
                                            "evaluation gate about suites,\nverdicts and cases, "
                                            "and tells it what must be shown to ship.");
  gate->require_subcommand(1);
  AddSuiteCommands(*gate, run);
  AddGateRunCommand(*gate, run);
  AddGateSubmitCommand(*gate, run);
  AddGateCheckCommand(*gate, run);
  AddSuitesCommand(*gate, run);
  AddRunsCommand(*gate, run);
  AddVerdictsCommand(*gate, run);
  AddCasesCommand(*gate, run);
  AddPolicyCommands(*gate, run);
  AddApprovalCommands(*gate, run);
  AddPoliciesCommand(*gate, run);
  AddApprovalsCommand(*gate, run);
  AddWaiversCommand(*gate, run);
  AddStoredVerdictCommands(*gate, run);
  AddReleaseLogCommands(*gate, run);
}

}  // namespace flywheel::cli
