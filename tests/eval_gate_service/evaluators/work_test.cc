// What judging one output may take: hostile texts at every limit are given up, large honest ones
// are measured. Counted, not timed.
#include "eval_gate_service/evaluators/work.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "eval_gate_service/evaluators/evaluator.h"
#include "eval_gate_service/evaluators/make_evaluator.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::evalgate::evaluators {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kTooMany[] = "too many steps";

std::string Times(size_t times, const std::string& text) {
  std::string all;
  all.reserve(times * text.size());
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

// Words that are all different, as many as fit.
std::string DifferentWords(size_t bytes, const std::string& separator = " ") {
  std::string words;
  for (size_t i = 0; words.size() + 10 < bytes; ++i) words += fmt::format("{:x}{}", i, separator);
  return words;
}

Evaluation Evaluate(const EvaluatorSpec& spec, const Case& one, const Output& output) {
  const auto made = MakeEvaluator(spec);
  EXPECT_OK(made.status());
  return (*made)->Evaluate(one, output);
}

Case WithIdeals(std::vector<std::string> ideals) {
  Case one;
  one.ideal_outputs = std::move(ideals);
  return one;
}

Output Saying(std::string text) {
  Output output;
  output.text = std::move(text);
  return output;
}

TEST(Work, IsTakenFromTheOutermostBudget) {
  EXPECT_EQ(Work::left(), Work::kMostSteps);
  {
    const Work work;
    EXPECT_TRUE(Work::Take(Work::kMostSteps - 10));
    const Work inner;
    EXPECT_EQ(Work::left(), 10);
    EXPECT_FALSE(Work::Take(11));
    EXPECT_TRUE(Work::Take(10)) << "what is not taken is left";
    EXPECT_FALSE(Work::Take(1));
  }
  EXPECT_EQ(Work::left(), Work::kMostSteps);
}

TEST(Work, SufficesForTheLargestTextsThatAreCompared) {
  const std::string text = Times(65'536 / 16, "0123456789abcdef");
  std::string other = text;
  other.replace(100, 30'000, Times(30'000, "x"));
  for (const char* kind : {"levenshtein", "rouge_l", "chrf", "token_f1", "ground_truth_match"}) {
    const Evaluation evaluation = Evaluate({kind, "", 0.5}, WithIdeals({text}), Saying(other));
    EXPECT_EQ(evaluation.state, State::kMeasured) << kind << ": " << evaluation.explanation;
  }
  const std::string longest = Times(65'536, "word");
  for (const char* kind : {"normalised", "exact", "contains", "numeric", "refusal", "language"}) {
    const Evaluation evaluation = Evaluate({kind, "", 0.5}, WithIdeals({"no 7"}), Saying(longest));
    EXPECT_THAT(evaluation.explanation, Not(HasSubstr(kTooMany))) << kind;
  }
  const EvaluatorSpec pattern{"regex", R"json({"pattern": "[a-z]+ \\d{2,10} (one|two)"})json", {}};
  EXPECT_EQ(Evaluate(pattern, {}, Saying(longest)).state, State::kMeasured);
}

// Each would take from a third of a second to minutes, and 64 of it may stand in one case.
TEST(Work, EndsWhatHostileTextsWouldTake) {
  struct Hostile {
    EvaluatorSpec spec;
    Case one;
    Output output;
  };
  const std::string half(128 * 1024, 'a');
  const std::string words = DifferentWords(kMaxTextBytes);
  std::vector<Hostile> all;
  all.push_back({{"levenshtein", "", 0.5},
                 WithIdeals(std::vector<std::string>(32, Times(65'000, "ab").substr(0, 65'000))),
                 Saying(Times(65'000, "ba").substr(0, 65'000))});
  all.push_back({{"rouge_l", "", 0.5},
                 WithIdeals({DifferentWords(kMaxTextBytes, "-")}),
                 Saying(Times(kMaxTextBytes / 2, "a "))});
  all.push_back(
      {{"chrf", "", 0.5}, WithIdeals(std::vector<std::string>(32, "some words")), Saying(words)});
  all.push_back({{"list_match", R"({"similarity": "levenshtein"})", 0.5},
                 WithIdeals({half + half}),
                 Saying(Times(kMaxTextBytes / 2, "ba"))});
  std::string lists;
  for (int i = 0; i < 127; ++i) lists += DifferentWords(2'000) + "\n";
  all.push_back({{"list_match", R"({"similarity": "token_f1"})", 0.5},
                 WithIdeals(std::vector<std::string>(32, lists)),
                 Saying(lists)});
  all.push_back({{"regex", "", {}},
                 WithIdeals({"(a|b)*a(a|b){900}(a|b){90}c"}),
                 Saying(Times(kMaxTextBytes / 2, "ab"))});
  all.push_back({{"regex", "", {}}, WithIdeals({Times(80'000, "\\pL")}), Saying("x")});
  all.push_back(
      {{"contains",
        fmt::format(R"({{"whole_words": true, "texts": ["a"{}]}})", Times(199, R"(,"a")")),
        {}},
       {},
       Saying(Times(100'000, "aa"))});
  std::string sentences;
  for (int i = 0; i < 3'999; ++i) sentences += "zz beta. ";
  Case grounded;
  grounded.contexts = {sentences};
  all.push_back({{"groundedness", "", 0.5}, grounded, Saying(Times(87'000, "zz "))});
  Case relevant;
  relevant.input = words;
  relevant.contexts = std::vector<std::string>(20'000, "word");
  all.push_back({{"context_relevance", "", 0.5}, relevant, {}});
  Case calls;
  Output made;
  const std::string arguments = fmt::format(R"({{"list": [1{}]}})", Times(1'000, ",1"));
  calls.expected_calls.emplace();
  for (int i = 0; i < 128; ++i) {
    calls.expected_calls->push_back({"f", arguments});
    made.tool_calls.push_back({"f", arguments});
  }
  all.push_back({{"tool_calls", R"({"strict": true})", {}}, calls, made});
  Case fields = WithIdeals(std::vector<std::string>(32, "[" + Times(4'000, "[],") + "1]"));
  all.push_back(
      {{"json_fields", fmt::format(R"({{"fields": ["/0"{}]}})", Times(999, R"(,"/0")")), {}},
       fields,
       Saying("[" + Times(80'000, "[],") + "1]")});
  // Lists that begin alike, each of which is compared with all before it.
  const std::string ones = Times(90, "1,");
  std::string unlike;
  for (int i = 0; i < 1'300; ++i) unlike += fmt::format("[{}{}],", ones, i);
  all.push_back({{"json_schema", R"({"schema": {"uniqueItems": true}})", {}},
                 {},
                 Saying("[" + unlike + "2]")});
  std::string values;
  for (int i = 0; i < 4'000; ++i) values += fmt::format("[{}{}],", ones, i + 2);
  all.push_back(
      {{"json_schema", R"({"schema": {"items": {"enum": [)" + values + "[" + ones + "1]]}}}", {}},
       {},
       Saying("[" + Times(1'000, "[" + ones + "1],") + "2]")});
  std::string names;
  for (int i = 0; i < 900; ++i) names += fmt::format(R"("name{}": true,)", i);
  names.pop_back();
  all.push_back({{"json_schema", R"({"schema": {"items": {"properties": {)" + names + "}}}}", {}},
                 {},
                 Saying("[" + Times(60'000, "{},") + "1]")});
  for (const Hostile& one : all) {
    // As what other checks have left, so that none takes long here.
    const Work work;
    ASSERT_TRUE(Work::Take(Work::kMostSteps - 50'000'000));
    const Evaluation evaluation = Evaluate(one.spec, one.one, one.output);
    EXPECT_EQ(evaluation.state, State::kFailed) << one.spec.kind;
    EXPECT_THAT(evaluation.explanation, HasSubstr(kTooMany)) << one.spec.kind;
  }
}

TEST(Work, IsSharedByAllChecksOfACaseWhichSayWhatWasTooMuch) {
  Case one = WithIdeals({Times(60'000, "ab").substr(0, 60'000)});
  one.checks = std::vector<EvaluatorSpec>(64, {"levenshtein", "", 0.01});
  one.checks.push_back({"contains", R"({"texts": ["ba"]})", {}});
  const Evaluation evaluation =
      Evaluate({"checks", "", {}}, one, Saying(Times(60'000, "ba").substr(0, 60'000)));
  EXPECT_EQ(evaluation.state, State::kMeasured);
  EXPECT_FALSE(evaluation.passed);
  // Some were, and so was the last, which takes little.
  EXPECT_THAT(evaluation.explanation,
              HasSubstr("of 65 checks passed; not: levenshtein: takes " + std::string(kTooMany)));
  EXPECT_THAT(evaluation.explanation, Not(HasSubstr("contains")));
}

}  // namespace
}  // namespace flywheel::evalgate::evaluators
