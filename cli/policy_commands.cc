#include "cli/policy_commands.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/bar_flags.h"
#include "cli/error_details.h"
#include "cli/gate_policy_call.h"
#include "cli/json_view.h"
#include "cli/message_json.h"
#include "cli/owner_hints.h"
#include "cli/table.h"
#include "cli/value_name.h"
#include "shared/files/files.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"
#include "shared/text/printable.h"
#include "shared/time/time_text.h"

namespace flywheel::cli {
namespace {

namespace evalgate_v1 = evalgate::v1;

using PolicyStub = evalgate_v1::ReleasePolicyService::Stub;

struct PolicyFlags {
  evalgate_v1::GetReleasePolicyRequest request;
  GatePolicyTarget place;
  bool json = false;
};

struct SetPolicyFlags {
  evalgate_v1::ReleasePolicy policy;
  // Of every suite.
  evalgate_v1::Bar bar;
  std::optional<int32_t> most_infrastructure_errors;
  std::vector<std::string> suites, judges;
  // In the place of suites and bar; empty for none.
  std::string file;
  GatePolicyTarget place;
};

// "app 0.95, web 0.9"; "-" where there is none.
std::string CohortFloorsText(const evalgate_v1::Bar& bar) {
  std::map<std::string, double> floors;
  for (const auto& [cohort, floor] : bar.cohort_floors()) floors[cohort] = floor;
  std::string text;
  for (const auto& [cohort, floor] : floors) {
    text += fmt::format("{}{} {:g}", text.empty() ? "" : ", ", cohort, floor);
  }
  return text.empty() ? "-" : text;
}

// What the policy wants to judge; "the suite's own" where it leaves that to the suite.
std::string EvaluatorsText(const evalgate_v1::Bar& bar) {
  std::string text;
  for (const evalgate_v1::EvaluatorSpec& one : bar.evaluators()) {
    text += (text.empty() ? "" : ", ") + Printable(one.evaluator_id());
  }
  return text.empty() ? "the suite's own" : text;
}

std::string BarsText(const evalgate_v1::ReleasePolicy& policy) {
  Table table({{"SUITE"},
               {"FLOOR", true},
               {"MARGIN", true},
               {"ALPHA", true},
               {"LEAST CASES", true},
               {"ATTEMPTS", true},
               {"MOST INFRASTRUCTURE ERRORS", true},
               {"REPEATS"},
               {"COHORT FROM", true},
               {"COHORT MARGIN", true},
               {"FROM", true},
               {"POINT FLOOR", true},
               {"JUDGED BY"},
               {"BY LABEL"},
               {"COHORT FLOORS"}});
  for (const evalgate_v1::SuiteRequirement& suite : policy.suites()) {
    const evalgate_v1::Bar& bar = suite.bar();
    table.AddRow(
        {suite.suite_name(), fmt::format("{:g}", bar.pass_rate_floor()),
         fmt::format("{:g}", bar.non_inferiority_margin()), fmt::format("{:g}", bar.alpha()),
         WithThousands(bar.least_cases()), fmt::format("{}", bar.least_attempts()),
         fmt::format("{}", suite.most_infrastructure_errors()),
         ValueName(evalgate_v1::RepeatRule_Name(bar.repeat_rule()), "REPEAT_RULE_"),
         WithThousands(bar.min_cohort_cases()), fmt::format("{:g}", bar.cohort_margin()),
         WithThousands(bar.cohort_margin_cases()),
         bar.point_floor() > 0 ? fmt::format("{:g}", bar.point_floor()) : "-", EvaluatorsText(bar),
         bar.cohort_labels().empty()
             ? "-"
             : Printable(fmt::format("{}", fmt::join(bar.cohort_labels(), ", "))),
         CohortFloorsText(bar)});
  }
  return table.Format();
}

// What candidates are compared with, and who says so.
std::string ComparedText(const std::string& version, bool named_by_policy, const char* otherwise) {
  if (version.empty()) return "none, because no version was approved yet";
  return fmt::format("{} ({})", Printable(version),
                     named_by_policy ? "the policy names it" : otherwise);
}

std::string PolicyText(const evalgate_v1::GetReleasePolicyResponse& response) {
  const evalgate_v1::ReleasePolicy& policy = response.policy();
  const std::string judges = policy.judges().empty()
                                 ? "every key of role operator"
                                 : fmt::format("{}", fmt::join(policy.judges(), ", "));
  return fmt::format(
      "agent '{}': policy {}, set {}{}\nreason     {}\nbaseline   {}\nreference  {}\njudges     "
      "{}\n\n{}",
      Printable(policy.agent()), policy.policy_version(),
      SecondsText(rpc::FromProto(policy.create_time())),
      policy.created_by().empty() ? "" : " by " + Printable(policy.created_by()),
      Printable(policy.reason()),
      ComparedText(response.baseline_model_version(), !policy.baseline_model_version().empty(),
                   "approved last"),
      ComparedText(response.reference_model_version(), !policy.reference_model_version().empty(),
                   "the best that was approved"),
      Printable(judges), BarsText(policy));
}

int RunPolicy(const PolicyFlags& flags) {
  const auto response = CallGatePolicy(flags.place, &PolicyStub::GetReleasePolicy, flags.request);
  if (!response.ok()) return Fail(response.status(), flags.place.target.address);
  if (!flags.json) {
    fmt::print("{}", PolicyText(*response));
    return kExitOk;
  }
  const auto json = MessageJson(*response, "a policy");
  if (!json.ok()) return Fail(json.status());
  fmt::print("{}\n", *json);
  return kExitOk;
}

absl::StatusOr<evalgate_v1::ReleasePolicy> ReadPolicy(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  evalgate_v1::ReleasePolicy policy;
  const auto status = google::protobuf::util::JsonStringToMessage(text, &policy);
  if (!status.ok()) {
    return WrongInFile(path, std::string(status.message()), "a ReleasePolicy as JSON");
  }
  // Of answers alone.
  policy.clear_create_time();
  policy.clear_created_by();
  return policy;
}

// What the flags say, but for its policy_version: 0, or that of the file.
absl::StatusOr<evalgate_v1::ReleasePolicy> WantedPolicy(const SetPolicyFlags& flags) {
  evalgate_v1::ReleasePolicy policy = flags.policy;
  if (!flags.file.empty()) {
    ASSIGN_OR_RETURN(policy, ReadPolicy(flags.file));
    if (!policy.agent().empty() && policy.agent() != flags.policy.agent()) {
      return WrongInFile(flags.file, "the policy of agent '" + policy.agent() + "'",
                         "that of '" + flags.policy.agent() + "'");
    }
    policy.set_agent(flags.policy.agent());
    policy.set_reason(flags.policy.reason());
    return policy;
  }
  for (const std::string& name : flags.suites) {
    evalgate_v1::SuiteRequirement& suite = *policy.add_suites();
    suite.set_suite_name(name);
    *suite.mutable_bar() = flags.bar;
    if (flags.most_infrastructure_errors) {
      suite.set_most_infrastructure_errors(*flags.most_infrastructure_errors);
    }
  }
  for (const std::string& judge : flags.judges) policy.add_judges(judge);
  return policy;
}

// The policy_version that stands; 0 where there is none.
absl::StatusOr<int64_t> CurrentVersion(const SetPolicyFlags& flags) {
  evalgate_v1::GetReleasePolicyRequest request;
  request.set_agent(flags.policy.agent());
  const auto response = CallGatePolicy(flags.place, &PolicyStub::GetReleasePolicy, request);
  if (errors::ReasonOf(response.status()) == Reason::kNotFound) return 0;
  RETURN_IF_ERROR(response.status());
  return response->policy().policy_version();
}

absl::StatusOr<evalgate_v1::SetReleasePolicyResponse> SetPolicy(const SetPolicyFlags& flags) {
  evalgate_v1::SetReleasePolicyRequest request;
  ASSIGN_OR_RETURN(*request.mutable_policy(), WantedPolicy(flags));
  ASSIGN_OR_RETURN(const int64_t current, CurrentVersion(flags));
  const int64_t made_from = request.policy().policy_version();
  if (made_from != 0 && made_from != current && made_from != current + 1) {
    return WrongInFile(flags.file, fmt::format("policy_version {}", made_from),
                       fmt::format("{}, which stands, or none", current));
  }
  if (current > 0) {
    // The same command again, whose answer was lost: what it says stands already.
    request.mutable_policy()->set_policy_version(current);
    auto same = CallGatePolicy(flags.place, &PolicyStub::SetReleasePolicy, request);
    if (errors::ReasonOf(same.status()) != Reason::kAlreadyExistsWithOtherContent) return same;
  }
  // Where another one was set since, the gate refuses it.
  request.mutable_policy()->set_policy_version(current + 1);
  return CallGatePolicy(flags.place, &PolicyStub::SetReleasePolicy, request);
}

// Names what is wrong by its place in the file, in the place of a flag that nobody typed.
int FailInFile(const absl::Status& status, const SetPolicyFlags& flags) {
  constexpr std::string_view kHead = "policy.";
  const std::vector<errors::FieldViolation> violations = ViolationsOf(status);
  for (const auto& [field, description] : violations) {
    const std::string_view place = field;
    std::fprintf(stderr, "error: %s: %s: %s\n", Printable(flags.file).c_str(),
                 Printable(place.starts_with(kHead) ? place.substr(kHead.size()) : place).c_str(),
                 Printable(description).c_str());
  }
  return violations.empty() ? Fail(status, flags.place.target.address) : kExitFailed;
}

int RunSetPolicy(const SetPolicyFlags& flags) {
  const auto response = SetPolicy(flags);
  if (!response.ok() && !flags.file.empty()) return FailInFile(response.status(), flags);
  if (!response.ok()) return Fail(response.status(), flags.place.target.address);
  const evalgate_v1::ReleasePolicy& policy = response->policy();
  fmt::print("policy {} of agent '{}': {}\n\n{}", policy.policy_version(),
             Printable(policy.agent()), response->replayed() ? "stands already" : "set",
             BarsText(policy));
  std::fflush(stdout);
  WarnOfPolicy(flags.place, policy);
  return kExitOk;
}

void AddSetPolicyFlags(CLI::App& command, SetPolicyFlags& flags) {
  evalgate_v1::ReleasePolicy& policy = flags.policy;
  command.add_option("AGENT", *policy.mutable_agent(), "whose versions it judges")->required();
  CLI::Option* const file =
      command
          .add_option("--file", flags.file,
                      "a ReleasePolicy as JSON in the place of the other flags, for another bar a\n"
                      "suite: 'flywheel gate policy AGENT --json | jq .policy' writes one")
          ->check(IsFile());
  command.add_option("--suite", flags.suites, "the name of a suite that counts; one or more")
      ->excludes(file);
  AddBarFlags(command, flags.bar, file);
  command
      .add_option_function<int32_t>(
          "--most-infrastructure-errors",
          [&flags](int32_t value) { flags.most_infrastructure_errors = value; },
          "how often one attempt at a case may end in an error of the infrastructure, 1 to 1000.\n"
          "Default: 10")
      ->excludes(file);
  command
      .add_option("--judge", flags.judges,
                  "the id of a key that may make these suites, submit outputs to them and have\n"
                  "them judged; one or more. Default: every key of role operator")
      ->excludes(file);
  command
      .add_option("--baseline", *policy.mutable_baseline_model_version(),
                  "what candidates are compared with. Default: what was approved last")
      ->excludes(file);
  command
      .add_option("--reference", *policy.mutable_reference_model_version(),
                  "what they are compared with as well. Default: the best that was approved")
      ->excludes(file);
  command.add_option("--reason", *policy.mutable_reason(), "why, for whoever asks in a year")
      ->required();
}

void AddShowPolicyCommand(CLI::App& gate, Run& run) {
  CLI::App* const command = gate.add_subcommand(
      "policy",
      "Shows an agent's release policy: which suites count and what a version must show on each,\n"
      "and what candidates are compared with now. A cohort with fewer cases than COHORT FROM is\n"
      "judged with the others only; COHORT MARGIN is for those of at least FROM cases. An attempt "
      "may\n"
      "end in an infrastructure error MOST INFRASTRUCTURE ERRORS times.");
  command->footer(std::string("Example: flywheel gate policy router\n") + kExitCodesHelp);
  const auto flags = std::make_shared<PolicyFlags>();
  command->add_option("AGENT", *flags->request.mutable_agent(), "whose policy")->required();
  command->add_flag("--json", flags->json, "print it (GetReleasePolicyResponse) as JSON");
  AddGatePolicyFlags(*command, flags->place);
  command->callback([flags, &run] { run = [flags] { return RunPolicy(*flags); }; });
}

void AddSetPolicyCommand(CLI::App& gate, Run& run) {
  CLI::App* const command = gate.add_subcommand(
      "set-policy",
      "Sets an agent's next release policy: the suites whose newest versions a model version must\n"
      "PASS before it may ship, and the bar of each. Suites need not be made yet. Policies are\n"
      "kept, with who set them and why; what was judged counts on where suite, bar and baseline\n"
      "are the same. With keys, it takes one of role owner.");
  command->footer(
      std::string("Example: flywheel gate set-policy router --suite refunds --suite held-out \\\n"
                  "           --floor 0.95 --reason 'refunds count from now on'\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<SetPolicyFlags>();
  AddSetPolicyFlags(*command, *flags);
  AddGatePolicyFlags(*command, flags->place);
  command->callback([flags, &run] {
    if (flags->suites.empty() && flags->file.empty()) {
      throw CLI::RequiredError("--suite NAME, or --file FILE,");
    }
    run = [flags] { return RunSetPolicy(*flags); };
  });
}

}  // namespace

void AddPolicyCommands(CLI::App& gate, Run& run) {
  AddShowPolicyCommand(gate, run);
  AddSetPolicyCommand(gate, run);
}

}  // namespace flywheel::cli
