// What all commands of `flywheel` share: help, the version, and wrong usage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "shared/text/host_port.h"
#include "tests/cli/command_fixture.h"

namespace flywheel::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

using UsageTest = CommandFixture;

TEST_F(UsageTest, TeachesWithAnExampleInEveryHelp) {
  for (const char* command : {"up", "status", "import", "verdict", "build", "candidates", "export",
                              "versions", "lineage", "erase", "erasure", "records", "audit",
                              "new-key", "redact", "scan", "backup", "check", "restore"}) {
    const CommandResult help = RunFlywheel({command, "--help"});
    EXPECT_EQ(help.ending, "exit code 0");
    EXPECT_THAT(help.output, AllOf(HasSubstr(std::string("Example: flywheel ") + command),
                                   HasSubstr("Exit codes:")));
  }
  for (const char* command :
       {"run", "submit", "check", "suites", "runs", "verdicts", "cases", "policy", "set-policy",
        "approve", "waive", "policies", "approvals", "waivers"}) {
    const CommandResult help = RunFlywheel({"gate", command, "--help"});
    EXPECT_EQ(help.ending, "exit code 0");
    EXPECT_THAT(help.output, AllOf(HasSubstr(std::string("Example: flywheel gate ") + command),
                                   HasSubstr("Exit codes:")));
  }
  for (const char* command : {"watch", "show", "list", "decisions", "agents", "stop"}) {
    const CommandResult help = RunFlywheel({"experiment", command, "--help"});
    EXPECT_EQ(help.ending, "exit code 0");
    EXPECT_THAT(help.output,
                AllOf(HasSubstr(std::string("Example: flywheel experiment ") + command),
                      HasSubstr("Exit codes:")));
  }
  for (const char* command : {"create", "from-dataset", "show", "diff"}) {
    const CommandResult help = RunFlywheel({"gate", "suite", command, "--help"});
    EXPECT_EQ(help.ending, "exit code 0");
    EXPECT_THAT(help.output,
                AllOf(HasSubstr(std::string("Example: flywheel gate suite ") + command),
                      HasSubstr("Exit codes:")));
  }
  EXPECT_THAT(RunFlywheel({"--help"}).output, HasSubstr("flywheel up"));
}

TEST_F(UsageTest, IsSaidInTheSameWordsByAllPrograms) {
  const std::string project = ReadAll("CMakeLists.txt");
  const size_t begin = project.find(" VERSION ", project.find("project(flywheel")) + 9;
  const std::string version = project.substr(begin, project.find(' ', begin) - begin);
  for (const char* program : {"flywheel", "flywheel-ingest", "flywheel-curation",
                              "flywheel-eval-gate", "flywheel-experiment"}) {
    const CommandResult said = RunProgram(program, {"--version"});
    EXPECT_EQ(said.ending, "exit code 0") << program;
    // A build of a repository adds the revision that it was made of.
    EXPECT_THAT(said.output,
                MatchesRegex(fmt::format("{} {}( .[0-9a-f]+(-dirty)?.)?\n", program, version)));
    const CommandResult help = RunProgram(program, {"--help"});
    EXPECT_EQ(help.ending, "exit code 0") << program;
    EXPECT_THAT(help.output, AllOf(HasSubstr(fmt::format("Usage: {} ", program)),
                                   HasSubstr("Exit codes: 0 "), HasSubstr("2 wrong usage")));
    const CommandResult wrong = RunProgram(program, {"--no-such-flag"});
    EXPECT_EQ(wrong.ending, "exit code 2") << program;
    EXPECT_THAT(wrong.output,
                MatchesRegex(fmt::format("error: .*\\. '{} --help' says more\\.\n", program)));
  }
}

TEST_F(UsageTest, RefusesACertificateThatItCouldNotShowAndAProjectThatIsNone) {
  const std::string pem = Write("pem", "");
  const CommandResult no_key =
      RunFlywheel({"health", "127.0.0.1:1", "--ca-file", pem, "--certificate-file", pem});
  EXPECT_EQ(no_key.ending, "exit code 2");
  EXPECT_THAT(no_key.output, HasSubstr("--certificate-key-file"));
  const CommandResult no_ca = RunFlywheel(
      {"health", "127.0.0.1:1", "--certificate-file", pem, "--certificate-key-file", pem});
  EXPECT_EQ(no_ca.ending, "exit code 2");
  EXPECT_THAT(no_ca.output, HasSubstr("--ca-file"));
  const CommandResult project =
      RunFlywheel({"verdict", "v1", "--agent", "support", "--project", "two words"});
  EXPECT_EQ(project.ending, "exit code 2");
  EXPECT_THAT(project.output, HasSubstr("got 'two words', want 1 to 128 characters"));
}

TEST_F(UsageTest, GivesExitCodeTwoForWrongUsage) {
  EXPECT_EQ(RunFlywheel({}).ending, "exit code 2");
  const CommandResult unknown = RunFlywheel({"dance"});
  EXPECT_EQ(unknown.ending, "exit code 2");
  EXPECT_THAT(unknown.output, HasSubstr("error: got 'dance', want one of up, status"));
  const CommandResult incomplete = RunFlywheel({"verdict"});
  EXPECT_EQ(incomplete.ending, "exit code 2");
  EXPECT_EQ(incomplete.output,
            "error: VERSION is required. 'flywheel verdict --help' says more.\n");
  EXPECT_EQ(RunFlywheel({"verdict", "v1"}).output,
            "error: --agent is required. 'flywheel verdict --help' says more.\n");
  const CommandResult unset = RunFlywheel({"verdict", "v1", "--agent", "a", "--baseline", ""});
  EXPECT_EQ(unset.ending, "exit code 2");
  EXPECT_THAT(unset.output, HasSubstr("--baseline: got nothing, want a version"));
  EXPECT_EQ(RunFlywheel({"import"}).ending, "exit code 2");
  const CommandResult format = RunFlywheel({"import", Write("f", ""), "--format", "csv"});
  EXPECT_EQ(format.ending, "exit code 2");
  EXPECT_THAT(format.output, HasSubstr("got 'csv', want tau-bench or openai-chat or sharegpt or"));
  EXPECT_EQ(RunFlywheel({"import", "/nowhere/f", "--format", "tau-bench"}).ending, "exit code 2");
  EXPECT_EQ(RunFlywheel({"export", "d", "--split", "test"}).ending, "exit code 2");
}

TEST_F(UsageTest, RefusesAnAddressThatIsNone) {
  for (const char* address : {"nonsense", "localhost:99999", ":4317", "localhost:", "a:1x"}) {
    const CommandResult result = RunFlywheel({"health", address});
    EXPECT_EQ(result.ending, "exit code 2") << address;
    EXPECT_THAT(result.output, HasSubstr("want HOST:PORT"));
  }
}

TEST_F(UsageTest, RefusesFilesThatCannotBeRead) {
  const std::string directory = directory_.path();
  for (const char* flag : {"--key-file", "--ca-file"}) {
    const CommandResult result = RunFlywheel({"health", "127.0.0.1:1", flag, directory});
    EXPECT_EQ(result.ending, "exit code 2") << flag;
    EXPECT_THAT(result.output, AllOf(HasSubstr(flag), HasSubstr(directory)));
  }
  const CommandResult result = RunFlywheel({"import", directory, "--format", "openai-chat"});
  EXPECT_EQ(result.ending, "exit code 2");
  EXPECT_THAT(result.output, AllOf(HasSubstr("FILE"), HasSubstr("Is a directory")));
}

TEST_F(UsageTest, FindsTheServicesByThePortBaseThatTheyWereStartedAt) {
  // The base of which `service` is where it listens.
  const auto base_of = [&](Service service) {
    return std::to_string(ParseHostPort(services_->at(service).address)->port -
                          static_cast<int>(service));
  };
  StartServices({Service::kIngest, Service::kCuration, Service::kEvalGate});
  EXPECT_EQ(RunFlywheel({"import", Write("chat.jsonl", kConversations), "--format", "openai-chat",
                         "--port-base", base_of(Service::kIngest)})
                .ending,
            "exit code 0");
  EXPECT_EQ(RunFlywheel(
                {"verdict", "v1", "--agent", "support", "--port-base", base_of(Service::kEvalGate)})
                .ending,
            "exit code 6");
  EXPECT_THAT(RunFlywheel({"export", "d1", "--port-base", base_of(Service::kCuration)}).output,
              HasSubstr("dataset version"));
  const CommandResult status = RunFlywheel(
      {"status", "--port-base", base_of(Service::kIngest), "--curation-address", "127.0.0.1:1"});
  EXPECT_EQ(status.ending, "exit code 3");
  EXPECT_THAT(status.output,
              AllOf(HasSubstr("ingest: 2 interactions"), HasSubstr("curation    127.0.0.1:1 ")))
      << "an address that is given wins";
  EXPECT_EQ(RunFlywheel({"status", "--port-base", "80"}).ending, "exit code 2");
}

}  // namespace
}  // namespace flywheel::cli
