// The snippets of docs/integrate/pipelines.md, step by step, as the CI systems would run them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

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

// The lines of the page's first block that begins with this line, below this heading.
std::vector<std::string> BlockOf(const std::string& heading, const std::string& begin) {
  std::istringstream page(ReadAll(kPage));
  std::vector<std::string> lines;
  std::string fence;
  bool below = false;
  for (std::string line; std::getline(page, line);) {
    if (line == "## " + heading) below = true;
    if (!fence.empty() && line == "```") {
      if (below && fence == begin) break;
      fence.clear();
    } else if (fence.empty() && line.starts_with("```")) {
      fence = line;
    } else if (below && fence == begin) {
      lines.push_back(line);
    }
  }
  return lines;
}

std::vector<std::string> Snippet(const std::string& heading) { return BlockOf(heading, "```yaml"); }

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
    indent = line.find_first_not_of(' ') + 2;
    steps.emplace_back();
  }
  return steps;
}

// What figures are depends on rules that other tests hold.
std::string WithoutNumbers(const std::string& text) {
  std::string words;
  for (const char c : text) {
    const bool figure = (c >= '0' && c <= '9') || c == '.' || c == '+' || c == '-';
    const bool again = c == ' ' && words.ends_with(' ');
    if (!figure && !again) words += c;
  }
  return words;
}

class PipelinesPageTest : public GateRunFixture {
 protected:
  PipelinesPageTest() {
    GoodAgent();
    EXPECT_EQ(Run("support-0", directory_.path() + "/good", {"--no-judge"}).ending, "exit code 0");
    EXPECT_EQ(
        Gate({"set-policy", "support", "--suite", "smoke", "--floor", "0.5", "--reason", "first"})
            .ending,
        "exit code 0");
    EXPECT_EQ(Gate({"approve", "support", "support-0", "--reason", "it serves"}).ending,
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
  const CommandResult good = RunJob("GitHub Actions", "support-1");
  EXPECT_EQ(good.ending, "exit code 0") << good.output;
  EXPECT_THAT(good.output, AllOf(HasSubstr("support-1: PASS on suite smoke"),
                                 HasSubstr("support-1: PASS, may ship")));
  EXPECT_THAT(ReadAll(directory_.path() + "/gate.xml"), HasSubstr("failures=\"0\""));
  EXPECT_THAT(Gate({"verdicts", "--label", "git_sha=0a1b2c", "--label", "branch=main"}).output,
              HasSubstr("support-1"));

  rename(HalfAgent().c_str(), (directory_.path() + "/answer").c_str());
  const CommandResult worse = RunJob("GitHub Actions", "support-2");
  EXPECT_EQ(worse.ending, "exit code 4") << worse.output;
  EXPECT_THAT(ReadAll(directory_.path() + "/gate.md"),
              AllOf(HasSubstr("## support-1: PASS"), HasSubstr("## support-2: BLOCK"),
                    HasSubstr("<summary>Regressed: 10 of ")));
}

TEST_F(PipelinesPageTest, GitLabGoesOnWithTheSameRunAfterAnOutage) {
  ASSERT_THAT(StepsOf(Snippet("GitLab CI")), SizeIs(2));
  rename(Agent("down", R"(echo '{"infrastructure_error": "503"}')").c_str(),
         (directory_.path() + "/answer").c_str());
  EXPECT_EQ(RunJob("GitLab CI", "support-1").ending, "exit code 5") << "which is tried again";
  rename(GoodAgent().c_str(), (directory_.path() + "/answer").c_str());
  const CommandResult again = RunJob("GitLab CI", "support-1");
  EXPECT_EQ(again.ending, "exit code 0") << again.output;
  EXPECT_THAT(again.output, HasSubstr("goes on: "));
}

// From services that hold nothing.
class FirstVerdictTest : public CommandFixture {
 protected:
  FirstVerdictTest() {
    StartServices({Service::kIngest, Service::kCuration, Service::kEvalGate});
    std::string script;
    for (const std::string& line : BlockOf("The first verdict", "```sh")) script += line + "\n";
    chmod(Write("answer", script).c_str(), 0700);
  }

  CommandResult Shell(const std::string& command) {
    return RunBinary(
        "/bin/sh",
        {"-c", fmt::format("cd {}; export PATH='{}':$PATH FLYWHEEL_EVAL_GATE_ADDRESS={}\n{}",
                           directory_.path(), std::filesystem::absolute(BinDir()).string(),
                           services_->at(Service::kEvalGate).address, command)});
  }
};

TEST_F(FirstVerdictTest, TakesThreeCommandsWhichPrintWhatThePageSays) {
  const std::vector<std::string> block = BlockOf("The first verdict", "```");
  std::string cases;
  for (int i = 0; i < 50; ++i) {
    const std::string line =
        i % 2 == 0
            ? fmt::format(R"({{"id": "case-{0}", "input": "Where is my refund for order {0}?", )"
                          R"("ideal": "refunds", "cohort": "refunds"}})",
                          i)
            : fmt::format(R"({{"id": "case-{0}", "input": "Where is my parcel of order {0}?", )"
                          R"("ideal": "delivery", "cohort": "delivery"}})",
                          i);
    cases += line + "\n";
    if (i < 2) {
      EXPECT_EQ(line, BlockOf("The first verdict", "```json")[static_cast<size_t>(i)]);
    }
  }
  Write("cases.jsonl", cases);
  CommandResult last;
  int commands = 0;
  for (const std::string& line : block) {
    if (line.starts_with("$ ")) {
      last = Shell(line.substr(2));
      ++commands;
    } else if (line != "...") {
      EXPECT_THAT(WithoutNumbers(last.output), HasSubstr(WithoutNumbers(line + "\n")));
    }
  }
  EXPECT_EQ(commands, 3);
  EXPECT_EQ(last.ending, "exit code 4");
}

TEST_F(FirstVerdictTest, IsTheSameFromAPromptfooConfiguration) {
  std::string tests;
  for (int i = 0; i < 50; ++i) {
    tests += fmt::format(
        "  - vars: {{what: {0}, order: {1}}}\n    assert: [{{type: equals, value: {2}}}]\n",
        i % 2 == 0 ? "refund" : "parcel", i, i % 2 == 0 ? "refunds" : "delivery");
  }
  Write("promptfooconfig.yaml",
        "prompts: ['Where is my {{what}} of order {{order}}?']\nproviders: [openai:gpt-5]\n"
        "tests:\n" +
            tests);
  const CommandResult made =
      Shell("flywheel gate suite create promptfooconfig.yaml --agent support --name smoke");
  EXPECT_EQ(made.ending, "exit code 0") << made.output;
  const std::string run = "flywheel gate run --agent support --suite smoke --candidate ";
  EXPECT_EQ(Shell(run + "v1 --command ./answer --no-judge").ending, "exit code 0");
  const CommandResult next = Shell(run + "v2 --command './answer --short' --baseline v1");
  EXPECT_EQ(next.ending, "exit code 4") << next.output;
  EXPECT_THAT(next.output, HasSubstr("regressed (10 of 25)"));
}

}  // namespace
}  // namespace flywheel::cli
