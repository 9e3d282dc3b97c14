#include "cli/command_words.h"

#include <gtest/gtest.h>

namespace flywheel::cli {
namespace {

TEST(CommandWords, NameCommandsInThePlaceOfCalls) {
  EXPECT_EQ(
      InCommandWords("verdict 'x' does not exist in this project. Ask for it with JudgeVersion "
                     "first."),
      "verdict 'x' does not exist in this project. Ask for it with 'flywheel gate run' "
      "first.");
  EXPECT_EQ(InCommandWords("got none, want an approved version (ApproveBaseline)."),
            "got none, want an approved version ('flywheel gate approve').");
}

TEST(CommandWords, LeaveNamesOfUsersAlone) {
  for (const char* const text : {"suite 'StartRun' is not there", "MyStartRun", "StartRuns",
                                 "version 'a-StartRun-b'", "StartRun_2"}) {
    EXPECT_EQ(InCommandWords(text), text);
  }
}

TEST(CommandWords, NameTheFlagThatSaysAField) {
  EXPECT_EQ(FieldInCommandWords("policy.suites[0].bar.pass_rate_floor"), "--floor");
  EXPECT_EQ(FieldInCommandWords("bar.alpha"), "--alpha");
  EXPECT_EQ(FieldInCommandWords("policy.judges"), "--judge");
  EXPECT_EQ(FieldInCommandWords("waiver.suite_names"), "--suite");
  EXPECT_EQ(FieldInCommandWords("policy.labels['a']"), "labels['a']");
  EXPECT_EQ(FieldInCommandWords("crowbar.alpha"), "crowbar.alpha");
  EXPECT_EQ(FieldInCommandWords(""), "");
}

TEST(CommandWords, GiveNoAdviceToSendARequestAgain) {
  EXPECT_EQ(InCommandWords("agent: got nothing, want a name. Mend the request and send it again."),
            "agent: got nothing, want a name.");
}

}  // namespace
}  // namespace flywheel::cli
