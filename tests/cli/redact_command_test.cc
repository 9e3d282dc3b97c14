// `flywheel redact`, as a process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/cli/command_fixture.h"

namespace flywheel::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using RedactCommandTest = CommandFixture;

constexpr char kTicket[] = "Hello,\nplease write to ann@example.com.\n";

TEST_F(RedactCommandTest, PrintsWhatWouldBeStoredAndNeedsNoService) {
  const CommandResult result = RunFlywheel({"redact", Write("ticket.txt", kTicket)});
  EXPECT_EQ(result.ending, "exit code 0");
  EXPECT_EQ(result.output, "Hello,\nplease write to [EMAIL_1].\n");
}

TEST_F(RedactCommandTest, ExplainsInATableOrInJson) {
  const std::string file = Write("ticket.txt", kTicket);
  const CommandResult table = RunFlywheel({"redact", "--explain", file});
  EXPECT_EQ(table.ending, "exit code 0");
  EXPECT_THAT(table.output, AllOf(HasSubstr("RECOGNISER"), HasSubstr("2:17"), HasSubstr("EMAIL"),
                                  HasSubstr("ann@example.com"), Not(HasSubstr("Hello"))));
  const CommandResult json = RunFlywheel({"redact", "--json", file});
  EXPECT_THAT(json.output, AllOf(HasSubstr(R"("line":2,"column":17,"type":"EMAIL")"),
                                 HasSubstr(R"("text":"Hello,\nplease write to [EMAIL_1].\n")")));
}

TEST_F(RedactCommandTest, ChecksForScripts) {
  const CommandResult found = RunFlywheel({"redact", "--check", Write("ticket.txt", kTicket)});
  EXPECT_EQ(found.ending, "exit code 1");
  EXPECT_THAT(found.output, AllOf(HasSubstr("1 value: 1 EMAIL"), Not(HasSubstr("ann@"))));
  const CommandResult clean = RunFlywheel({"redact", "--check", Write("clean.txt", "order 12\n")});
  EXPECT_EQ(clean.ending, "exit code 0");
  EXPECT_EQ(clean.output, "");
}

TEST_F(RedactCommandTest, ReadsStandardInput) {
  const std::string file = Write("ticket.txt", kTicket);
  const CommandResult result = RunBinary(
      "/bin/sh", {"-c", "exec \"$1\" redact - < \"$2\"", "sh", BinDir() + "/flywheel", file});
  EXPECT_EQ(result.ending, "exit code 0");
  EXPECT_EQ(result.output, "Hello,\nplease write to [EMAIL_1].\n");
}

TEST_F(RedactCommandTest, TriesAConfigurationBeforeAServiceRunsWithIt) {
  const std::string config = Write(
      "redaction.json",
      R"({"disabled": [], "recognisers": [{"name": "employee_number", "pattern": "EMP-[0-9]{6}",
          "words": ["emp-"]}]})");
  const std::string file = Write("note.txt", "ask EMP-123456\n");
  const CommandResult result = RunFlywheel({"redact", "--redaction-config-file", config, file});
  EXPECT_EQ(result.output, "ask [EMPLOYEE_NUMBER_1]\n");
  const CommandResult explained =
      RunFlywheel({"redact", "--explain", "--redaction-config-file", config, file});
  EXPECT_THAT(explained.output, HasSubstr("employee_number"));
}

TEST_F(RedactCommandTest, SaysWhatIsWrong) {
  EXPECT_EQ(RunFlywheel({"redact"}).ending, "exit code 2");
  const CommandResult nowhere = RunFlywheel({"redact", "--check", directory_.path() + "/nowhere"});
  EXPECT_EQ(nowhere.ending, "exit code 2");
  EXPECT_THAT(nowhere.output, AllOf(HasSubstr("error:"), HasSubstr("nowhere")));
  const std::string wrong = Write("wrong.json", "{\"recognisers\": 7}");
  EXPECT_EQ(RunFlywheel({"redact", "--redaction-config-file", wrong, wrong}).ending, "exit code 2");
}

}  // namespace
}  // namespace flywheel::cli
