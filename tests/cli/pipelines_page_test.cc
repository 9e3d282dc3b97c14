// The snippets of docs/integrate/pipelines.md, step by step, as the CI systems would run them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/gate_run_fixture.h"

namespace flywheel::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kPage[] = "docs/integrate/pipelines.md";

// The lines of the page's YAML below this heading.
std::vector<std::string> Snippet(const std::string& heading) {
  std::istringstream page(ReadAll(kPage));
  std::vector<std::string> lines;
  bool below = false, inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line == "## " + heading) below = true;
    if (inside && line == "```") break;
    if (inside) lines.push_back(line);
    if (below && line == "```yaml") inside = true;
  }
  return lines;
}

// The shell scripts of a snippet, in order: its block scalars.
std::vector<std::string> StepsOf(const std::vector<std::string>& lines) {
  std::vector<std::string> steps;
  size_t indent = 0;
  bool inside = false;
  for (const std::string& line : lines) {
    const size_t begin = line.find_first_not_of(' ');
    if (inside && begin >= indent) {
      steps.back() += line.substr(indent) + "\n";
      continue;
    }
    inside = line.ends_with("run: |") || line.ends_with("- |");
    if (!inside) continue;
    // Of "- |" the content stands two further in, of a member as well.
    indent = line.find_first_not_of(" ") + 2;
    steps.emplace_back();
  }
  return steps;
}

class PipelinesPageTest : public GateRunFixture {
 protected:
  PipelinesPageTest() {
    GoodAgent();
    EXPECT_EQ(Run("router-0", directory_.path() + "/good", {"--no-judge"}).ending, "exit code 0");
    EXPECT_EQ(
        Gate({"set-policy", "support", "--suite", "s1", "--floor", "0.5", "--reason", "first"})
            .ending,
        "exit code 0");
    EXPECT_EQ(Gate({"approve", "support", "router-0", "--reason", "it serves"}).ending,
              "exit code 0");
  }

  // As a runner does: each step a shell of its own, in the directory of the checkout; what a step
  // writes to $GITHUB_ENV is there from the next one on. The first that fails ends the job.
  CommandResult RunJob(const std::string& heading, const std::string& version) {
    const std::string prelude = fmt::format(
        "cd {0}; export PATH='{1}':$PATH FLYWHEEL_EVAL_GATE_ADDRESS={2} VERSION={3} GATE_KEY=fw_1\n"
        "export RUNNER_TEMP={0} GITHUB_ENV={0}/env GITHUB_STEP_SUMMARY={0}/gate.md\n"
        "export GITHUB_SHA=0a1b2c GITHUB_REF_NAME=main\n"
        "touch env; set -a; . ./env; set +a\n",
        directory_.path(), std::filesystem::absolute(BinDir()).string(), gate_, version);
    CommandResult result;
    for (const std::string& step : StepsOf(Snippet(heading))) {
      const CommandResult one = RunBinary("/bin/sh", {"-e", "-c", prelude + step});
      result.output += one.output;
      result.ending = one.ending;
      if (one.ending != "exit code 0") break;
    }
    return result;
  }
};

TEST_F(PipelinesPageTest, GitHubActionsJudgesAVersionAndBlocksAWorseOne) {
  ASSERT_THAT(StepsOf(Snippet("GitHub Actions")), SizeIs(3));
  rename(GoodAgent().c_str(), (directory_.path() + "/answer").c_str());
  const CommandResult good = RunJob("GitHub Actions", "router-1");
  EXPECT_EQ(good.ending, "exit code 0") << good.output;
  EXPECT_THAT(good.output, AllOf(HasSubstr("router-1: PASS on suite s1"),
                                 HasSubstr("router-1: PASS, may ship")));
  EXPECT_THAT(ReadAll(directory_.path() + "/gate.xml"), HasSubstr("failures=\"0\""));
  EXPECT_THAT(Gate({"verdicts", "--label", "git_sha=0a1b2c", "--label", "branch=main"}).output,
              HasSubstr("router-1"));

  rename(HalfAgent().c_str(), (directory_.path() + "/answer").c_str());
  const CommandResult worse = RunJob("GitHub Actions", "router-2");
  EXPECT_EQ(worse.ending, "exit code 4") << worse.output;
  EXPECT_THAT(ReadAll(directory_.path() + "/gate.md"),
              AllOf(HasSubstr("## router-1: PASS"), HasSubstr("## router-2: BLOCK"),
                    HasSubstr("<summary>Regressed: 10 of ")));
}

TEST_F(PipelinesPageTest, GitLabGoesOnWithTheSameRunAfterAnOutage) {
  ASSERT_THAT(StepsOf(Snippet("GitLab CI")), SizeIs(2));
  rename(Agent("down", R"(echo '{"infrastructure_error": "503"}')").c_str(),
         (directory_.path() + "/answer").c_str());
  EXPECT_EQ(RunJob("GitLab CI", "router-1").ending, "exit code 5") << "which is tried again";
  rename(GoodAgent().c_str(), (directory_.path() + "/answer").c_str());
  const CommandResult again = RunJob("GitLab CI", "router-1");
  EXPECT_EQ(again.ending, "exit code 0") << again.output;
  EXPECT_THAT(again.output, HasSubstr("goes on: "));
}

}  // namespace
}  // namespace flywheel::cli
