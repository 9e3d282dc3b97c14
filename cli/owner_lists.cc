// `flywheel gate policies`, `approvals` and `waivers`: all that owners ever said.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/gate_list.h"
#include "cli/gate_lists.h"
#include "cli/labels.h"
#include "cli/table.h"
#include "flywheel/evalgate/v1/release_policy_service.grpc.pb.h"
#include "shared/rpc/field_checks.h"
#include "shared/time/time_text.h"

namespace flywheel::cli {
namespace {

namespace evalgate_v1 = evalgate::v1;
using OwnerStub = evalgate_v1::ReleasePolicyService::Stub;

std::string TableOfPolicies(const std::vector<evalgate_v1::ReleasePolicy>& policies) {
  Table table({{"AGENT"},
               {"POLICY", true},
               {"SUITES"},
               {"BASELINE"},
               {"REFERENCE"},
               {"JUDGES"},
               {"SET"},
               {"BY"},
               {"REASON"}});
  for (const evalgate_v1::ReleasePolicy& policy : policies) {
    std::vector<std::string> suites;
    for (const evalgate_v1::SuiteRequirement& one : policy.suites()) {
      suites.push_back(one.suite_name());
    }
    table.AddRow({policy.agent(), fmt::format("{}", policy.policy_version()),
                  fmt::format("{}", fmt::join(suites, ", ")),
                  TextOrDash(policy.baseline_model_version()),
                  TextOrDash(policy.reference_model_version()),
                  TextOrDash(fmt::format("{}", fmt::join(policy.judges(), ", "))),
                  SecondsText(rpc::FromProto(policy.create_time())),
                  TextOrDash(policy.created_by()), policy.reason()});
  }
  return table.Format();
}

std::string TableOfApprovals(const std::vector<evalgate_v1::BaselineApproval>& approvals) {
  Table table(
      {{"APPROVAL"}, {"AGENT"}, {"VERSION"}, {"REFERENCE"}, {"APPROVED"}, {"BY"}, {"REASON"}});
  for (const evalgate_v1::BaselineApproval& one : approvals) {
    table.AddRow({one.approval_id(), one.agent(), one.model_version(),
                  TextOrDash(one.reference_model_version()),
                  SecondsText(rpc::FromProto(one.create_time())), TextOrDash(one.created_by()),
                  one.reason()});
  }
  return table.Format();
}

std::string TableOfWaivers(const std::vector<evalgate_v1::VerdictWaiver>& waivers) {
  Table table({{"WAIVER"},
               {"AGENT"},
               {"VERSION"},
               {"SUITES"},
               {"OWNER"},
               {"GIVEN"},
               {"ENDS"},
               {"BY"},
               {"REASON"}});
  for (const evalgate_v1::VerdictWaiver& one : waivers) {
    table.AddRow(
        {one.waiver_id(), one.agent(), one.model_version(),
         one.suite_names().empty() ? "all" : fmt::format("{}", fmt::join(one.suite_names(), ", ")),
         one.owner(), SecondsText(rpc::FromProto(one.create_time())),
         SecondsText(rpc::FromProto(one.expire_time())), TextOrDash(one.created_by()),
         one.reason()});
  }
  return table.Format();
}

}  // namespace

void AddPoliciesCommand(CLI::App& gate, Run& run) {
  CLI::App* const command = gate.add_subcommand(
      "policies",
      "Lists the release policies that were ever set, the newest first; of each agent the newest\n"
      "stands. 'flywheel gate policy AGENT' shows its bars.");
  command->footer(std::string("Example: flywheel gate policies --agent router\n") + kExitCodesHelp);
  const auto flags = std::make_shared<GateListFlags<evalgate_v1::ListReleasePoliciesRequest>>();
  AddGateListFlags(*command, *flags);
  command->callback([flags, &run] {
    TakeLabels(flags->labels, *flags->request.mutable_labels());
    run = [flags] {
      return RunGateList<OwnerStub, evalgate_v1::ListReleasePoliciesRequest,
                         evalgate_v1::ListReleasePoliciesResponse, evalgate_v1::ReleasePolicy>(
          *flags, {&OwnerStub::ListReleasePolicies,
                   &evalgate_v1::ListReleasePoliciesResponse::policies, &TableOfPolicies});
    };
  });
}

void AddApprovalsCommand(CLI::App& gate, Run& run) {
  CLI::App* const command = gate.add_subcommand(
      "approvals",
      "Lists what was ever approved to serve, by owners and by promotions, the newest first; of\n"
      "each agent the newest is what candidates are compared with, beside the reference.");
  command->footer(std::string("Example: flywheel gate approvals --agent router\n") +
                  kExitCodesHelp);
  const auto flags = std::make_shared<GateListFlags<evalgate_v1::ListBaselineApprovalsRequest>>();
  AddGateListFlags(*command, *flags);
  command->callback([flags, &run] {
    TakeLabels(flags->labels, *flags->request.mutable_labels());
    run = [flags] {
      return RunGateList<OwnerStub, evalgate_v1::ListBaselineApprovalsRequest,
                         evalgate_v1::ListBaselineApprovalsResponse, evalgate_v1::BaselineApproval>(
          *flags, {&OwnerStub::ListBaselineApprovals,
                   &evalgate_v1::ListBaselineApprovalsResponse::approvals, &TableOfApprovals});
    };
  });
}

void AddWaiversCommand(CLI::App& gate, Run& run) {
  CLI::App* const command = gate.add_subcommand(
      "waivers",
      "Lists the waivers that were ever given, ended ones included, the newest first: who let\n"
      "which version ship, and why.");
  command->footer(std::string("Example: flywheel gate waivers --agent router\n") + kExitCodesHelp);
  const auto flags = std::make_shared<GateListFlags<evalgate_v1::ListVerdictWaiversRequest>>();
  AddGateListFlags(*command, *flags);
  command->callback([flags, &run] {
    TakeLabels(flags->labels, *flags->request.mutable_labels());
    run = [flags] {
      return RunGateList<OwnerStub, evalgate_v1::ListVerdictWaiversRequest,
                         evalgate_v1::ListVerdictWaiversResponse, evalgate_v1::VerdictWaiver>(
          *flags, {&OwnerStub::ListVerdictWaivers,
                   &evalgate_v1::ListVerdictWaiversResponse::waivers, &TableOfWaivers});
    };
  });
}

}  // namespace flywheel::cli
