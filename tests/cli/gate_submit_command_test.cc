// `flywheel gate submit` and `flywheel gate check`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/cli/gate_run_fixture.h"

namespace flywheel::cli {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class GateSubmitCommandTest : public GateRunFixture {
 protected:
  GateSubmitCommandTest() {
    EXPECT_EQ(Run("v1", GoodAgent(), {"--no-judge"}).ending, "exit code 0");
  }

  // Lines of answers to the cases from `begin` to before `end`; the first `wrong` of the suite are
  // wrong.
  std::string Answers(int begin, int end, int wrong) const {
    std::string text;
    for (int i = begin; i < end; ++i) {
      text += fmt::format("{{\"case_id\": \"i{}\", \"output\": \"{}\"}}\n", i,
                          i < wrong ? "no idea" : fmt::format("answer {}", i));
    }
    return text;
  }

  CommandResult Submit(const std::string& version, const std::string& answers,
                       std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"submit", Write("answers.jsonl", answers), "--suite", "smoke",
                               "--candidate", version});
    return Gate(std::move(more));
  }
};

TEST_F(GateSubmitCommandTest, JudgesAFileOfAnswers) {
  const CommandResult half = Submit("v2", Answers(0, kCases, kCases / 2), {"--baseline", "v1"});
  EXPECT_EQ(half.ending, "exit code 4") << half.output;
  EXPECT_THAT(half.output, AllOf(HasSubstr("answers stored, 0 were there already"),
                                 HasSubstr("regressed (10 of ")));
  const std::string all = Answers(0, kCases, 0);
  EXPECT_EQ(Submit("v3", all, {"--baseline", "v1"}).ending, "exit code 0");
  const CommandResult again = Submit("v3", all, {"--baseline", "v1"});
  EXPECT_EQ(again.ending, "exit code 0");
  EXPECT_THAT(again.output, HasSubstr("0 answers stored"));
  const CommandResult other = Submit("v3", Answers(0, 5, 5), {"--baseline", "v1"});
  EXPECT_EQ(other.ending, "exit code 1") << "the PASS is of other answers";
  EXPECT_THAT(other.output,
              AllOf(HasSubstr("case 'i0' was not taken: "), HasSubstr("nothing is judged"),
                    Not(HasSubstr("CONTRADICTING_OUTPUTS")), Not(HasSubstr("PASS"))));
}

TEST_F(GateSubmitCommandTest, WhatIsMissingMayFollowAndAnEmptyFileIsNoPass) {
  const CommandResult empty = Submit("v2", "\n\n");
  EXPECT_EQ(empty.ending, "exit code 6") << empty.output;
  EXPECT_THAT(empty.output, HasSubstr("v2: NOT JUDGED"));
  const CommandResult some = Submit("v2", Answers(0, 10, 0));
  EXPECT_EQ(some.ending, "exit code 6");
  EXPECT_THAT(some.output, HasSubstr(fmt::format("of {} attempts 10 are answered, {} were not",
                                                 kCases, kCases - 10)));
  std::string outage = Answers(10, kCases - 1, 0);
  outage +=
      fmt::format("{{\"case_id\": \"i{}\", \"infrastructure_error\": \"503\"}}\n", kCases - 1);
  EXPECT_EQ(Submit("v2", outage).ending, "exit code 5");
  EXPECT_EQ(Submit("v2", Answers(kCases - 1, kCases, 0)).ending, "exit code 0");
}

TEST_F(GateSubmitCommandTest, AnOutageThatLastsSaysHowToGoOn) {
  const auto fail = [this](int time) {
    return Submit(
        "v2",
        fmt::format("{{\"case_id\": \"i0\", \"infrastructure_error\": \"503 at {}\"}}\n", time));
  };
  // As many as the bar allows.
  for (int i = 0; i < 10; ++i) ASSERT_EQ(fail(i).ending, "exit code 5") << i;
  const CommandResult refused = fail(10);
  EXPECT_EQ(refused.ending, "exit code 1") << refused.output;
  EXPECT_THAT(refused.output,
              AllOf(HasSubstr("error: 1 answers were not taken"), HasSubstr("which is still taken"),
                    ContainsRegex("abort the run 'run-v2-[0-9a-f]+' .AbortRun."),
                    Not(HasSubstr("another --candidate"))));
  EXPECT_EQ(Submit("v2", Answers(0, kCases, 0)).ending, "exit code 0");
  const CommandResult other = Submit("v2", Answers(0, 1, 1));
  EXPECT_THAT(other.output, AllOf(HasSubstr("another --candidate"), Not(HasSubstr("AbortRun"))));
}

TEST_F(GateSubmitCommandTest, NothingIsSentOfAFileWithAMistake) {
  for (const auto& [line, why] : std::vector<std::pair<std::string, std::string>>{
           {"{\"output\": \"a\"}", "case_id"},
           {"{\"case_id\": \"i1\"}", "one of output"},
           {"{\"case_id\": \"i1\", \"output\": \"a\", \"error\": \"b\"}", "one of output"},
           {"{\"case_id\": \"i1\", \"output\": \"a\", \"cost_usd\": -1}", "cost_usd"},
           {"{\"case_id\": \"i1\", \"output\": \"a\", \"latency_ms\": \"fast\"}", "latency_ms"},
           {"{\"case_id\": \"i1\", \"output\": NaN}", "malformed JSON"},
           {"not json", "malformed JSON"}}) {
    const CommandResult wrong = Submit("v2", Answers(0, 3, 0) + line + "\n");
    EXPECT_EQ(wrong.ending, "exit code 1") << wrong.output;
    EXPECT_THAT(wrong.output, AllOf(HasSubstr("answers.jsonl:4"), HasSubstr(why)));
  }
  EXPECT_THAT(Submit("v2", "").output, HasSubstr("0 are answered")) << "nothing was sent";
  const CommandResult unknown =
      Submit("v2", Answers(0, kCases, 0) + "{\"case_id\": \"x\", \"output\": \"a\"}\n");
  EXPECT_EQ(unknown.ending, "exit code 1");
  EXPECT_THAT(unknown.output,
              AllOf(HasSubstr("case 'x' was not taken"), HasSubstr("does not exist")));
}

TEST_F(GateSubmitCommandTest, CheckAnswersByThePolicyWithTheCasesThatSaySo) {
  const auto check = [this](const std::string& version, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"check", version, "--agent", "support"});
    return Gate(std::move(more));
  };
  EXPECT_EQ(check("v2").ending, "exit code 6");
  EXPECT_THAT(check("v2").output, HasSubstr("NOT CONFIGURED"));
  EXPECT_EQ(
      Gate({"set-policy", "support", "--suite", "smoke", "--floor", "0.5", "--reason", "first"})
          .ending,
      "exit code 0");
  EXPECT_EQ(Gate({"approve", "support", "v1", "--reason", "it serves"}).ending, "exit code 0");
  const CommandResult before = check("v2");
  EXPECT_EQ(before.ending, "exit code 6");
  EXPECT_THAT(before.output, AllOf(HasSubstr("NOT JUDGED"), HasSubstr("flywheel gate run")));

  const std::string junit = directory_.path() + "/gate.xml";
  EXPECT_EQ(Submit("v2", Answers(0, kCases, kCases / 2)).ending, "exit code 4");
  const CommandResult blocked = check("v2", {"--junit", junit});
  EXPECT_EQ(blocked.ending, "exit code 4");
  EXPECT_THAT(blocked.output, AllOf(HasSubstr("v2: BLOCK, may not ship  (policy 1, baseline v1)"),
                                    ContainsRegex("\nsmoke +BLOCK +BLOCKED +verdict-v2-"),
                                    HasSubstr("regressed (10")));
  EXPECT_THAT(ReadAll(junit), AllOf(HasSubstr("<testcase classname=\"smoke.verdict\" name=\"v2\">"),
                                    HasSubstr("classname=\"smoke.regressed\"")));
  EXPECT_EQ(Submit("v3", Answers(0, kCases, 0)).ending, "exit code 0");
  const CommandResult passed = check("v3", {"--json"});
  EXPECT_EQ(passed.ending, "exit code 0");
  EXPECT_EQ(Report(passed)["may_ship"], true);
  EXPECT_EQ(Report(passed)["answer"], "PASS");
  EXPECT_EQ(check("v3", {"--baseline", ""}).ending, "exit code 2");
  for (const char* const other : {"--floor=0.1", "--baseline=v0"}) {
    const CommandResult own = Submit("v4", Answers(0, 1, 0), {other});
    EXPECT_EQ(own.ending, "exit code 1") << own.output;
    EXPECT_THAT(own.output, HasSubstr("release policy of agent 'support'"));
  }
}

// A larger version of the suite, which it passes, takes no BLOCK back: a pipeline of one step would
// ship else.
TEST_F(GateSubmitCommandTest, ABlockStandsAgainstALaterPass) {
  ASSERT_EQ(
      Gate({"set-policy", "support", "--suite", "smoke", "--floor", "0.5", "--reason", "first"})
          .ending,
      "exit code 0");
  ASSERT_EQ(Gate({"approve", "support", "v1", "--reason", "it serves"}).ending, "exit code 0");
  ASSERT_EQ(Submit("v2", Answers(0, kCases, kCases / 2)).ending, "exit code 4");
  std::string cases;
  for (int i = 0; i < 2 * kCases; ++i) {
    cases += fmt::format(
        "{{\"id\": \"i{0}\", \"input\": \"another question {0}\", "
        "\"ideal\": \"answer {0}\"}}\n",
        i);
  }
  ASSERT_EQ(Gate({"suite", "create", Write("more.jsonl", cases), "--agent", "support", "--name",
                  "smoke", "--id", "smoke2"})
                .ending,
            "exit code 0");
  const std::string answers = Write("all.jsonl", Answers(0, 2 * kCases, 0));
  ASSERT_EQ(
      Gate({"submit", answers, "--suite", "smoke2", "--candidate", "v1", "--no-judge"}).ending,
      "exit code 0");
  const CommandResult later = Gate({"submit", answers, "--suite", "smoke2", "--candidate", "v2"});
  EXPECT_EQ(later.ending, "exit code 4") << later.output;
  EXPECT_THAT(later.output, AllOf(HasSubstr("v2: BLOCK on suite smoke, version 2"),
                                  HasSubstr("it stands"), Not(HasSubstr("v2: PASS"))));
  EXPECT_EQ(Gate({"check", "v2", "--agent", "support"}).ending, "exit code 4");
}

TEST_F(GateSubmitCommandTest, AReportThatCannotBeWrittenIsHeardBeforeAnythingIsSent) {
  for (const char* const flag : {"--junit", "--markdown"}) {
    const CommandResult wrong =
        Submit("v2", Answers(0, kCases, 0), {flag, directory_.path() + "/nowhere/gate.xml"});
    EXPECT_EQ(wrong.ending, "exit code 2");
    EXPECT_THAT(wrong.output, AllOf(HasSubstr(flag), HasSubstr("which cannot be written")));
  }
  EXPECT_THAT(Submit("v2", "").output, HasSubstr("0 are answered")) << "nothing was sent";
}

}  // namespace
}  // namespace flywheel::cli
