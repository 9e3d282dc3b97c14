// Each assertion that maps, judged by the evaluators that it maps to.
#include "cli/suite_files/promptfoo_assertions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cli/suite_files/promptfoo_types.h"
#include "cli/suite_files/yaml_json.h"
#include "eval_gate_service/evaluators/checks.h"
#include "eval_gate_service/evaluators/make_evaluator.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::cli {
namespace {

using evalgate::evaluators::Evaluation;
using evalgate::evaluators::Output;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A test with these assertions, as YAML in the flow style.
struct Translated {
  evalgate::v1::UploadedCase one;
  SuiteFile file;
};

Translated Translate(const std::string& assertions) {
  Translated result;
  const auto document = ReadYaml(assertions, "test.yaml");
  EXPECT_OK(document);
  const NearbyFiles files("test.yaml");
  const json variables = {{"city", "Paris"}};
  const json templates = {{"short", {{"type", "word-count"}, {"value", {{"max", 3}}}}}};
  TakeAssertions(document->value, {&files, &variables, &templates, "test.yaml:3"}, result.one,
                 result.file);
  return result;
}

// By the evaluator "checks", as the gate would.
bool Passes(const evalgate::v1::UploadedCase& one, const Output& output) {
  evalgate::evaluators::Case asked;
  asked.ideal_outputs.assign(one.ideal_outputs().begin(), one.ideal_outputs().end());
  if (one.has_expected_tool_calls()) {
    asked.expected_calls.emplace();
    for (const auto& call : one.expected_tool_calls().calls()) {
      asked.expected_calls->push_back({call.name(), call.arguments_json()});
    }
  }
  for (const auto& check : one.checks()) {
    evalgate::evaluators::EvaluatorSpec spec{check.kind(), check.parameters_json(), std::nullopt};
    if (check.has_threshold()) spec.threshold = check.threshold();
    EXPECT_OK(evalgate::evaluators::MakeCheck(spec));
    asked.checks.push_back(std::move(spec));
  }
  const auto checks = evalgate::evaluators::MakeEvaluator({"checks", "", std::nullopt});
  return (*checks)->Evaluate(asked, output).passed;
}

bool Passes(const evalgate::v1::UploadedCase& one, const std::string& text) {
  Output output;
  output.text = text;
  return Passes(one, output);
}

TEST(PromptfooAssertions, ThatMapJudgeAsPromptfooDoes) {
  const struct {
    const char* assertions;
    std::vector<const char*> right, wrong;
  } kCases[] = {
      {"[{type: equals, value: yes it is}]", {"yes it is"}, {"Yes it is", "yes it is!", ""}},
      {"[{type: equals, value: 7}]", {"7"}, {"7.0", "17"}},
      {"[{type: not-equals, value: no}]", {"yes", "no!"}, {"no"}},
      {"[{type: equals, value: {a: 1, b: [x]}}]", {R"({"b": ["x"], "a": 1})"}, {R"({"a": 1})"}},
      {"[{type: contains, value: '{{city}}'}]", {"It is Paris."}, {"It is paris.", "Rome"}},
      {"[{type: icontains, value: '{{city}}'}]", {"It is PARIS."}, {"Rome"}},
      {"[{type: contains-all, value: [a1, b2]}]", {"b2 a1"}, {"a1"}},
      {"[{type: contains-any, value: 'a1, b2'}]", {"b2", "a1"}, {"c3"}},
      {"[{type: icontains-any, value: [a1, b2]}]", {"B2"}, {"c3"}},
      {"[{type: icontains-all, value: [a1, b2]}]", {"B2 A1"}, {"B2"}},
      {"[{type: not-contains, value: sorry}]", {"here you are", "Sorry"}, {"so sorry"}},
      {"[{type: not-icontains, value: sorry}]", {"here you are"}, {"Sorry"}},
      {"[{type: not-contains-any, value: [a, b]}]", {"xyz"}, {"xbz"}},
      {"[{type: regex, value: '\\d{4}'}]", {"in 1984"}, {"in 84"}},
      {"[{type: not-regex, value: '\\d{4}'}]", {"in 84"}, {"in 1984"}},
      {"[{type: starts-with, value: 'a.b'}]", {"a.b c"}, {"axb", "c a.b"}},
      {"[{type: not-starts-with, value: a}]", {"ba"}, {"ab"}},
      {"[{type: is-json}]", {"{}", "[1]", "3"}, {"{", "no"}},
      {"[{type: is-json, value: {type: object, required: [x]}}]", {R"({"x": 1})"}, {"{}", "[]"}},
      {"[{type: is-json, value: '{\"required\": [\"x\"], \"type\": \"object\"}'}]",
       {R"({"x": 1})"},
       {"{}"}},
      {"[{type: contains-json}]", {"Here:\n```json\n{\"a\": 1}\n```\n", "{}"}, {"none"}},
      {"[{type: levenshtein, value: kitten sitting, threshold: 3}]",
       {"kitten sitting", "kitten sittxyz"},
       {"mitten xittxyz"}},
      {"[{type: word-count, value: 2}]", {"two words"}, {"one", "these are three"}},
      {"[{type: word-count, value: {min: 2, max: 3}}]", {"two words"}, {"one"}},
      // As promptfoo counts.
      {"[{type: word-count, value: 2}]", {"state-of-the-art cars"}, {"state of the art"}},
      {"[{type: is-refusal}]", {"I can't help with that."}, {"Sure, here it is."}},
      {"[{type: not-is-refusal}]", {"Sure, here it is."}, {"I can't help with that."}},
      {"[{type: contains, value: a}, {type: contains, value: b}]", {"ab"}, {"a", "b"}},
      {"[{type: assert-set, assert: [{type: contains, value: a}, {type: contains, value: b}]}]",
       {"ab"},
       {"a"}},
      {"[{$ref: '#/assertionTemplates/short'}]", {"no more words"}, {"some more words here"}},
      {"[{type: equals, value: a b}, {type: equals, value: a c}]", {}, {"a b", "a c"}},
  };
  for (const auto& one : kCases) {
    const Translated translated = Translate(one.assertions);
    EXPECT_THAT(translated.file.left_out, IsEmpty()) << one.assertions;
    for (const char* right : one.right) {
      EXPECT_TRUE(Passes(translated.one, right)) << one.assertions << ": " << right;
    }
    for (const char* wrong : one.wrong) {
      EXPECT_FALSE(Passes(translated.one, wrong)) << one.assertions << ": " << wrong;
    }
  }
}

TEST(PromptfooAssertions, OfFiguresAndToolsMapToo) {
  Output output;
  output.latency_ms = 150;
  output.cost_usd = 0.001;
  EXPECT_TRUE(Passes(Translate("[{type: latency, threshold: 200}]").one, output));
  EXPECT_FALSE(Passes(Translate("[{type: latency, threshold: 100}]").one, output));
  EXPECT_TRUE(Passes(Translate("[{type: cost, threshold: 0.002}]").one, output));
  EXPECT_TRUE(Passes(Translate("[{type: cost, threshold: '0.002'}]").one, output));
  EXPECT_FALSE(Passes(Translate("[{type: cost, threshold: 0.0005}]").one, output));

  Output calls;
  calls.tool_calls = {{"search", R"({"q": 1})"}, {"book", "{}"}};
  EXPECT_TRUE(Passes(Translate("[{type: tool-call-f1, value: [book, search]}]").one, calls));
  EXPECT_FALSE(Passes(Translate("[{type: tool-call-f1, value: book}]").one, calls));
  EXPECT_TRUE(Passes(Translate("[{type: 'trajectory:tool-used', value: book}]").one, calls));
  EXPECT_FALSE(Passes(Translate("[{type: 'trajectory:tool-used', value: pay}]").one, calls));
  EXPECT_TRUE(
      Passes(Translate("[{type: 'trajectory:tool-sequence', value: {steps: [search, book]}}]").one,
             calls));
  EXPECT_FALSE(
      Passes(Translate("[{type: 'trajectory:tool-sequence', value: {steps: [book, search]}}]").one,
             calls));
}

TEST(PromptfooAssertions, ThatDoNotMapAreNamedWithTheReason) {
  const struct {
    const char* assertion;
    const char* what;
    const char* why;
  } kCases[] = {
      {"{type: llm-rubric, value: is polite}", "llm-rubric", "a model judges it"},
      {"{type: not-llm-rubric, value: is rude}", "not-llm-rubric", "a model judges it"},
      {"{type: similar, value: x, threshold: 0.8}", "similar", "a model judges it"},
      {"{type: javascript, value: output.length > 3}", "javascript", "a program judges it"},
      {"{type: equals, value: 'file://expected.py'}", "equals", "a program judges it"},
      {"{type: equals, value: 'file://nowhere.txt'}", "equals", "cannot be read"},
      {"{type: is-sql}", "is-sql", "no evaluator does this"},
      {"{type: contains, value: a, transform: output.x}", "contains", "a program changes"},
      {"{type: contains, value: a, weight: 0}", "contains", "weight 0"},
      {"{type: contains, value: ''}", "contains", "looks for nothing"},
      {"{type: contains, value: '{{nobody}}'}", "contains", "no variable 'nobody'"},
      {"{type: regex, value: '(?=a)b'}", "regex", "none of RE2"},
      {"{type: regex, value: '.*'}", "regex", "whatever is said"},
      {"{type: latency}", "latency", "no threshold"},
      {"{type: levenshtein, value: abc}", "levenshtein", "any short answer"},
      {"{type: assert-set, threshold: 0.5, assert: []}", "assert-set", "some of its"},
      {"{value: a}", "an assertion without a type", "no evaluator"},
      {"text", "an assertion", "no object"},
  };
  for (const auto& one : kCases) {
    const Translated translated = Translate("[" + std::string(one.assertion) + "]");
    EXPECT_EQ(translated.one.checks_size(), 0) << one.assertion;
    ASSERT_EQ(translated.file.left_out.size(), 1u) << one.assertion;
    const auto& [what, places] = *translated.file.left_out.begin();
    EXPECT_EQ(what.first, one.what);
    EXPECT_THAT(what.second, HasSubstr(one.why));
    EXPECT_THAT(places, ElementsAre("test.yaml:3"));
  }
}

TEST(PromptfooAssertions, StandInColumnsAsTexts) {
  EXPECT_EQ(AssertionOfText("contains-any: a, b"),
            json({{"type", "contains-any"}, {"value", "a, b"}}));
  EXPECT_EQ(AssertionOfText("levenshtein(2):abc"),
            json({{"type", "levenshtein"}, {"threshold", 2.0}, {"value", "abc"}}));
  EXPECT_EQ(AssertionOfText("is-json"), json({{"type", "is-json"}}));
  EXPECT_EQ(AssertionOfText("not-icontains:x"), json({{"type", "not-icontains"}, {"value", "x"}}));
  EXPECT_EQ(AssertionOfText("grade: is polite"),
            json({{"type", "llm-rubric"}, {"value", "is polite"}}));
  EXPECT_EQ(AssertionOfText("fn:output.x"), json({{"type", "javascript"}, {"value", "output.x"}}));
  EXPECT_EQ(AssertionOfText("Note: this"), json({{"type", "equals"}, {"value", "Note: this"}}));
  EXPECT_EQ(AssertionOfText("4"), json({{"type", "equals"}, {"value", "4"}}));
}

}  // namespace
}  // namespace flywheel::cli
