#include "cli/suite_files/promptfoo_cases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "cli/suite_files/read_suite_file.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

class PromptfooCasesTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& text) {
    std::string path = directory_.path() + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  SuiteFile Read(const std::string& text, const std::string& prompt = "") {
    const std::string path = Write("promptfooconfig.yaml", text);
    SuiteFileOptions options;
    options.prompt = prompt;
    auto file = ReadSuiteFile(path, options);
    EXPECT_OK(file);
    return *std::move(file);
  }

  static std::vector<std::string> Inputs(const SuiteFile& file) {
    std::vector<std::string> inputs;
    for (const auto& one : file.cases) inputs.push_back(one.input());
    return inputs;
  }

  testing::TempDir directory_;
};

TEST_F(PromptfooCasesTest, AreTheTestsWithTheDefaultOnes) {
  const SuiteFile file = Read(R"(
description: Translations
prompts:
  - 'Translate to {{language}}: {{text}}'
providers: [openai:gpt-5]
defaultTest:
  vars: {language: French}
  metadata: {team: web}
  assert:
    - type: word-count
      value: {max: 5}
tests:
  - description: a greeting
    vars: {text: Hello}
    metadata: {level: easy}
    assert:
      - type: icontains
        value: bonjour
      - type: llm-rubric
        value: is friendly
  - vars: {language: German, text: [Cat, Dog]}
)");
  ASSERT_THAT(file.faults, IsEmpty());
  EXPECT_THAT(Inputs(file), ElementsAre("Translate to French: Hello", "Translate to German: Cat",
                                        "Translate to German: Dog"));
  ASSERT_EQ(file.cases[0].checks_size(), 2);
  EXPECT_EQ(file.cases[0].checks(0).kind(), "length");
  EXPECT_EQ(file.cases[0].labels().at("description"), "a greeting");
  EXPECT_EQ(file.cases[0].labels().at("team"), "web");
  EXPECT_EQ(file.cases[0].labels().at("level"), "easy");
  EXPECT_EQ(file.places.at(file.cases[0].case_id()),
            directory_.path() + "/promptfooconfig.yaml:13");
  EXPECT_EQ(file.evaluators.at(0).kind(), "checks");
  ASSERT_EQ(file.left_out.size(), 2u);
  EXPECT_EQ(file.left_out.begin()->first.first, "llm-rubric");
  EXPECT_EQ(file.left_out.rbegin()->first.first, "providers");
  EXPECT_EQ(file.tests_left_out, 0);
}

TEST_F(PromptfooCasesTest, AskChatsAndFilesAndVariablesOfVariables) {
  Write("chat.json", R"([{"role": "system", "content": "You speak {{language}}."},
                         {"role": "user", "content": "{{question}}"}])");
  Write("article.txt", "A long \"article\".");
  const SuiteFile file = Read(R"(
prompts: [file://chat.json]
defaultTest: {vars: {language: French}, assert: [{type: contains, value: a}]}
tests:
  - vars:
      article: file://article.txt
      question: 'Sum up: {{article}}'
)");
  ASSERT_THAT(file.faults, IsEmpty());
  ASSERT_EQ(file.cases.size(), 1u);
  ASSERT_EQ(file.cases[0].prompt_size(), 2);
  EXPECT_EQ(file.cases[0].prompt(0).parts(0).text(), "You speak French.");
  EXPECT_EQ(file.cases[0].prompt(1).parts(0).text(), "Sum up: A long \"article\".");
}

TEST_F(PromptfooCasesTest, OfSeveralPromptsAskTheOneThatIsChosen) {
  Write("prompts.txt", "First {{x}}\n---\nSecond {{x}}\n");
  const std::string config =
      "prompts: [prompts.txt, {label: third, raw: 'Third {{x}}'}]\n"
      "tests: [{vars: {x: 1}, assert: [{type: contains, value: a}]}]\n";
  EXPECT_THAT(Read(config).faults,
              ElementsAre(HasSubstr("3 prompts, want --prompt with one of them")));
  EXPECT_THAT(Inputs(Read(config, "2")), ElementsAre("Second 1"));
  EXPECT_THAT(Inputs(Read(config, "third")), ElementsAre("Third 1"));
  EXPECT_THAT(Read(config, "4").faults, ElementsAre(HasSubstr("no prompt '4'")));
}

TEST_F(PromptfooCasesTest, WithoutAPromptAskTheVariables) {
  const SuiteFile file = Read(
      "prompts: [prompts.py:make]\n"
      "tests:\n"
      "  - {vars: {question: 'Why?'}, assert: [{type: contains, value: a}]}\n"
      "  - {vars: {a: 1, b: two}, assert: [{type: contains, value: a}]}\n"
      "  - {assert: [{type: contains, value: a}]}\n");
  EXPECT_THAT(Inputs(file), ElementsAre("Why?", R"({"a":1,"b":"two"})"));
  EXPECT_EQ(file.tests_left_out, 1);
  EXPECT_THAT(
      file.left_out,
      ::testing::Contains(Pair(Pair("prompts", "a program makes it: each case asks its variables"),
                               ElementsAre("prompts.py:make"))));
}

TEST_F(PromptfooCasesTest, StandInOtherFilesToo) {
  Write("tests.csv",
        "question,__expected,__description,__metadata:topic\n"
        "\"2+2, then?\",equals: 4,sum,maths\n"
        "Who?,,,\n");
  Write("more.yaml", "- vars: {question: 'Where?'}\n  assert: [{type: icontains, value: here}]\n");
  Write("rows.jsonl", R"({"vars": {"question": "How?"}, "assert": [{"type": "is-json"}]})");
  const SuiteFile file = Read(
      "prompts: ['{{question}}']\n"
      "tests: [tests.csv, file://mo*.yaml, file://rows.jsonl, tests.py, "
      "'https://example.com/sheet']\n");
  ASSERT_THAT(file.faults, IsEmpty());
  EXPECT_THAT(Inputs(file), ElementsAre("2+2, then?", "Where?", "How?"));
  EXPECT_EQ(file.cases[0].labels().at("topic"), "maths");
  EXPECT_EQ(file.places.at(file.cases[1].case_id()), directory_.path() + "/more.yaml:1");
  EXPECT_EQ(file.tests_left_out, 1) << "one has no assertion";
  EXPECT_EQ(file.left_out.size(), 3u) << "a program, and a sheet elsewhere";
  EXPECT_THAT(Read("prompts: ['{{q}}']\ntests: [none.csv]\n").faults,
              ElementsAre(HasSubstr("none.csv: got a file that cannot be read")));
}

TEST_F(PromptfooCasesTest, OfScenariosAreEachConfigurationWithEachTest) {
  const SuiteFile file = Read(R"(
prompts: ['{{greeting}} in {{language}}']
scenarios:
  - config:
      - vars: {language: Spanish}
      - vars: {language: French}
    tests:
      - vars: {greeting: Hello}
        assert: [{type: contains, value: a}]
      - vars: {greeting: Bye}
        assert: [{type: contains, value: a}]
)");
  EXPECT_THAT(Inputs(file), ElementsAre("Hello in Spanish", "Bye in Spanish", "Hello in French",
                                        "Bye in French"));
}

TEST_F(PromptfooCasesTest, ThatCannotBeMadeAreLeftOutAndCounted) {
  const SuiteFile file = Read(R"(
prompts: ['{{question}}']
tests:
  - {vars: {other: 1}, assert: [{type: contains, value: a}]}
  - {vars: {question: a}, assert: [{type: llm-rubric, value: a}]}
  - {vars: {question: file://none.txt}, assert: [{type: contains, value: a}]}
  - vars: {question: b}
    threshold: 0.5
    options: {transform: output.x}
    assert: [{type: contains, value: a}]
)");
  EXPECT_THAT(Inputs(file), ElementsAre("b"));
  EXPECT_EQ(file.tests_left_out, 3);
  std::vector<std::string> what;
  for (const auto& [left, places] : file.left_out) what.push_back(left.first);
  EXPECT_THAT(what, ::testing::IsSupersetOf({"llm-rubric", "options.transform",
                                             "threshold of a test", "the whole test"}));
  EXPECT_THAT(Read("- a\n- b\n").faults, ElementsAre(HasSubstr("an object with 'tests'")));
  EXPECT_THAT(Read("a: [").faults, ElementsAre(HasSubstr("malformed YAML")));
}

// A default test with limits is common, and a case that has nothing else would pass with any words.
TEST_F(PromptfooCasesTest, OfWhichLatencyAndCostAloneAreLeftAreLeftOut) {
  const std::string config = R"(
prompts: ['{{question}}']
defaultTest:
  assert:
    - {type: cost, threshold: 0.002}
    - {type: latency, threshold: 5000}
tests:
  - {vars: {question: a}, assert: [{type: icontains, value: a}]}
  - {vars: {question: b}, assert: [{type: llm-rubric, value: b}]}
  - {vars: {question: c}, assert: [{type: javascript, value: c}, {type: contains, value: c}]}
  - {vars: {question: d}}
  - {vars: {question: e}, assert: [{type: llm-rubric, value: e, weight: 0}]}
)";
  const SuiteFile file = Read(config);
  EXPECT_THAT(Inputs(file), ElementsAre("a", "c", "d", "e")) << "d asks for nothing but limits";
  EXPECT_EQ(file.tests_left_out, 1);
  for (const auto& one : file.cases) {
    ASSERT_GE(one.checks_size(), 2);
    EXPECT_EQ(one.checks(0).kind(), "cost");
    EXPECT_EQ(one.checks(0).parameters_json(), R"({"most_usd":0.002})");
    EXPECT_EQ(one.checks(1).kind(), "latency");
  }
  EXPECT_THAT(file.left_out, ::testing::Contains(Pair(
                                 Pair("the whole test",
                                      "of its assertions only latency and cost are left, which "
                                      "any words would pass"),
                                 ElementsAre(::testing::EndsWith("promptfooconfig.yaml:9")))));
  SuiteFileOptions others_judge;
  others_judge.keep_unjudged = true;
  const auto kept = ReadSuiteFile(Write("promptfooconfig.yaml", config), others_judge);
  ASSERT_OK(kept);
  EXPECT_EQ(kept->cases.size(), 5u);
}

TEST_F(PromptfooCasesTest, WithoutAnAssertionAreKeptWhereSomethingElseJudges) {
  const std::string path = Write("promptfooconfig.yaml",
                                 "prompts: ['{{q}}']\n"
                                 "tests:\n"
                                 "  - {vars: {q: a}, assert: [{type: llm-rubric, value: a}]}\n"
                                 "  - {vars: {q: b}}\n");
  SuiteFileOptions options;
  options.keep_unjudged = true;
  const auto file = ReadSuiteFile(path, options);
  ASSERT_OK(file);
  EXPECT_THAT(Inputs(*file), ElementsAre("a", "b"));
  EXPECT_EQ(file->tests_left_out, 0);
  EXPECT_EQ(file->left_out.begin()->first.first, "llm-rubric");
}

TEST_F(PromptfooCasesTest, GetTheirCohortFromALabel) {
  const std::string path = Write("promptfooconfig.yaml",
                                 "prompts: ['{{q}}']\n"
                                 "tests:\n"
                                 "  - {vars: {q: a}, metadata: {topic: x}, assert: [{type: "
                                 "contains, value: a}]}\n"
                                 "  - {vars: {q: b}, assert: [{type: contains, value: a}]}\n");
  SuiteFileOptions options;
  options.cohort_label = "topic";
  const auto file = ReadSuiteFile(path, options);
  ASSERT_OK(file);
  EXPECT_EQ(file->cases.at(0).cohort(), "x");
  EXPECT_EQ(file->cases.at(1).cohort(), "");
}

}  // namespace
}  // namespace flywheel::cli
