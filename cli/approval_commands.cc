#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "cli/gate_policy_call.h"
#include "cli/owner_hints.h"
#include "cli/policy_commands.h"
#include "shared/hashing/sha256.h"
#include "shared/ids/uuid.h"
#include "shared/rpc/field_checks.h"
#include "shared/text/printable.h"
#include "shared/time/time_text.h"

namespace flywheel::cli {
namespace {

namespace evalgate_v1 = evalgate::v1;

using ApprovalStub = evalgate_v1::ReleasePolicyService::Stub;

// So that the end, which is that of a day, is within the 366 days that a waiver may last.
constexpr int kMostWaivedDays = 365;
constexpr size_t kWaiverIdDigits = 32;

struct ApproveFlags {
  evalgate_v1::ApproveBaselineRequest request;
  GatePolicyTarget place;
};

struct WaiveFlags {
  evalgate_v1::WaiveVerdictsRequest request;
  std::vector<std::string> suites;
  int days = 0;
  GatePolicyTarget place;
};

// The id of the approval that stands, where it is the one that is wanted: the same command again,
// whose answer was lost, approves nothing anew. Else a new one, for an earlier approval of the same
// version does not stand any more.
absl::StatusOr<std::string> ApprovalId(const ApproveFlags& flags) {
  const evalgate_v1::BaselineApproval& wanted = flags.request.approval();
  evalgate_v1::ListBaselineApprovalsRequest request;
  request.set_agent(wanted.agent());
  request.set_page_size(1);
  ASSIGN_OR_RETURN(const evalgate_v1::ListBaselineApprovalsResponse newest,
                   CallGatePolicy(flags.place, &ApprovalStub::ListBaselineApprovals, request));
  if (newest.approvals_size() > 0) {
    const evalgate_v1::BaselineApproval& standing = newest.approvals(0);
    if (standing.model_version() == wanted.model_version() &&
        standing.reason() == wanted.reason() && standing.labels().empty()) {
      return standing.approval_id();
    }
  }
  return "approval-" + NewUuidV7(absl::Now());
}

absl::StatusOr<evalgate_v1::ApproveBaselineResponse> Approve(const ApproveFlags& flags) {
  evalgate_v1::ApproveBaselineRequest request = flags.request;
  if (request.approval().approval_id().empty()) {
    ASSIGN_OR_RETURN(*request.mutable_approval()->mutable_approval_id(), ApprovalId(flags));
  }
  return CallGatePolicy(flags.place, &ApprovalStub::ApproveBaseline, request);
}

int RunApprove(const ApproveFlags& flags) {
  const auto response = Approve(flags);
  if (!response.ok()) return Fail(response.status(), flags.place.target.address);
  const evalgate_v1::BaselineApproval& approval = response->approval();
  fmt::print("{} of agent '{}': {} (approval {}); the best that was approved is {}\n",
             Printable(approval.model_version()), Printable(approval.agent()),
             response->replayed() ? "was approved before" : "approved",
             Printable(approval.approval_id()), Printable(approval.reference_model_version()));
  std::fflush(stdout);
  WarnOfVersion(flags.place, approval.agent(), approval.model_version());
  return kExitOk;
}

int RunWaive(WaiveFlags flags) {
  evalgate_v1::VerdictWaiver& waiver = *flags.request.mutable_waiver();
  for (const std::string& name : flags.suites) waiver.add_suite_names(name);
  const absl::TimeZone utc = absl::UTCTimeZone();
  const absl::CivilDay today = absl::ToCivilDay(absl::Now(), utc);
  *waiver.mutable_expire_time() = rpc::ToProto(absl::FromCivil(today + flags.days + 1, utc));
  // The same words on the same day are the same waiver, so whoever lost the answer asks again.
  waiver.set_waiver_id("waiver-" +
                       Sha256Hex(waiver.SerializeAsString()).substr(0, kWaiverIdDigits));
  const auto response = CallGatePolicy(flags.place, &ApprovalStub::WaiveVerdicts, flags.request);
  if (!response.ok()) return Fail(response.status(), flags.place.target.address);
  const evalgate_v1::VerdictWaiver& given = response->waiver();
  const std::string suites = given.suite_names().empty()
                                 ? "every suite"
                                 : fmt::format("{}", fmt::join(given.suite_names(), ", "));
  fmt::print("{} of agent '{}': {} until {}, on {}, by {} (waiver {})\n",
             Printable(given.model_version()), Printable(given.agent()),
             response->replayed() ? "was waived before" : "waived",
             SecondsText(rpc::FromProto(given.expire_time())), Printable(suites),
             Printable(given.owner()), Printable(given.waiver_id()));
  std::fflush(stdout);
  WarnOfWaiver(flags.place, given);
  return kExitOk;
}

void AddApproveCommand(CLI::App& gate, Run& run) {
  CLI::App* const command = gate.add_subcommand(
      "approve",
      "Says which version serves an agent, so that candidates are compared with it from now on. A\n"
      "promotion of the experiment service says so itself: this is for agents that are released\n"
      "without it. The same words again, while they stand, are a replay. With keys, it takes one\n"
      "of role owner.");
  command->footer(
      std::string(
          "Example: flywheel gate approve router router-v2 --reason 'serves since noon'\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<ApproveFlags>();
  evalgate_v1::BaselineApproval& approval = *flags->request.mutable_approval();
  command->add_option("AGENT", *approval.mutable_agent(), "whom it serves")->required();
  command->add_option("VERSION", *approval.mutable_model_version(), "what serves")->required();
  command->add_option("--reason", *approval.mutable_reason(), "why, for whoever asks in a year")
      ->required();
  command->add_option("--approval-id", *approval.mutable_approval_id(),
                      "the approval's id. Default: a new one, which is printed");
  AddGatePolicyFlags(*command, flags->place);
  command->callback([flags, &run] { run = [flags] { return RunApprove(*flags); }; });
}

void AddWaiveCommand(CLI::App& gate, Run& run) {
  CLI::App* const command = gate.add_subcommand(
      "waive",
      "Lets a version ship for some days in the place of verdicts that do not PASS, or that "
      "nobody\n"
      "gave. The verdicts stay, and 'flywheel verdict' says who waived them and why. The same\n"
      "words on the same day are a replay. With keys, it takes one of role owner.");
  command->footer(
      std::string("Example: flywheel gate waive router router-v2 --owner 'Ada Lovelace' \\\n"
                  "           --reason 'the outage of today ends with it' --days 2\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<WaiveFlags>();
  evalgate_v1::VerdictWaiver& waiver = *flags->request.mutable_waiver();
  command->add_option("AGENT", *waiver.mutable_agent(), "the agent")->required();
  command->add_option("VERSION", *waiver.mutable_model_version(), "what may ship")->required();
  command->add_option("--owner", *waiver.mutable_owner(), "who answers for it: a person's name")
      ->required();
  command->add_option("--reason", *waiver.mutable_reason(), "why, for whoever asks in a year")
      ->required();
  command
      ->add_option("--days", flags->days,
                   "how many days: until the end (UTC) of the day so many days from today")
      ->required()
      ->type_name("N")
      ->check(CLI::Range(1, kMostWaivedDays).description(""));
  command->add_option("--suite", flags->suites,
                      "a suite that it covers; one or more. Default: every suite of the policy");
  AddGatePolicyFlags(*command, flags->place);
  command->callback([flags, &run] { run = [flags] { return RunWaive(*flags); }; });
}

}  // namespace

void AddApprovalCommands(CLI::App& gate, Run& run) {
  AddApproveCommand(gate, run);
  AddWaiveCommand(gate, run);
}

}  // namespace flywheel::cli
