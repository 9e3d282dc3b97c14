// `flywheel gate policy`, `set-policy`, `approve` and `waive`, and what `flywheel verdict` makes of
// them, on a gate of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/command_fixture.h"

namespace flywheel::cli {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

constexpr char kOwnerKey[] = "key-of-the-owner-001";
constexpr char kReleaseKey[] = "key-of-the-release-1";

class PolicyCommandsTest : public CommandFixture {
 protected:
  void SetUp() override { StartServices({Service::kEvalGate}); }

  CommandResult Run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--address", services_->at(Service::kEvalGate).address});
    return RunFlywheel(arguments);
  }

  CommandResult Gate(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "gate");
    return Run(std::move(arguments));
  }

  // One that must succeed.
  std::string Done(const std::vector<std::string>& arguments) const {
    const CommandResult result = Gate(arguments);
    EXPECT_EQ(result.ending, "exit code 0") << result.output;
    return result.output;
  }

  CommandResult Verdict(const std::string& version, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"verdict", version, "--agent", "support"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments);
  }

  nlohmann::json Shown() const {
    return nlohmann::json::parse(Done({"policy", "support", "--json"}));
  }
};

TEST_F(PolicyCommandsTest, WithoutAPolicyNothingMayShipAndTheNextStepIsSaid) {
  const CommandResult policy = Gate({"policy", "support"});
  EXPECT_EQ(policy.ending, "exit code 1");
  EXPECT_THAT(policy.output, HasSubstr("release policy of agent"));
  const CommandResult verdict = Verdict("v1");
  EXPECT_EQ(verdict.ending, "exit code 6");
  EXPECT_THAT(verdict.output,
              AllOf(HasSubstr("v1: NOT CONFIGURED, may not ship"),
                    HasSubstr("flywheel gate set-policy support --suite NAME --reason TEXT")));
}

TEST_F(PolicyCommandsTest, APolicyIsSetOnceAndShownWithItsBars) {
  const std::vector<std::string> first = {"set-policy",
                                          "support",
                                          "--suite",
                                          "refunds",
                                          "held-out",
                                          "--floor",
                                          "0.95",
                                          "--margin",
                                          "0.05",
                                          "--alpha",
                                          "0.01",
                                          "--least-cases",
                                          "2000",
                                          "--judge",
                                          "ci",
                                          "nightly",
                                          "--reason",
                                          "refunds",
                                          "--cohort-margin",
                                          "0.2",
                                          "--repeat-rule",
                                          "all",
                                          "--least-attempts",
                                          "3"};
  EXPECT_THAT(Done(first), HasSubstr("policy 1 of agent 'support': set\n"));
  EXPECT_THAT(Done(first), HasSubstr("policy 1 of agent 'support': stands already\n"));
  EXPECT_THAT(Done({"policy", "support"}),
              AllOf(HasSubstr("agent 'support': policy 1, set 20"), HasSubstr("reason     refunds"),
                    HasSubstr("baseline   none, because no version was approved yet"),
                    HasSubstr("judges     ci, nightly"),
                    ContainsRegex("refunds +0.95 +0.05 +0.01 +2,000 +3 +10 +ALL +1 +0.2 +150 +-"),
                    ContainsRegex("held-out +0.95 ")));

  EXPECT_THAT(Done({"set-policy", "support", "--suite", "refunds", "--baseline", "v0",
                    "--reference", "v9", "--reason", "one is enough"}),
              HasSubstr("policy 2 of agent 'support': set\n"));
  EXPECT_THAT(Done({"policy", "support"}),
              AllOf(HasSubstr("baseline   v0 (the policy names it)"),
                    HasSubstr("reference  v9 (the policy names it)"),
                    HasSubstr("judges     every key of role operator"),
                    ContainsRegex("refunds +0.92 +0.03 "), Not(HasSubstr("held-out"))));
}

TEST_F(PolicyCommandsTest, AFileHasABarForEverySuite) {
  const auto set = [&](const std::string& text) {
    return Gate({"set-policy", "support", "--file", Write("policy.json", text), "--reason", "r"});
  };
  const CommandResult made = set(
      R"({"suites": [{"suite_name": "a", "bar": {"pass_rate_floor": 0.5,
          "cohort_floors": {"vip": 0.9, "app": 0.8}}}, {"suite_name": "b"}]})");
  EXPECT_EQ(made.ending, "exit code 0") << made.output;
  EXPECT_THAT(made.output, AllOf(HasSubstr("app 0.8, vip 0.9\n"), ContainsRegex("\nb +0.92 ")));
  // What is shown can be set, changed or not.
  nlohmann::json policy = Shown()["policy"];
  EXPECT_EQ(policy["created_by"], nullptr);
  EXPECT_THAT(set(policy.dump()).output, HasSubstr("policy 1 of agent 'support': stands already"));
  policy["suites"].erase(1);
  EXPECT_THAT(set(policy.dump()).output, HasSubstr("policy 2 of agent 'support': set"));
  EXPECT_EQ(Shown()["policy"]["suites"].size(), 1u);

  const auto expect_refused = [&](const std::string& text, const std::string& why) {
    const CommandResult refused = set(text);
    EXPECT_EQ(refused.ending, "exit code 1") << text;
    EXPECT_THAT(refused.output, HasSubstr(why));
  };
  policy["policy_version"] = "7";
  expect_refused(policy.dump(), "got policy_version 7, want 2, which stands, or none");
  expect_refused(R"({"agent": "router", "suites": [{"suite_name": "a"}]})", "agent 'router'");
  expect_refused(R"({"suits": []})", "want a ReleasePolicy as JSON");
  expect_refused(R"({"suites": []})", "policy.json: suites: got 0, want 1 to 20\n");
  expect_refused(R"({"suites": [{"suite_name": "a", "bar": {"alpha": 2}}]})",
                 "policy.json: suites[0].bar.alpha: got 2, want 0.001 to 0.2\n");
  EXPECT_THAT(
      Gate({"set-policy", "support", "--suite", "a", "--alpha", "2", "--reason", "r"}).output,
      HasSubstr("error: --alpha: got 2, want 0.001 to 0.2.\n"));
}

TEST_F(PolicyCommandsTest, AnApprovalMakesTheBaselineAndTheSameWordsAreAReplay) {
  Done({"set-policy", "support", "--suite", "s", "--reason", "r"});
  const std::vector<std::string> approve = {"approve", "support", "v1", "--reason", "serves"};
  const std::string first = Done(approve);
  EXPECT_THAT(first, MatchesRegex("v1 of agent 'support': approved .approval approval-[0-9a-f-]+.; "
                                  "the best that was approved is v1\n"
                                  "warning: agent 'support' has no suite yet. There are no agents "
                                  "with suites.\n"));
  const std::string id = first.substr(first.find("(approval "), 46);
  EXPECT_THAT(Done(approve), AllOf(HasSubstr("was approved before"), HasSubstr(id)));
  EXPECT_EQ(Shown()["baseline_model_version"], "v1");
  EXPECT_THAT(Done({"policy", "support"}), HasSubstr("baseline   v1 (approved last)"));

  EXPECT_THAT(Done({"approve", "support", "v2", "--reason", "serves", "--approval-id", "a2"}),
              HasSubstr("v2 of agent 'support': approved (approval a2); the best that was approved "
                        "is v1\n"))
      << "v2 was not judged";
  // Back to what served before, for the same reason: no replay, for v2 came between.
  EXPECT_THAT(Done(approve), AllOf(HasSubstr("approved (approval"), Not(HasSubstr(id))));
  EXPECT_EQ(Shown()["baseline_model_version"], "v1");
  EXPECT_EQ(Verdict("v3", {"--baseline", "v1"}).ending, "exit code 6");
}

TEST_F(PolicyCommandsTest, AWaiverLetsAVersionShipAndSaysByWhomAndWhy) {
  Done({"set-policy", "support", "--suite", "a", "b", "--reason", "r"});
  const CommandResult before = Verdict("v1");
  EXPECT_EQ(before.ending, "exit code 6");
  EXPECT_THAT(before.output,
              AllOf(HasSubstr("v1: NOT JUDGED, may not ship  (policy 1, no baseline): "),
                    ContainsRegex("\na +NOT JUDGED +NOT_JUDGED +- +- "),
                    HasSubstr("flywheel gate run --agent support")));
  const std::vector<std::string> waive = {"waive",  "support", "v1", "--owner", "Ada", "--reason",
                                          "outage", "--days",  "2",  "--suite", "a"};
  EXPECT_THAT(Done(waive), ContainsRegex("^v1 of agent 'support': waived until 20.*T00:00:00Z, on "
                                         "a, by Ada .waiver waiver-[0-9a-f]+.\n"));
  EXPECT_THAT(Done(waive), HasSubstr("was waived before"));
  EXPECT_EQ(Verdict("v1").ending, "exit code 6") << "b is not waived";
  Done({"waive", "support", "v1", "--owner", "Ada", "--reason", "outage", "--days", "365"});
  const CommandResult waived = Verdict("v1");
  EXPECT_EQ(waived.ending, "exit code 0") << waived.output;
  EXPECT_THAT(
      waived.output,
      AllOf(Not(HasSubstr("Next:")), HasSubstr("v1: WAIVED, may ship though found was NOT JUDGED"),
            ContainsRegex("\nb +NOT JUDGED +WAIVED +- +- +waived by Ada until "
                          "20.*: outage")));
  const auto answer = nlohmann::json::parse(Verdict("v1", {"--json"}).output);
  EXPECT_EQ(answer["may_ship"], true);
  EXPECT_EQ(answer["suites"][1]["waiver"]["owner"], "Ada");
  EXPECT_EQ(nlohmann::json::parse(Verdict("v2", {"--json"}).output)["may_ship"], false);
}

TEST_F(PolicyCommandsTest, NamesItselfWhereItIsUsedWrongly) {
  const auto wrong = [&](const std::vector<std::string>& arguments, const std::string& said) {
    const CommandResult result = Gate(arguments);
    EXPECT_EQ(result.ending, "exit code 2");
    EXPECT_THAT(result.output, HasSubstr(said));
  };
  wrong({"set-policy", "support", "--reason", "r"},
        "error: --suite NAME, or --file FILE, is required. 'flywheel gate set-policy --help' says "
        "more.\n");
  wrong({"set-policy", "support", "--suite", "a"}, "error: --reason is required. 'flywheel gate");
  wrong({"set-policy", "support", "--suite", "a", "--reason", "r", "--file", Write("f", "{}")},
        "'flywheel gate set-policy --help' says more.\n");
  wrong({"approve", "support", "--reason", "r"},
        "error: VERSION is required. 'flywheel gate approve");
  wrong({"waive", "support", "v1", "--owner", "a", "--reason", "r", "--days", "366"},
        "'flywheel gate waive --help' says more.\n");
  wrong(
      {"dance"},
      "error: got 'dance', want one of suite, run, submit, check, suites, runs, verdicts, cases, ");
  wrong({"dance"}, ". 'flywheel gate --help' says more.\n");
  wrong({"suite", "dance"},
        "want one of create, from-dataset, show, diff. 'flywheel gate suite --help' says");
}

TEST_F(PolicyCommandsTest, AllThatOwnersSaidIsListed) {
  Done({"set-policy", "support", "--suite", "a", "--suite", "b", "--reason", "first", "--judge",
        "ci"});
  Done({"set-policy", "support", "--suite", "a", "--baseline", "v0", "--reason", "second"});
  Done({"approve", "support", "v1", "--reason", "serves", "--approval-id", "a1"});
  Done({"waive", "support", "v2", "--owner", "Ada", "--reason", "outage", "--days", "1"});
  const std::string policies = Done({"policies", "--agent", "support"});
  EXPECT_THAT(policies, ContainsRegex("support +2 +a +v0 +- +- +20.*Z +- +second\n"
                                      "support +1 +a, b +- +- +ci +20.*Z +- +first\n"));
  EXPECT_THAT(Done({"policies", "--limit", "1"}), HasSubstr("--limit shows more"));
  EXPECT_THAT(Done({"policies", "--oldest-first", "--json"}),
              ContainsRegex("^.*\"reason\":\"first\".*\n.*\"reason\":\"second\""));
  EXPECT_THAT(Done({"approvals"}), ContainsRegex("a1 +support +v1 +v1 +20.*Z +- +serves\n"));
  EXPECT_THAT(Done({"waivers"}),
              ContainsRegex("waiver-[0-9a-f]+ +support +v2 +all +Ada +20.*Z +20.*Z +- +outage\n"));
  EXPECT_EQ(Done({"waivers", "--agent", "other"}), "nothing matches\n");
}

// A suite "smoke" of "support" with the cohorts "web" and "app", which v1 answered.
class OwnersTypingErrorsTest : public PolicyCommandsTest {
 protected:
  void SetUp() override {
    StartServices({Service::kIngest, Service::kCuration, Service::kEvalGate});
    Done({"suite", "create",
          Write("cases.jsonl",
                "{\"id\": \"c1\", \"input\": \"a\", \"ideal\": \"b\", \"cohort\": "
                "\"web\"}\n{\"id\": \"c2\", \"input\": \"c\", \"ideal\": \"d\", "
                "\"cohort\": \"app\", \"labels\": {\"tier\": \"gold\"}}\n"),
          "--agent", "support", "--name", "smoke"});
    Done({"submit",
          Write("answers.jsonl",
                "{\"case_id\": \"c1\", \"output\": \"b\"}\n"
                "{\"case_id\": \"c2\", \"output\": \"d\"}\n"),
          "--suite", "smoke", "--candidate", "v1", "--no-judge"});
  }
};

TEST_F(OwnersTypingErrorsTest, AreSaidWithWhatThereIs) {
  EXPECT_THAT(Done({"set-policy", "suport", "--suite", "smoke", "--reason", "r"}),
              HasSubstr("warning: agent 'suport' has no suite yet. Did you mean 'support'? Known "
                        "agents with suites: 'support'.\n"));
  EXPECT_THAT(Done({"set-policy", "support", "--suite", "smoek", "--reason", "r"}),
              HasSubstr("warning: agent 'support' has no suite 'smoek' yet, and no version ships "
                        "before one is made and judged. Did you mean 'smoke'?"));
  EXPECT_THAT(
      Done({"set-policy", "support", "--suite", "smoke", "--baseline", "v0", "--reason", "r"}),
      HasSubstr("warning: version 'v0' answered no suite of agent 'support' yet, so nothing "
                "is known of it and nothing can be compared with it. Did you mean 'v1'?"));
  const std::string file = Write("policy.json", R"({"suites": [{"suite_name": "smoke", "bar": {
      "cohort_floors": {"wbe": 0.9, "tier=gold": 0.8}, "cohort_labels": ["tier", "teir"],
      "evaluators": [{"kind": "exact"}]}}]})");
  const std::string warned = Done({"set-policy", "support", "--file", file, "--reason", "r"});
  EXPECT_THAT(warned,
              HasSubstr("warning: version 1 of suite 'smoke' has no cohort 'wbe', and "
                        "nothing is a PASS while the policy wants a floor of it. Did you mean "
                        "'web'? Known cohorts: 'app', 'tier=gold', 'web'.\n"));
  EXPECT_THAT(warned, HasSubstr("warning: no case of version 1 of suite 'smoke' has the label "
                                "'teir'. Did you mean 'tier'? Known labels: 'tier'.\n"));
  EXPECT_THAT(warned, Not(HasSubstr("no cohort 'tier=gold'")));
  EXPECT_THAT(warned, HasSubstr("warning: version 1 of suite 'smoke' is judged by normalised, and "
                                "the policy wants exact"));
  EXPECT_THAT(Done({"approve", "support", "v2", "--reason", "r"}),
              HasSubstr("warning: version 'v2' answered no suite of agent 'support' yet"));
  EXPECT_THAT(
      Done({"waive", "support", "v1", "--owner", "Ada", "--reason", "r", "--days", "1", "--suite",
            "smok"}),
      HasSubstr("warning: release policy 3 of agent 'support' names no suite 'smok', so the "
                "waiver covers nothing there. Did you mean 'smoke'?"));
  const CommandResult evaluator =
      Gate({"set-policy", "support", "--reason", "r", "--file",
            Write("policy.json", R"({"suites": [{"suite_name": "smoke", "bar": {
                "evaluators": [{"kind": "exakt"}]}}]})")});
  EXPECT_EQ(evaluator.ending, "exit code 1");
  EXPECT_THAT(evaluator.output,
              AllOf(HasSubstr("evaluators[0]: kind: got \"exakt\", want one of checks, "),
                    Not(HasSubstr("Mend the request"))));
}

TEST_F(OwnersTypingErrorsTest, WhatIsThereIsNoneOfThem) {
  EXPECT_THAT(
      Done({"set-policy", "support", "--suite", "smoke", "--baseline", "V1", "--reason", "r"}),
      Not(HasSubstr("warning")));
  EXPECT_THAT(Done({"approve", "support", "v1", "--reason", "r"}), Not(HasSubstr("warning")));
  EXPECT_THAT(Done({"waive", "support", "v1", "--owner", "Ada", "--reason", "r", "--days", "1",
                    "--suite", "smoke"}),
              Not(HasSubstr("warning")));
}

using OwnersKeyTest = CommandFixture;

TEST_F(OwnersKeyTest, OnlyAnOwnersKeySetsApprovesAndWaives) {
  StartServices({Service::kEvalGate}, std::string("boss ") + kOwnerKey + " shop owner\nrelease " +
                                          kReleaseKey + " shop operator\n");
  const std::string release = Write("release", kReleaseKey), boss = Write("boss", kOwnerKey);
  const std::vector<std::vector<std::string>> commands = {
      {"set-policy", "support", "--suite", "a", "--reason", "r"},
      {"approve", "support", "v1", "--reason", "r"},
      {"waive", "support", "v1", "--owner", "Ada", "--reason", "r", "--days", "1"}};
  for (std::vector<std::string> command : commands) {
    const std::string name = command.front();
    command.insert(command.begin(), "gate");
    command.insert(command.end(),
                   {"--address", services_->at(Service::kEvalGate).address, "--key-file"});
    const auto with = [&command](const std::string& key_file) {
      std::vector<std::string> whole = command;
      whole.push_back(key_file);
      return RunFlywheel(whole);
    };
    const CommandResult refused = with(release);
    EXPECT_EQ(refused.ending, "exit code 1") << name;
    EXPECT_THAT(refused.output, HasSubstr("operator"));
    EXPECT_EQ(with(boss).ending, "exit code 0") << name;
  }
  EXPECT_THAT(RunFlywheel({"gate", "policy", "support", "--key-file", release, "--address",
                           services_->at(Service::kEvalGate).address})
                  .output,
              HasSubstr(" by boss\n"));
}

}  // namespace
}  // namespace flywheel::cli
