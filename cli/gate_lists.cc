#include "cli/gate_lists.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/gate_list.h"
#include "cli/labels.h"
#include "cli/table.h"
#include "cli/value_name.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "flywheel/evalgate/v1/run_service.grpc.pb.h"
#include "shared/rpc/field_checks.h"
#include "shared/time/time_text.h"

namespace flywheel::cli {
namespace {

namespace evalgate_v1 = evalgate::v1;

std::string NumberOrDash(int64_t number) { return number == 0 ? "-" : fmt::format("{}", number); }

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
               {"POLICY", true},
               {"LOOK", true},
               {"GIVEN"},
               {"LABELS"}});
  for (const evalgate_v1::Verdict& verdict : verdicts) {
    table.AddRow({verdict.verdict_id(), TextOrDash(verdict.agent()), verdict.model_version(),
                  TextOrDash(verdict.baseline_model_version()), verdict.suite_id(),
                  ValueName(evalgate_v1::Decision_Name(verdict.decision()), "DECISION_"),
                  // Of an exploration neither.
                  NumberOrDash(verdict.policy_version()), NumberOrDash(verdict.look()),
                  SecondsText(rpc::FromProto(verdict.create_time())),
                  LabelsText(verdict.labels())});
  }
  return table.Format();
}

std::string TableOf(const std::vector<evalgate_v1::Run>& runs) {
  Table table({{"RUN"},
               {"AGENT"},
               {"VERSION"},
               {"SUITE"},
               {"STATE"},
               {"ANSWERED", true},
               {"OF", true},
               {"INFRASTRUCTURE ERRORS", true},
               {"STARTED"},
               {"LABELS"}});
  for (const evalgate_v1::Run& run : runs) {
    table.AddRow({run.run_id(), TextOrDash(run.agent()), run.model_version(), run.suite_id(),
                  ValueName(evalgate_v1::RunState_Name(run.state()), "RUN_STATE_"),
                  WithThousands(run.answered()), WithThousands(run.attempts()),
                  WithThousands(run.infrastructure_errors()),
                  SecondsText(rpc::FromProto(run.create_time())), LabelsText(run.labels())});
  }
  return table.Format();
}

evalgate_v1::RunState StateOf(const std::string& word) {
  if (word == "running") return evalgate_v1::RUN_STATE_RUNNING;
  if (word == "finished") return evalgate_v1::RUN_STATE_FINISHED;
  if (word == "aborted") return evalgate_v1::RUN_STATE_ABORTED;
  return evalgate_v1::RUN_STATE_UNSPECIFIED;
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
    run = [flags] {
      return RunGateList<GateClient::Gate, evalgate_v1::ListSuitesRequest,
                         evalgate_v1::ListSuitesResponse, evalgate_v1::Suite>(
          *flags,
          {&GateClient::Gate::ListSuites, &evalgate_v1::ListSuitesResponse::suites, &TableOf});
    };
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
  AddListedSuiteFlag(*command, *flags);
  command->add_option("--decision", *decision, "only this decision")
      ->check(OneOf({"pass", "block", "inconclusive"}));
  AddGateListFlags(*command, *flags);
  command->callback([flags, decision, &run] {
    flags->request.set_decision(DecisionOf(*decision));
    TakeLabels(flags->labels, *flags->request.mutable_labels());
    run = [flags] {
      return RunGateList<GateClient::Gate, evalgate_v1::ListVerdictsRequest,
                         evalgate_v1::ListVerdictsResponse, evalgate_v1::Verdict>(
          *flags, {&GateClient::Gate::ListVerdicts, &evalgate_v1::ListVerdictsResponse::verdicts,
                   &TableOf});
    };
  });
}

void AddRunsCommand(CLI::App& gate, Run& run) {
  CLI::App* const command = gate.add_subcommand(
      "runs",
      "Lists what versions answered to suites, the newest first: of a finished run every\n"
      "attempt. INFRASTRUCTURE ERRORS counts all that came, those that an answer replaced\n"
      "included.");
  command->footer(
      std::string("Example: flywheel gate runs --model-version router-v3 --state finished\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<GateListFlags<evalgate_v1::ListRunsRequest>>();
  const auto state = std::make_shared<std::string>();
  command->add_option("--model-version", *flags->request.mutable_model_version(),
                      "only those of this version");
  AddListedSuiteFlag(*command, *flags);
  command->add_option("--state", *state, "only those in this state")
      ->check(OneOf({"running", "finished", "aborted"}));
  AddGateListFlags(*command, *flags);
  command->callback([flags, state, &run] {
    flags->request.set_state(StateOf(*state));
    TakeLabels(flags->labels, *flags->request.mutable_labels());
    run = [flags] {
      return RunGateList<GateClient::Runs, evalgate_v1::ListRunsRequest,
                         evalgate_v1::ListRunsResponse, evalgate_v1::Run>(
          *flags, {&GateClient::Runs::ListRuns, &evalgate_v1::ListRunsResponse::runs, &TableOf});
    };
  });
}

}  // namespace flywheel::cli
