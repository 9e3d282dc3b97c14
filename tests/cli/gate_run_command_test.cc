// `flywheel gate run --command`: real agents, which crash, hang and talk, before a real gate.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <string>
#include <utility>
#include <vector>

#include "flywheel/evalgate/v1/run_service.grpc.pb.h"
#include "tests/cli/gate_run_fixture.h"

namespace flywheel::cli {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class GateRunCommandTest : public GateRunFixture {
 protected:
  GateRunCommandTest() { EXPECT_EQ(Run("v1", GoodAgent(), {"--no-judge"}).ending, "exit code 0"); }

  // Asked by this agent, a line each.
  int Asked() const {
    const std::string asked = ReadAll(asked_);
    return static_cast<int>(std::count(asked.begin(), asked.end(), '\n'));
  }

  // Cases that the gate has the right answer of.
  int Passed(const std::string& version) const {
    const std::string cases = Gate({"cases", "smoke", version, "--limit", "1000"}).output;
    int passed = 0;
    for (size_t i = cases.find("PASSED"); i != std::string::npos; i = cases.find("PASSED", i + 1)) {
      ++passed;
    }
    return passed;
  }

  // Notes each question, and answers those after `first` only once the file `go_` is there.
  std::string WaitingAgent(int first) {
    return Agent("waiting", fmt::format(R"sh(
echo "$n" >> {0}
while [ "$(wc -l < {0})" -gt {1} ] && [ ! -e {2} ]; do sleep 0.02; done
echo "{{\"output\": \"answer $n\"}}")sh",
                                        asked_, first, go_));
  }

  const std::string asked_ = directory_.path() + "/asked";
  const std::string go_ = directory_.path() + "/go";
};

TEST_F(GateRunCommandTest, TellsInOneCallWhichCasesGotWorse) {
  const CommandResult worse = Run("v2", HalfAgent(), {"--baseline", "v1"});
  EXPECT_EQ(worse.ending, "exit code 4") << worse.output;
  EXPECT_THAT(
      worse.output,
      AllOf(HasSubstr("v2: BLOCK on suite smoke, version 1"), HasSubstr("against v1"),
            ContainsRegex("\nall +blocks +"), HasSubstr("\nregressed (10 of "),
            ContainsRegex("\ni[0-9]+ .*question number.*answer [0-9]+ +no idea +normalised: "
                          "want the ideal output, whatever its case and spaces\n"),
            HasSubstr("all of them: flywheel gate cases smoke v2 --baseline v1 --only "
                      "regressed"),
            HasSubstr(fmt::format("{} answered, 0 of them errors", kCases))));
  const CommandResult good = Run("v3", GoodAgent(), {"--baseline", "v1"});
  EXPECT_EQ(good.ending, "exit code 0") << good.output;
  EXPECT_THAT(good.output, HasSubstr("v3: PASS on suite smoke"));
  const CommandResult again = Run("v3", HalfAgent(), {"--baseline", "v1"});
  EXPECT_EQ(again.ending, "exit code 0") << "what v3 answered stays";
  EXPECT_THAT(again.output, HasSubstr("is finished already: nothing is asked"));
}

TEST_F(GateRunCommandTest, AnAgentThatDoesNotRunSaysNothingAboutItsVersion) {
  for (const auto& [command, why] : std::vector<std::pair<std::string, std::string>>{
           {"./no-such-agent", "not found"},
           {"echo 'no module named openai' >&2; exit 3", "no module named openai"},
           {Agent("talks", "echo 'Loading the model...'"), "Loading the model..."},
           {Agent("ends", "exit 1"), "without an answer"}}) {
    const CommandResult result = Run("v2", command, {"--baseline", "v1"});
    EXPECT_EQ(result.ending, "exit code 1") << result.output;
    EXPECT_THAT(result.output, AllOf(HasSubstr("the agent does not answer"), HasSubstr(why),
                                     HasSubstr("stays open")));
  }
  EXPECT_EQ(Run("v2", GoodAgent(), {"--baseline", "v1"}).ending, "exit code 0");
}

TEST_F(GateRunCommandTest, AnOutageIsInconclusiveAndGoesAway) {
  struct Outage {
    std::string command, timeout, why;
  };
  for (const auto& [command, timeout, why] : std::vector<Outage>{
           {Agent("hangs", "sleep 100"), "50ms", "no answer within 50ms"},
           {Agent("limited", R"(echo '{"infrastructure_error": "429 Too Many Requests"}')"), "1m",
            "429 Too Many Requests"},
           {Agent("killed", "kill -9 $$"), "1m", "Killed"}}) {
    const std::string file = directory_.path() + "/summary.md";
    const CommandResult result =
        Run("v2", command, {"--baseline", "v1", "--timeout", timeout, "--markdown", file});
    EXPECT_EQ(result.ending, "exit code 5") << result.output;
    EXPECT_THAT(result.output, AllOf(HasSubstr("v2: INCONCLUSIVE on suite smoke"), HasSubstr(why),
                                     HasSubstr("says nothing about the version")));
    EXPECT_THAT(ReadAll(file), HasSubstr("INCONCLUSIVE on suite smoke"));
  }
  EXPECT_EQ(Run("v2", GoodAgent(), {"--baseline", "v1"}).ending, "exit code 0");
}

TEST_F(GateRunCommandTest, ABaselineWithoutAnswersIsFoundBeforeTheAgentIsAsked) {
  const std::string limited = Agent("limited", R"(echo '{"infrastructure_error": "503"}')");
  EXPECT_EQ(Run("v0", limited, {"--no-judge"}).ending, "exit code 5");
  const std::string asking = Agent(
      "asking", "echo \"$n\" >> " + asked_ + "; echo \"{\\\"output\\\": \\\"answer $n\\\"}\"");
  const std::string file = directory_.path() + "/summary.md";
  const CommandResult outage = Run("v2", asking, {"--baseline", "v0", "--markdown", file});
  EXPECT_EQ(outage.ending, "exit code 6") << outage.output;
  EXPECT_THAT(outage.output,
              AllOf(HasSubstr("v2: NOT JUDGED on suite smoke"),
                    ContainsRegex("'v0', which it is compared with, has no finished run on version "
                                  "1 of suite 'smoke' .of its run 'run-v0-[0-9a-f]+' 0 of 100 "),
                    HasSubstr("flywheel gate run --agent support --suite smoke --candidate v0 "
                              "--no-judge")));
  EXPECT_THAT(ReadAll(file), HasSubstr("NOT JUDGED"));
  const CommandResult typo = Run("v2", asking, {"--baseline", "v11"});
  EXPECT_EQ(typo.ending, "exit code 6");
  EXPECT_THAT(typo.output,
              HasSubstr("Did you mean 'v1'? Known versions with a finished run: 'v1'"));
  const auto set_baseline = [this](const std::string& version) {
    return Gate({"set-policy", "support", "--suite", "smoke", "--baseline", version, "--reason",
                 "r"})
        .ending;
  };
  EXPECT_EQ(set_baseline("v0"), "exit code 0");
  EXPECT_EQ(Run("v2", asking).ending, "exit code 6") << "the policy's baseline too";
  EXPECT_EQ(Asked(), 0) << "nobody paid for it";
  EXPECT_EQ(Gate({"runs", "--model-version", "v2"}).output, "nothing matches\n");
  EXPECT_EQ(set_baseline("v1"), "exit code 0");
  EXPECT_EQ(Run("v2", asking).ending, "exit code 0");
  EXPECT_EQ(Asked(), kCases);
}

TEST_F(GateRunCommandTest, WithoutAVerdictSaysHowManyPassed) {
  const CommandResult half = Run("v2", HalfAgent(), {"--no-judge"});
  EXPECT_EQ(half.ending, "exit code 0") << half.output;
  EXPECT_THAT(half.output, HasSubstr("v2 is finished: 100 answers to 100 attempts; 50 passed\n"));
  EXPECT_EQ(Gate({"set-policy", "support", "--suite", "smoke", "--reason", "r"}).ending,
            "exit code 0");
  EXPECT_THAT(Run("v3", HalfAgent(), {"--no-judge"}).output,
              HasSubstr("how many passed is told by the verdict, because the release policy names "
                        "the suite\n"));
}

// The baseline fails them too, so nothing regressed: the floor alone says no.
TEST_F(GateRunCommandTest, ListsTheCasesThatFailedWhereAFloorBlocks) {
  const std::string half = HalfAgent();
  EXPECT_EQ(Run("v0", half, {"--no-judge"}).ending, "exit code 0");
  const CommandResult result = Run("v2", half, {"--baseline", "v0"});
  EXPECT_EQ(result.ending, "exit code 4") << result.output;
  EXPECT_THAT(result.output,
              AllOf(Not(HasSubstr("\nregressed")), HasSubstr("\nfailed (10 of 50):"),
                    HasSubstr("all of them: flywheel gate cases smoke v2 --baseline v0 --only "
                              "failed")));
  const CommandResult alone = Run("v3", half);
  EXPECT_EQ(alone.ending, "exit code 4");
  EXPECT_THAT(alone.output, HasSubstr("\nfailed (10 of 50):"));
  const CommandResult json = Run("v2", half, {"--baseline", "v0", "--json"});
  EXPECT_EQ(Report(json)["suites"][0]["failed"]["total"], 50);
}

TEST_F(GateRunCommandTest, WhatAnAgentThatRunsFailsToAnswerIsItsOwnError) {
  // Ends after each answer, and falls over at every third question.
  const std::string agent = Agent("falls", R"([ $((n % 3)) = 0 ] && exit 1
                                              echo "{\"output\": \"answer $n\"}"; exit 0)");
  const CommandResult result =
      Run("v2", agent, {"--baseline", "v1", "--concurrency", "2", "--json"});
  EXPECT_EQ(result.ending, "exit code 4") << result.output;
  const nlohmann::json report = Report(result);
  EXPECT_EQ(report["answer"], "BLOCK");
  EXPECT_THAT(report["suites"][0]["regressed"]["first"][0]["output"].get<std::string>(),
              HasSubstr("without an answer"));
}

TEST_F(GateRunCommandTest, GoesOnAfterItWasKilledAndAfterCtrlC) {
  const std::string agent = WaitingAgent(20);
  const std::vector<std::string> arguments = RunArguments("v2", agent, {"--baseline", "v1"});
  const std::string log = directory_.path() + "/log";
  for (const int signal : {SIGKILL, SIGINT}) {
    const int before = Asked();
    auto run = Begin(arguments, log);
    ASSERT_OK(run);
    // Answers are submitted once a second at least.
    // Four wait for their answers; the others are with the gate.
    ASSERT_TRUE(Eventually([&] {
      const int asked = Asked();
      return asked >= std::max(before + 4, 21) && Passed("v2") >= asked - 4 - (before > 0 ? 4 : 0);
    }));
    kill(run->pid(), signal);
    ASSERT_TRUE(run->WaitForExit(absl::Seconds(20)));
    EXPECT_EQ(run->Exited(), signal == SIGKILL ? "signal 9 (Killed)" : "exit code 1");
  }
  EXPECT_THAT(ReadAll(log), AllOf(HasSubstr("stopped before the end"), HasSubstr("goes on")));
  const CommandResult half_way = Gate({"check", "v2", "--agent", "support"});
  EXPECT_EQ(half_way.ending, "exit code 6") << "an unfinished run says nothing";

  Write("go", "");
  const CommandResult rest = Run("v2", agent, {"--baseline", "v1"});
  EXPECT_EQ(rest.ending, "exit code 0") << rest.output;
  EXPECT_THAT(rest.output, HasSubstr("goes on: "));
  EXPECT_LE(Asked(), kCases + 8) << "what was answered is not asked again";
  const CommandResult twin = Run("v3", GoodAgent(), {"--baseline", "v1", "--json"});
  nlohmann::json mine =
      Report(Run("v2", agent, {"--baseline", "v1", "--json"}))["suites"][0]["verdict"]["findings"];
  EXPECT_EQ(mine, Report(twin)["suites"][0]["verdict"]["findings"]);
}

TEST_F(GateRunCommandTest, TwoAtOnceGetOneVerdict) {
  const std::string agent = WaitingAgent(4);
  const std::vector<std::string> arguments =
      RunArguments("v2", agent, {"--baseline", "v1", "--json"});
  const std::string first_log = directory_.path() + "/first";
  const std::string second_log = directory_.path() + "/second";
  auto first = Begin(arguments, first_log);
  auto second = Begin(arguments, second_log);
  ASSERT_OK(first);
  ASSERT_OK(second);
  ASSERT_TRUE(Eventually([&] { return Asked() >= 8; }));
  Write("go", "");
  ASSERT_TRUE(first->WaitForExit(absl::Seconds(60)));
  ASSERT_TRUE(second->WaitForExit(absl::Seconds(60)));
  EXPECT_EQ(first->Exited(), "exit code 0") << ReadAll(first_log);
  EXPECT_EQ(second->Exited(), "exit code 0") << ReadAll(second_log);
  EXPECT_EQ(Report({"", ReadAll(first_log)}), Report({"", ReadAll(second_log)}));
}

TEST_F(GateRunCommandTest, StopsAtWhatTheUserWantsToPay) {
  const std::string agent =
      Agent("dear", R"(echo "{\"output\": \"answer $n\", \"cost_usd\": 0.01}")");
  const CommandResult stopped = Run("v2", agent, {"--baseline", "v1", "--max-cost", "0.2"});
  EXPECT_EQ(stopped.ending, "exit code 1") << stopped.output;
  EXPECT_THAT(stopped.output, AllOf(HasSubstr("--max-cost is reached"), HasSubstr("stays open")));
  EXPECT_EQ(Run("v2", agent, {"--baseline", "v1"}).ending, "exit code 0");
}

TEST_F(GateRunCommandTest, ARunOfAGivenNameCountsItsAttempts) {
  // Every second attempt of a case is wrong.
  const std::string agent = Agent("flaky", R"(
      case $line in
        *'"attempt":2'*) echo '{"output": "no idea"}';;
        *) echo "{\"output\": \"answer $n\"}";;
      esac)");
  const CommandResult result =
      Run("v2", agent, {"--baseline", "v1", "--attempts", "2", "--json", "--run", "shared"});
  const nlohmann::json suite = Report(result)["suites"][0];
  EXPECT_EQ(suite["verdict"]["run_id"], "shared") << result.output;
  EXPECT_EQ(suite["verdict"]["attempts_per_case"], 2);
  EXPECT_EQ(suite["regressed"]["first"][0]["attempts"], 2);
  const CommandResult other = Run("v3", agent, {"--run", "shared"});
  EXPECT_EQ(other.ending, "exit code 1");
  EXPECT_THAT(other.output, HasSubstr("give another --run"));
}

TEST_F(GateRunCommandTest, GoesPastARunThatHasItsIdAndIsOfNoUse) {
  EXPECT_EQ(
      Gate({"suite", "create", Write("other.jsonl", R"({"id": "x", "input": "q", "ideal": "a"})"),
            "--agent", "support", "--name", "other", "--id", "other"})
          .ending,
      "exit code 0");
  // Its run has no answer, and is open.
  EXPECT_EQ(
      Gate({"submit", Write("none.jsonl", "\n"), "--suite", "smoke", "--candidate", "v2"}).ending,
      "exit code 6");
  const auto stub = evalgate::v1::RunService::NewStub(
      grpc::CreateChannel(gate_, grpc::InsecureChannelCredentials()));
  evalgate::v1::ListRunsRequest of_v2;
  of_v2.set_model_version("v2");
  evalgate::v1::ListRunsResponse runs;
  grpc::ClientContext list;
  ASSERT_TRUE(stub->ListRuns(&list, of_v2, &runs).ok());
  ASSERT_EQ(runs.runs_size(), 1);
  const std::string id = runs.runs(0).run_id();
  evalgate::v1::AbortRunRequest abort;
  abort.set_run_id(id);
  abort.set_reason("by mistake");
  evalgate::v1::AbortRunResponse aborted;
  grpc::ClientContext aborting;
  ASSERT_TRUE(stub->AbortRun(&aborting, abort, &aborted).ok());
  evalgate::v1::StartRunRequest other;
  other.set_run_id(id + "-2");
  other.set_suite_id("other");
  other.set_model_version("v2");
  evalgate::v1::StartRunResponse started;
  grpc::ClientContext starting;
  ASSERT_TRUE(stub->StartRun(&starting, other, &started).ok());

  const CommandResult wished = Run("v2", GoodAgent(), {"--baseline", "v1", "--run", id});
  EXPECT_EQ(wished.ending, "exit code 1") << "it was asked for by name";
  EXPECT_THAT(wished.output, HasSubstr("was aborted (by mistake): give another --run"));
  for (const char* const what : {"answered, 0 of them errors", "is finished already"}) {
    const CommandResult result = Run("v2", GoodAgent(), {"--baseline", "v1"});
    EXPECT_EQ(result.ending, "exit code 0") << result.output;
    EXPECT_THAT(
        result.output,
        AllOf(HasSubstr(fmt::format(
                  "run '{0}' was aborted (by mistake): '{0}-3' is the run in its place\n", id)),
              HasSubstr(what)));
  }
}

TEST_F(GateRunCommandTest, TriesEachCaseAsOftenAsThePolicyWants) {
  EXPECT_EQ(Gate({"set-policy", "support", "--suite", "smoke", "--floor", "0.5", "--least-attempts",
                  "2", "--reason", "first"})
                .ending,
            "exit code 0");
  const CommandResult few = Run("v2", GoodAgent(), {"--attempts", "1"});
  EXPECT_EQ(few.ending, "exit code 1") << few.output;
  EXPECT_THAT(few.output, HasSubstr("--attempts: got 1, want 2 or more"));
  const CommandResult result = Run("v2", GoodAgent(), {"--json"});
  EXPECT_EQ(result.ending, "exit code 0") << result.output;
  EXPECT_EQ(Report(result)["suites"][0]["verdict"]["attempts_per_case"], 2);
}

TEST_F(GateRunCommandTest, WrongUsageIsSaidBeforeAnythingIsAsked) {
  for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{
           {"--suite", "smoke", "--candidate", "v2"},
           {"--suite", "smoke", "--candidate", "v2", "--command", "x", "--openai-url", "http://y"},
           {"--suite", "smoke", "--candidate", "v2", "--openai-url", "http://y"},
           {"--suite", "smoke", "--candidate", "v2", "--command", "x", "--timeout", "soon"},
           {"--suite", "smoke", "--candidate", "", "--command", "x"}}) {
    std::vector<std::string> arguments = wrong;
    arguments.insert(arguments.begin(), "run");
    EXPECT_EQ(Gate(arguments).ending, "exit code 2") << ::testing::PrintToString(wrong);
  }
  const CommandResult unknown =
      Gate({"run", "--suite", "nothing", "--candidate", "v2", "--command", "x"});
  EXPECT_EQ(unknown.ending, "exit code 1");
  EXPECT_THAT(unknown.output,
              AllOf(HasSubstr("suite 'nothing'"), HasSubstr("Known suites: 'smoke'")));
  const CommandResult other =
      RunFlywheel({"gate", "run", "--suite", "smoke", "--candidate", "v2", "--command", "x",
                   "--address", services_->at(Service::kIngest).address});
  EXPECT_EQ(other.ending, "exit code 2") << other.output;
  EXPECT_THAT(other.output, HasSubstr("is flywheel-ingest, want flywheel-eval-gate: --address"));
  EXPECT_EQ(RunFlywheel({"gate", "run", "--suite", "smoke", "--candidate", "v2", "--command", "x",
                         "--address", "127.0.0.1:1"})
                .ending,
            "exit code 3");
}

}  // namespace
}  // namespace flywheel::cli
