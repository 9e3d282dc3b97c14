// Files of OpenAI's evals, DeepEval and Inspect, in the forms that their projects' own files have.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "cli/suite_files/deepeval_cases.h"
#include "cli/suite_files/inspect_cases.h"
#include "cli/suite_files/openai_evals_cases.h"
#include "cli/suite_files/template_cases.h"

namespace flywheel::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kSamples[] = R"({"input": [{"role": "system", "content": "Answer yes or no."}, )"
                            R"({"role": "user", "content": "Is 3 < 4?"}], "ideal": "Yes"})"
                            "\n"
                            R"({"input": "2+2=", "ideal": ["4", "four."], "level": 1})"
                            "\n"
                            R"({"input": "Tell a joke."})";

TEST(OpenAiEvals, AreJudgedAsTheirClassDoes) {
  const SuiteFile match = ReadOpenAiEvalsCases(kSamples, "s.jsonl", "Match");
  ASSERT_THAT(match.faults, IsEmpty());
  ASSERT_EQ(match.cases.size(), 2u);
  EXPECT_EQ(match.cases[0].prompt_size(), 2);
  EXPECT_EQ(match.cases[1].input(), "2+2=");
  EXPECT_THAT(match.cases[1].ideal_outputs(), ElementsAre("4", "four."));
  EXPECT_EQ(match.cases[1].labels().at("level"), "1");
  EXPECT_EQ(match.evaluators.at(0).kind(), "checks");
  EXPECT_EQ(match.cases[1].checks(0).parameters_json(), R"j({"pattern":"\\A(?:4|four\\.)"})j");
  EXPECT_EQ(match.tests_left_out, 1);
  ASSERT_EQ(match.left_out.size(), 1u);
  EXPECT_THAT(match.left_out.begin()->second, ElementsAre("s.jsonl:3"));
}

TEST(OpenAiEvals, OfOtherClassesHaveOneEvaluator) {
  const SuiteFile includes = ReadOpenAiEvalsCases(kSamples, "s.jsonl", "Includes");
  EXPECT_EQ(includes.evaluators.at(0).kind(), "contains");
  EXPECT_EQ(includes.evaluators.at(0).parameters_json(), R"({"mode":"any"})");
  EXPECT_TRUE(includes.cases.at(0).checks().empty());
  EXPECT_THAT(
      ReadOpenAiEvalsCases(kSamples, "s.jsonl", "FuzzyMatch").evaluators[0].parameters_json(),
      HasSubstr("ignore_case"));
  const SuiteFile json =
      ReadOpenAiEvalsCases(R"({"input": "a", "ideal": {"b": [1]}})", "s.jsonl", "JsonMatch");
  EXPECT_EQ(json.evaluators.at(0).kind(), "json_fields");
  EXPECT_THAT(json.cases.at(0).ideal_outputs(), ElementsAre(R"({"b":[1]})"));
}

TEST(DeepEval, TakesGoldensAndSaysWhatIsNoPart) {
  const SuiteFile file = ReadDeepEvalCases(
      R"([{"input": "Highest mountain?", "actual_output": "K2", "expected_output": "Mount Everest",
           "retrieval_context": ["list"], "context": ["Geography", "Mountains"], "name": "one",
           "expected_tools": [{"name": "lookup", "input_parameters": {"q": "x"}}],
           "additional_metadata": {"level": "easy"}, "comments": null},
          {"input": "Tell me something."},
          {"scenario": "a user asks", "expected_outcome": "an answer", "turns": []}])",
      "goldens.json");
  ASSERT_THAT(file.faults, IsEmpty());
  ASSERT_EQ(file.cases.size(), 1u);
  const evalgate::v1::UploadedCase& one = file.cases[0];
  EXPECT_THAT(one.ideal_outputs(), ElementsAre("Mount Everest"));
  EXPECT_EQ(one.contexts(1).text(), "Mountains");
  EXPECT_EQ(one.expected_tool_calls().calls(0).name(), "lookup");
  EXPECT_EQ(one.labels().at("name"), "one");
  EXPECT_EQ(one.labels().at("level"), "easy");
  EXPECT_EQ(file.tests_left_out, 2);
  ASSERT_EQ(file.evaluators.size(), 2u);
  EXPECT_EQ(file.evaluators[1].kind(), "trajectory");
  EXPECT_TRUE(file.left_out.contains({"actual_output", "it was answered once: a suite asks anew"}));
}

TEST(DeepEval, TakesCsvWithListsBehindBars) {
  const SuiteFile file = ReadDeepEvalCases(
      "input,actual_output,expected_output,retrieval_context,context,expected_tools\n"
      "Solve 5 * 7,35,35,Basics,Math|Tables,\"[{\"\"name\"\": \"\"calculator\"\"}]\"\n",
      "goldens.csv");
  ASSERT_THAT(file.faults, IsEmpty());
  ASSERT_EQ(file.cases.size(), 1u);
  EXPECT_EQ(file.cases[0].contexts_size(), 2);
  EXPECT_EQ(file.cases[0].expected_tool_calls().calls(0).name(), "calculator");
}

TEST(Inspect, TakesTargetsAndChoices) {
  const SuiteFile file = ReadInspectCases(
      R"({"id": "q 1", "input": "Say hello", "target": ["Hello", "Hi"], )"
      R"("metadata": {"name": "jim"}})"
      "\n"
      R"({"input": "Smallest?", "target": "A", "choices": ["1", "2", "3"]})"
      "\n"
      R"({"input": [{"role": "user", "content": "Largest?"}], "target": "B", )"
      R"("choices": ["1", "2"]})"
      "\n"
      R"({"input": "Both?", "target": ["A", "B"], "choices": ["1", "2"]})"
      "\n"
      R"({"input": "Mend the file.", "target": "ok", "sandbox": ["docker", "compose.yaml"]})"
      "\n"
      R"({"input": "Free text."})",
      "samples.jsonl");
  ASSERT_THAT(file.faults, IsEmpty());
  ASSERT_EQ(file.cases.size(), 3u);
  EXPECT_THAT(file.cases[0].case_id(), HasSubstr("q-1-"));
  EXPECT_THAT(file.cases[0].ideal_outputs(), ElementsAre("Hello", "Hi"));
  EXPECT_EQ(file.cases[0].checks(0).kind(), "normalised");
  EXPECT_EQ(file.cases[0].labels().at("name"), "jim");
  EXPECT_EQ(file.cases[1].input(), "Smallest?\n\nA) 1\nB) 2\nC) 3");
  EXPECT_EQ(file.cases[1].checks(0).kind(), "choice");
  EXPECT_EQ(file.cases[2].prompt(0).parts(1).text(), "\nA) 1\nB) 2");
  EXPECT_EQ(file.evaluators.at(0).kind(), "checks");
  EXPECT_EQ(file.tests_left_out, 3);
}

TEST(Inspect, TakesCsvAndTextsAlone) {
  const SuiteFile file = ReadInspectCases(
      "input,target,label,metadata\n\"Say 'Hello, World'\",\"Hello, World\",greeting,"
      "\"{\"\"age\"\": 42}\"\n",
      "samples.csv");
  ASSERT_THAT(file.faults, IsEmpty());
  EXPECT_EQ(file.evaluators.at(0).kind(), "normalised");
  EXPECT_EQ(file.cases.at(0).labels().at("age"), "42");
  EXPECT_EQ(file.cases[0].labels().at("label"), "greeting");
}

TEST(Rows, AreReadByTemplates) {
  constexpr char kRows[] =
      R"({"item": {"ticket": "My screen is black", "label": "Hardware", "id": 7}})"
      "\n"
      R"({"item": {"ticket": "It crashes"}})";
  const SuiteFile file = ReadTemplateCases(kRows, "data.jsonl",
                                           {R"([{"role": "developer", "content": "Classify."}, )"
                                            R"({"role": "user", "content": "{{item.ticket}}"}])",
                                            "{{ item.label }}"});
  EXPECT_THAT(file.faults, ElementsAre(HasSubstr("data.jsonl:2: got no variable 'item.label'")));
  ASSERT_EQ(file.cases.size(), 1u);
  EXPECT_EQ(file.cases[0].prompt(1).parts(0).text(), "My screen is black");
  EXPECT_THAT(file.cases[0].ideal_outputs(), ElementsAre("Hardware"));
  EXPECT_EQ(file.cases[0].labels().at("id"), "7");
  const SuiteFile texts = ReadTemplateCases(kRows, "data.jsonl", {"Sort: {{item.ticket}}", ""});
  ASSERT_EQ(texts.cases.size(), 2u);
  EXPECT_EQ(texts.cases[1].input(), "Sort: It crashes");
  EXPECT_TRUE(texts.cases[1].ideal_outputs().empty());
}

}  // namespace
}  // namespace flywheel::cli
