// `flywheel gate suite show` and `diff`.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/gate_run/gate_client.h"
#include "cli/gate_run/suite_lookup.h"
#include "cli/labels.h"
#include "cli/message_json.h"
#include "cli/suite_commands.h"
#include "cli/table.h"
#include "cli/value_name.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/status_macros.h"
#include "shared/text/printable.h"
#include "shared/text/shorten.h"
#include "shared/time/time_text.h"

namespace flywheel::cli {
namespace {

namespace evalgate_v1 = evalgate::v1;

constexpr absl::Duration kDiffTimeout = absl::Seconds(60);
constexpr int kMostShownCases = 100'000;
constexpr size_t kShownInputBytes = 60;

struct SuiteReadFlags {
  std::string suite, other_suite, agent;
  int limit = 20;
  rpc::Target target;
  std::string project;
  bool json = false;
};

std::string ShownInput(std::string_view input) {
  const std::string_view shown = Shorten(input, kShownInputBytes);
  return Printable(shown) + (shown.size() < input.size() ? "..." : "");
}

absl::StatusOr<std::vector<evalgate_v1::CaseDifference>> ReadDifferences(
    const SuiteReadFlags& flags) {
  ASSIGN_OR_RETURN(const GateClient client, GateClient::Open(flags.target, flags.project));
  ASSIGN_OR_RETURN(const auto suite, FindSuite(client, flags.suite, flags.agent));
  ASSIGN_OR_RETURN(const auto other, FindSuite(client, flags.other_suite, flags.agent));
  evalgate_v1::CompareSuitesRequest request;
  request.set_suite_id(suite.suite_id());
  request.set_other_suite_id(other.suite_id());
  ASSIGN_OR_RETURN(auto pages,
                   client.ReadPages(&GateClient::Gate::CompareSuites, request, kDiffTimeout));
  std::vector<evalgate_v1::CaseDifference> differences;
  for (evalgate_v1::CompareSuitesResponse& page : pages) {
    for (auto& one : *page.mutable_differences()) differences.push_back(std::move(one));
  }
  return differences;
}

std::string ChangeText(const evalgate_v1::CaseDifference& one) {
  const std::string change = ValueName(evalgate_v1::CaseChange_Name(one.change()), "CASE_CHANGE_");
  return one.changed().empty() ? change
                               : fmt::format("{} {}", change, fmt::join(one.changed(), ", "));
}

std::string DifferencesText(const SuiteReadFlags& flags,
                            const std::vector<evalgate_v1::CaseDifference>& differences) {
  if (differences.empty()) return "The suites have the same cases.\n";
  Table table({{"CASE"}, {"CHANGE"}, {"INPUT"}});
  int64_t added = 0, removed = 0, changed = 0;
  int shown = 0;
  for (const evalgate_v1::CaseDifference& one : differences) {
    added += one.change() == evalgate_v1::CASE_CHANGE_ADDED ? 1 : 0;
    removed += one.change() == evalgate_v1::CASE_CHANGE_REMOVED ? 1 : 0;
    changed += one.change() == evalgate_v1::CASE_CHANGE_CHANGED ? 1 : 0;
    if (++shown > flags.limit) continue;
    table.AddRow({one.case_id(), ChangeText(one), ShownInput(one.input())});
  }
  return fmt::format("{} added, {} removed, {} changed\n\n{}{}", WithThousands(added),
                     WithThousands(removed), WithThousands(changed), table.Format(),
                     shown > flags.limit ? "and others: --limit shows more\n" : "");
}

int RunSuiteDiff(const SuiteReadFlags& flags) {
  const auto differences = ReadDifferences(flags);
  if (!differences.ok()) return Fail(differences.status(), flags.target.address);
  absl::StatusOr<std::string> text = DifferencesText(flags, *differences);
  if (flags.json) text = JsonLines(*differences);
  if (!text.ok()) return Fail(text.status());
  const absl::Status output = WriteOutput(*text);
  return output.ok() ? kExitOk : Fail(output);
}

// A suite with all of its cases.
struct WholeSuite {
  evalgate_v1::Suite suite;
  std::vector<evalgate_v1::SuiteCase> cases;
};

absl::StatusOr<WholeSuite> ReadSuite(const SuiteReadFlags& flags) {
  ASSIGN_OR_RETURN(const GateClient client, GateClient::Open(flags.target, flags.project));
  WholeSuite whole;
  ASSIGN_OR_RETURN(whole.suite, FindSuite(client, flags.suite, flags.agent));
  RETURN_IF_ERROR(client.ReadCases(whole.suite.suite_id(), [&whole](evalgate_v1::SuiteCase one) {
    whole.cases.push_back(std::move(one));
  }));
  return whole;
}

std::string EvaluatorsText(const evalgate_v1::Suite& suite) {
  std::vector<std::string> texts;
  for (const evalgate_v1::EvaluatorSpec& one : suite.evaluators()) {
    std::string text = one.evaluator_id();
    if (one.evaluator_id() != one.kind()) text += fmt::format(" ({})", one.kind());
    if (one.threshold() < 1) text += fmt::format(" at {:g}", one.threshold());
    if (!one.parameters_json().empty()) text += " " + one.parameters_json();
    if (one.informative()) text += " for information";
    texts.push_back(std::move(text));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string CohortsText(const std::vector<evalgate_v1::SuiteCase>& cases) {
  std::map<std::string, int64_t> cohorts;
  for (const evalgate_v1::SuiteCase& one : cases) {
    if (!one.cohort().empty()) ++cohorts[one.cohort()];
  }
  std::vector<std::string> texts;
  for (const auto& [cohort, count] : cohorts) {
    texts.push_back(fmt::format("{} {}", Printable(cohort), count));
  }
  return texts.empty() ? "none" : fmt::format("{}", fmt::join(texts, ", "));
}

std::string SuiteText(const SuiteReadFlags& flags, const WholeSuite& whole) {
  const evalgate_v1::Suite& suite = whole.suite;
  std::string text = fmt::format(
      "suite {}: version {} of '{}' for agent '{}', made {}\nfrom        {}\ncases       {}{}\n"
      "evaluators  {}\ncohorts     {}\nlabels      {}\n",
      suite.suite_id(), suite.suite_version(), suite.suite_name(), suite.agent(),
      SecondsText(rpc::FromProto(suite.create_time())),
      suite.dataset_version_id().empty() ? "an upload"
                                         : "dataset version " + suite.dataset_version_id(),
      WithThousands(suite.cases()),
      suite.erased_cases() == 0
          ? ""
          : fmt::format(", of which {} were erased", WithThousands(suite.erased_cases())),
      EvaluatorsText(suite), CohortsText(whole.cases), LabelsText(suite.labels()));
  Table table({{"CASE"}, {"COHORT"}, {"GROUP"}, {"CRITICAL"}, {"INPUT"}});
  for (size_t i = 0; i < whole.cases.size() && i < static_cast<size_t>(flags.limit); ++i) {
    const evalgate_v1::SuiteCase& one = whole.cases[i];
    table.AddRow({one.case_id(), one.cohort().empty() ? "-" : one.cohort(),
                  one.group().empty() ? "-" : one.group(), one.critical() ? "yes" : "-",
                  ShownInput(one.input())});
  }
  if (!table.empty()) text += "\n" + table.Format();
  if (whole.cases.size() > static_cast<size_t>(flags.limit)) {
    text += "and others: --limit shows more\n";
  }
  return text;
}

int RunSuiteShow(const SuiteReadFlags& flags) {
  const absl::StatusOr<WholeSuite> whole = ReadSuite(flags);
  if (!whole.ok()) return Fail(whole.status(), flags.target.address);
  absl::StatusOr<std::string> text = SuiteText(flags, *whole);
  if (flags.json) {
    text = MessageJson(whole->suite, "a suite");
    if (text.ok()) *text += "\n";
  }
  if (!text.ok()) return Fail(text.status());
  const absl::Status output = WriteOutput(*text);
  return output.ok() ? kExitOk : Fail(output);
}

void AddReadFlags(CLI::App& command, SuiteReadFlags& flags, const char* json_help) {
  command.add_option("--agent", flags.agent, kSuiteAgentHelp);
  command.add_option("--limit", flags.limit, "how many cases at most")
      ->check(CLI::Range(0, kMostShownCases).description(""))
      ->capture_default_str();
  command.add_flag("--json", flags.json, json_help);
  AddAddressFlags(command, {{Service::kEvalGate, &flags.target.address}});
  AddCredentialFlags(command, flags.target);
  AddProjectFlag(command, flags.project);
}

}  // namespace

void AddSuiteShowCommand(CLI::App& suite, Run& run) {
  CLI::App* const command = suite.add_subcommand(
      "show", "Shows a suite: how it is judged, its cohorts, and its cases without what is right.");
  command->footer(std::string("Example: flywheel gate suite show smoke\n") + kExitCodesHelp);
  const auto flags = std::make_shared<SuiteReadFlags>();
  command->add_option("SUITE", flags->suite, kSuiteHelp)->required();
  AddReadFlags(*command, *flags, "print the Suite as JSON");
  command->callback([flags, &run] { run = [flags] { return RunSuiteShow(*flags); }; });
}

void AddSuiteDiffCommand(CLI::App& suite, Run& run) {
  CLI::App* const command = suite.add_subcommand(
      "diff",
      "Says what the second suite has and the first has not, the other way round, and which cases\n"
      "both have but not alike: what is asked, what is right, the cohort and so on.");
  command->footer(std::string("Example: flywheel gate suite diff smoke-0a1b2c3d4e5f smoke\n") +
                  kExitCodesHelp);
  const auto flags = std::make_shared<SuiteReadFlags>();
  command->add_option("SUITE", flags->suite, kSuiteHelp)->required();
  command->add_option("OTHER", flags->other_suite, "the second one, said alike")->required();
  AddReadFlags(*command, *flags, "print a CaseDifference a line, as JSON");
  command->callback([flags, &run] { run = [flags] { return RunSuiteDiff(*flags); }; });
}

void AddSuiteCommands(CLI::App& gate, Run& run) {
  CLI::App* const suite = gate.add_subcommand("suite",
                                              "Makes suites of files and of dataset versions, "
                                              "shows them, and says what differs between two.");
  suite->require_subcommand(1);
  AddSuiteCreateCommand(*suite, run);
  AddSuiteFromDatasetCommand(*suite, run);
  AddSuiteShowCommand(*suite, run);
  AddSuiteDiffCommand(*suite, run);
}

}  // namespace flywheel::cli
