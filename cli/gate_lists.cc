#include "cli/gate_lists.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cli/labels.h"
#include "cli/message_json.h"
#include "cli/table.h"
#include "cli/value_name.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/retry.h"
#include "shared/status/status_macros.h"
#include "shared/time/time_text.h"

namespace flywheel::cli {
namespace {

namespace evalgate_v1 = evalgate::v1;
using GateStub = evalgate_v1::EvalGateService::Stub;

constexpr absl::Duration kGateListTimeout = absl::Seconds(10);
constexpr int kMostOfGate = 100'000;
constexpr int kMostOfGatePerPage = 1'000;

// What both commands are told.
template <typename Request>
struct GateListFlags {
  rpc::Target target;
  std::string project;
  Request request;
  std::vector<std::string> labels;
  int limit = 20;
  bool json = false;
};

// Things of a list, and whether there are more.
template <typename Thing>
struct GateList {
  std::vector<Thing> things;
  bool more = false;
};

const auto& ThingsOf(const evalgate_v1::ListSuitesResponse& response) { return response.suites(); }
const auto& ThingsOf(const evalgate_v1::ListVerdictsResponse& response) {
  return response.verdicts();
}

template <typename Thing, typename Request, typename Response>
absl::StatusOr<GateList<Thing>> ReadGateList(const GateListFlags<Request>& flags,
                                             grpc::Status (GateStub::*method)(grpc::ClientContext*,
                                                                              const Request&,
                                                                              Response*)) {
  ASSIGN_OR_RETURN(const rpc::Channel channel, rpc::Channel::Open(flags.target));
  const auto stub = evalgate_v1::EvalGateService::NewStub(channel.get());
  GateList<Thing> list;
  Request request = flags.request;
  do {
    const int missing = flags.limit - static_cast<int>(list.things.size());
    request.set_page_size(std::min(missing, kMostOfGatePerPage));
    Response response;
    RETURN_IF_ERROR(rpc::CallWithRetry(
        channel, {.total_timeout = kGateListTimeout},
        [&](grpc::ClientContext& context) {
          return (stub.get()->*method)(&context, request, &response);
        },
        flags.project));
    const auto& things = ThingsOf(response);
    list.things.insert(list.things.end(), things.begin(), things.end());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty() && static_cast<int>(list.things.size()) < flags.limit);
  list.more = !request.page_token().empty();
  return list;
}

std::string TextOrDash(const std::string& text) { return text.empty() ? "-" : text; }

std::string TableOf(const std::vector<evalgate_v1::Suite>& suites) {
  Table table({{"SUITE"},
               {"NAME"},
               {"VERSION", true},
               {"AGENT"},
               {"DATASET VERSION"},
               {"CASES", true},
               {"ERASED", true},
               {"EVALUATORS"},
               {"MADE"},
               {"LABELS"}});
  for (const evalgate_v1::Suite& suite : suites) {
    std::string evaluators;
    for (const evalgate_v1::EvaluatorSpec& one : suite.evaluators()) {
      evaluators += (evaluators.empty() ? "" : ", ") + one.evaluator_id();
    }
    table.AddRow({suite.suite_id(), suite.suite_name(), fmt::format("{}", suite.suite_version()),
                  TextOrDash(suite.agent()), TextOrDash(suite.dataset_version_id()),
                  WithThousands(suite.cases()), WithThousands(suite.erased_cases()), evaluators,
                  SecondsText(rpc::FromProto(suite.create_time())), LabelsText(suite.labels())});
  }
  return table.Format();
}

std::string TableOf(const std::vector<evalgate_v1::Verdict>& verdicts) {
  Table table({{"VERDICT"},
               {"AGENT"},
               {"VERSION"},
               {"BASELINE"},
               {"SUITE"},
               {"DECISION"},
               {"GIVEN"},
               {"LABELS"}});
  for (const evalgate_v1::Verdict& verdict : verdicts) {
    table.AddRow({verdict.verdict_id(), TextOrDash(verdict.agent()), verdict.model_version(),
                  TextOrDash(verdict.baseline_model_version()), verdict.suite_id(),
                  ValueName(evalgate_v1::Decision_Name(verdict.decision()), "DECISION_"),
                  SecondsText(rpc::FromProto(verdict.create_time())),
                  LabelsText(verdict.labels())});
  }
  return table.Format();
}

template <typename Thing, typename Request, typename Response>
int RunGateList(const GateListFlags<Request>& flags,
                grpc::Status (GateStub::*method)(grpc::ClientContext*, const Request&, Response*)) {
  const absl::StatusOr<GateList<Thing>> list = ReadGateList<Thing>(flags, method);
  if (!list.ok()) return Fail(list.status(), flags.target.address);
  std::string text;
  if (flags.json) {
    const absl::StatusOr<std::string> json = JsonLines(list->things);
    if (!json.ok()) return Fail(json.status());
    text = *json;
  } else if (list->things.empty()) {
    text = "nothing matches\n";
  } else {
    text = TableOf(list->things);
    if (list->more) text += "and others: --limit shows more\n";
  }
  const absl::Status output = WriteOutput(text);
  return output.ok() ? kExitOk : Fail(output);
}

template <typename Request>
void AddGateListFlags(CLI::App& command, GateListFlags<Request>& flags) {
  Request& request = flags.request;
  command.add_option("--agent", *request.mutable_agent(), "only those of this agent");
  AddLabelFlag(command, flags.labels, "only those with this label, NAME=VALUE; may be repeated");
  command.add_flag_callback(
      "--oldest-first", [&request] { request.set_order(common::v1::LIST_ORDER_OLDEST_FIRST); },
      "in the order in which they were made");
  command.add_option("--limit", flags.limit, "how many at most")
      ->type_name("N")
      ->check(CLI::Range(1, kMostOfGate).description(""))
      ->capture_default_str();
  command.add_flag("--json", flags.json, "a JSON object a line, with all fields that are set");
  AddAddressFlags(command, {{Service::kEvalGate, &flags.target.address}});
  AddCredentialFlags(command, flags.target);
  AddProjectFlag(command, flags.project);
}

evalgate_v1::Decision DecisionOf(const std::string& word) {
  if (word == "pass") return evalgate_v1::DECISION_PASS;
  if (word == "block") return evalgate_v1::DECISION_BLOCK;
  if (word == "inconclusive") return evalgate_v1::DECISION_INCONCLUSIVE;
  return evalgate_v1::DECISION_UNSPECIFIED;
}

}  // namespace

void AddSuitesCommand(CLI::App& gate, Run& run) {
  CLI::App* const command =
      gate.add_subcommand("suites", "Lists the suites that were made, the newest first.");
  command->footer(
      std::string("Example: flywheel gate suites --agent router --label branch=main\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<GateListFlags<evalgate_v1::ListSuitesRequest>>();
  command->add_option("--dataset-version", *flags->request.mutable_dataset_version_id(),
                      "only those of this dataset version");
  AddGateListFlags(*command, *flags);
  command->callback([flags, &run] {
    TakeLabels(flags->labels, *flags->request.mutable_labels());
    run = [flags] { return RunGateList<evalgate_v1::Suite>(*flags, &GateStub::ListSuites); };
  });
}

void AddVerdictsCommand(CLI::App& gate, Run& run) {
  CLI::App* const command = gate.add_subcommand(
      "verdicts",
      "Lists the verdicts that were given, the newest first. Whether a version\n"
      "may ship says 'flywheel verdict', by its agent's release policy.");
  command->footer(
      std::string("Example: flywheel gate verdicts --model-version router-v3 --decision block\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<GateListFlags<evalgate_v1::ListVerdictsRequest>>();
  const auto decision = std::make_shared<std::string>();
  command->add_option("--model-version", *flags->request.mutable_model_version(),
                      "only those on this version");
  command->add_option("--suite", *flags->request.mutable_suite_id(), "only those on this suite");
  command->add_option("--decision", *decision, "only this decision")
      ->check(OneOf({"pass", "block", "inconclusive"}));
  AddGateListFlags(*command, *flags);
  command->callback([flags, decision, &run] {
    flags->request.set_decision(DecisionOf(*decision));
    TakeLabels(flags->labels, *flags->request.mutable_labels());
    run = [flags] { return RunGateList<evalgate_v1::Verdict>(*flags, &GateStub::ListVerdicts); };
  });
}

}  // namespace flywheel::cli
