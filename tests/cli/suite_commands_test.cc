// `flywheel gate suite` on files of users, with real services.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "tests/cli/command_fixture.h"

namespace flywheel::cli {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class SuiteCommandsTest : public CommandFixture {
 protected:
  SuiteCommandsTest() { StartServices({Service::kIngest, Service::kCuration, Service::kEvalGate}); }

  CommandResult Suite(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"gate", "suite"});
    arguments.insert(arguments.end(), {"--address", services_->at(Service::kEvalGate).address});
    return RunFlywheel(arguments);
  }

  CommandResult Create(const std::string& file, std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), {"create", file, "--agent", "support", "--name", "smoke"});
    return Suite(arguments);
  }

  static std::string Fifty(int changed = -1) {
    std::string text;
    for (int i = 0; i < 50; ++i) {
      text += fmt::format(
          R"({{"id": "c{}", "input": "question {}", "ideal": "answer {}", "cohort": "{}"}})"
          "\n",
          i, i, i == changed ? "changed" : std::to_string(i), i % 2 == 0 ? "even" : "odd");
    }
    return text;
  }

  // A shell script; `$n` has the number of the question.
  std::string Agent(const std::string& name, const std::string& on_each_line) {
    std::string path = Write(name,
                             "#!/bin/sh\nwhile read -r line; do\n"
                             "n=${line#*'question '}; n=${n%%'\"'*}\n" +
                                 on_each_line + "\ndone\n");
    chmod(path.c_str(), 0700);
    return path;
  }

  // The id that "suite ID..." begins with.
  static std::string IdOf(const CommandResult& created) {
    const size_t begin = created.output.find("suite ") + 6;
    return created.output.substr(begin, created.output.find_first_of(": ", begin) - begin);
  }
};

TEST_F(SuiteCommandsTest, MakeASuiteOfJsonLinesAndItsNextVersion) {
  const CommandResult first = Create(Write("a.jsonl", Fifty()), {"--label", "branch=main"});
  EXPECT_EQ(first.ending, "exit code 0") << first.output;
  EXPECT_THAT(first.output, AllOf(ContainsRegex("^suite smoke-[0-9a-f]+: version 1 of 'smoke'"),
                                  HasSubstr("50 cases, 2 cohorts, judged by normalised")));
  EXPECT_THAT(Create(Write("a.jsonl", Fifty()), {"--label", "branch=main"}).output,
              HasSubstr(" was there already: version 1"));
  const CommandResult second =
      Create(Write("b.jsonl", Fifty(7) + R"({"id": "new", "input": "more", "ideal": "yes"})"));
  EXPECT_THAT(second.output, HasSubstr("version 2 of 'smoke'"));
  const CommandResult diff = Suite({"diff", IdOf(first), IdOf(second)});
  EXPECT_EQ(diff.ending, "exit code 0") << diff.output;
  EXPECT_THAT(diff.output, AllOf(HasSubstr("1 added, 0 removed, 1 changed"),
                                 ContainsRegex("c7 +CHANGED ideal +question 7"),
                                 ContainsRegex("new +ADDED +more")));
  EXPECT_THAT(Suite({"diff", IdOf(first), IdOf(first)}).output, HasSubstr("the same cases"));
  const CommandResult show = Suite({"show", IdOf(first), "--limit", "3"});
  EXPECT_EQ(show.ending, "exit code 0") << show.output;
  EXPECT_THAT(show.output,
              AllOf(HasSubstr("an upload"), HasSubstr("even 25, odd 25"), HasSubstr("branch=main"),
                    HasSubstr("question 1"), HasSubstr("and others"), Not(HasSubstr("answer"))));
  EXPECT_THAT(Suite({"show", IdOf(first), "--json"}).output, HasSubstr("\"suite_name\":\"smoke\""));
  EXPECT_EQ(Suite({"show", "none"}).ending, "exit code 1");
}

TEST_F(SuiteCommandsTest, AreShownByTheirNameInTheirNewestVersion) {
  const std::string one = IdOf(Create(Write("a.jsonl", Fifty())));
  const std::string two = IdOf(Create(Write("b.jsonl", Fifty(7))));
  EXPECT_THAT(Suite({"show", "smoke"}).output,
              HasSubstr("suite " + two + ": version 2 of 'smoke'"));
  EXPECT_THAT(Suite({"show", one}).output, HasSubstr("version 1 of 'smoke'"));
  EXPECT_THAT(Suite({"diff", one, "smoke"}).output, HasSubstr("0 added, 0 removed, 1 changed"));
  const CommandResult typo = Suite({"show", "smoek"});
  EXPECT_EQ(typo.ending, "exit code 1");
  EXPECT_THAT(typo.output, HasSubstr("Did you mean 'smoke'? Known suites: 'smoke'."));
  EXPECT_THAT(Suite({"show", "smoke", "--agent", "suport"}).output,
              HasSubstr("Agent 'suport' has no suites. Did you mean 'support'?"));
  EXPECT_EQ(Suite({"show", "no such: name"}).ending, "exit code 1");
  // Of two agents.
  EXPECT_EQ(
      Suite({"create", Write("c.jsonl", Fifty(8)), "--agent", "sales", "--name", "smoke"}).ending,
      "exit code 0");
  const CommandResult whose = Suite({"show", "smoke"});
  EXPECT_EQ(whose.ending, "exit code 2");
  EXPECT_THAT(whose.output, HasSubstr("--agent: got none, want one of 'sales', 'support', of which "
                                      "each has a suite 'smoke'"));
  EXPECT_THAT(Suite({"show", "smoke", "--agent", "sales"}).output,
              HasSubstr("version 1 of 'smoke' for agent 'sales'"));
  EXPECT_THAT(Suite({"show", one, "--agent", "support"}).output, HasSubstr("version 1 of 'smoke'"));
  EXPECT_EQ(Suite({"show", one, "--agent", "sales"}).ending, "exit code 1");
}

// From services that were just started: the suite, what serves, and the candidate.
TEST_F(SuiteCommandsTest, LeadANewcomerToAVerdictInThreeCommands) {
  const std::string good = Agent("good", R"(echo "{\"output\": \"answer $n\"}")");
  const std::string bad = Agent("bad", R"(if [ $((n % 2)) = 0 ]; then echo '{"output": "no idea"}'
                                          else echo "{\"output\": \"answer $n\"}"; fi)");
  std::string config = "prompts: ['Please: {{question}}']\ntests:\n";
  for (int i = 0; i < 50; ++i) {
    config += fmt::format(
        "  - vars: {{question: question {0}}}\n"
        "    assert: [{{type: icontains, value: Answer {0}}}]\n",
        i);
  }
  for (const std::string& file :
       {Write("cases.jsonl", Fifty()), Write("promptfooconfig.yaml", config)}) {
    const std::string agent = file.ends_with(".jsonl") ? "first" : "second";
    const CommandResult created = Suite({"create", file, "--agent", agent, "--name", "smoke"});
    EXPECT_EQ(created.ending, "exit code 0") << created.output;
    EXPECT_THAT(created.output, HasSubstr("50 cases"));
    const auto run = [&](const std::string& version, const std::string& command,
                         const std::vector<std::string>& more) {
      std::vector<std::string> arguments = {
          "gate",      "run",   "--suite",     "smoke",
          "--agent",   agent,   "--candidate", version,
          "--command", command, "--address",   services_->at(Service::kEvalGate).address};
      arguments.insert(arguments.end(), more.begin(), more.end());
      return RunFlywheel(arguments);
    };
    EXPECT_EQ(run("v1", good, {"--no-judge"}).ending, "exit code 0");
    const CommandResult judged = run("v2", bad, {"--baseline", "v1"});
    EXPECT_EQ(judged.ending, "exit code 4") << judged.output;
    EXPECT_THAT(judged.output, AllOf(HasSubstr("v2: BLOCK on suite "), HasSubstr("50 cases"),
                                     HasSubstr("regressed (10 of 25)"), HasSubstr("no idea")));
  }
}

TEST_F(SuiteCommandsTest, NameTheLineOfWhatIsWrongAndUploadNothing) {
  const std::string faulty =
      Write("faulty.jsonl", "{\"input\": \"a\", \"ideal\": \"b\"}\n{\"inptu\": \"a\"}\n");
  const CommandResult result = Create(faulty);
  EXPECT_EQ(result.ending, "exit code 1");
  EXPECT_THAT(result.output, AllOf(HasSubstr("faulty.jsonl:2: got the unknown field 'inptu'"),
                                   HasSubstr("Nothing was uploaded")));
  // What only the gate knows is named by its line too.
  const CommandResult refused =
      Create(Write("refused.jsonl",
                   "{\"input\": \"a\", \"ideal\": \"b\"}\n"
                   "{\"id\": \"c2\", \"input\": \"c\", \"checks\": [{\"kind\": "
                   "\"exakt\"}]}\n"));
  EXPECT_EQ(refused.ending, "exit code 1");
  EXPECT_THAT(
      refused.output,
      AllOf(ContainsRegex("error: .*refused.jsonl:2: case 'c2': checks.0.: kind: got \"exakt\""),
            HasSubstr("Nothing was uploaded"), Not(HasSubstr("Mend the request"))));
  EXPECT_THAT(
      RunFlywheel({"gate", "suites", "--address", services_->at(Service::kEvalGate).address})
          .output,
      HasSubstr("nothing matches"));
  EXPECT_THAT(Create(Write("empty.jsonl", "\n")).output, HasSubstr("no case"));
  EXPECT_EQ(Create("nowhere.jsonl").ending, "exit code 2");
  EXPECT_EQ(Suite({"create", faulty, "--agent", "a", "--name", "no name"}).ending, "exit code 2");
  EXPECT_EQ(Create(Write("a.jsonl", Fifty()), {"--evaluator", "{oops"}).ending, "exit code 2");
}

TEST_F(SuiteCommandsTest, TakeAConfigurationOfPromptfooAndSayWhatDoesNotMap) {
  const std::string config = Write("promptfooconfig.yaml", R"(
prompts: ['Answer: {{question}}']
providers: [openai:gpt-5]
tests:
  - vars: {question: 'What is 2 + 2?'}
    assert:
      - {type: equals, value: '4'}
      - {type: javascript, value: output.length < 3}
  - vars: {question: 'Who are you?'}
    assert: [{type: llm-rubric, value: is friendly}]
)");
  const CommandResult dry = Create(config, {"--dry-run"});
  EXPECT_EQ(dry.ending, "exit code 0") << dry.output;
  EXPECT_THAT(dry.output, HasSubstr("nothing was uploaded; it would be 1 case,"));
  const CommandResult created = Create(config);
  EXPECT_EQ(created.ending, "exit code 0") << created.output;
  EXPECT_THAT(
      created.output,
      AllOf(HasSubstr("left out: javascript: a program judges it"),
            HasSubstr("left out: llm-rubric: a model judges it"),
            ContainsRegex("left out: the whole test: no assertion is left.*yaml:9"),
            HasSubstr("left out: providers"), HasSubstr("1 case, judged by checks; 1 test left")));
  const CommandResult other = Create(
      config,
      {"--evaluator", R"({"kind": "external", "parameters": {"name": "judge"}})", "--id", "x"});
  EXPECT_EQ(other.ending, "exit code 0") << other.output;
  EXPECT_THAT(Suite({"show", "x"}).output,
              AllOf(HasSubstr("external {\"name\":\"judge\"}, checks"), HasSubstr("Who are you?")));
}

}  // namespace
}  // namespace flywheel::cli
