#include "eval_gate_service/evaluators/numeric.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "eval_gate_service/evaluators/number_text.h"
#include "tests/eval_gate_service/evaluators/evaluate.h"

namespace flywheel::evalgate::evaluators {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<double> Values(const std::string& text, DecimalMark mark = DecimalMark::kPoint) {
  std::vector<double> values;
  for (const TextNumber& number : ReadNumbers(ForNumbers(text), mark))
    values.push_back(number.value);
  return values;
}

TEST(ReadNumbers, KnowsSeparators) {
  EXPECT_THAT(Values("1,234,567.5 and 1'000 and 1_000"), ElementsAre(1234567.5, 1000, 1000));
  EXPECT_THAT(Values("12\u202f345 12\u00a0345 12 345"), ElementsAre(12345, 12345, 12, 345));
  EXPECT_THAT(Values("1,2,3 and 1,0000 and 1234,567"), ElementsAre(1, 2, 3, 1, 0, 1234, 567));
  EXPECT_THAT(Values("1.234,5 und 3,25", DecimalMark::kComma), ElementsAre(1234.5, 3.25));
}

TEST(ReadNumbers, KnowsSignsAndMarks) {
  EXPECT_THAT(Values("-5, \u22125, -$5, $-5, +5"), ElementsAre(-5, -5, -5, -5, 5));
  EXPECT_THAT(Values("3-5 (2)-1 x-2 \u20ac7.50"), ElementsAre(3, 5, 2, 1, 2, 7.5));
  EXPECT_THAT(Values("1e3 1.5E-2 2e 3em"), ElementsAre(1000, 0.015, 2, 3));
  EXPECT_THAT(Values(".5 and 18. 0.5."), ElementsAre(0.5, 18, 0.5));
}

TEST(ReadNumbers, LeavesOutDigitsOfNames) {
  EXPECT_THAT(Values("CO2 of 5 m2, gpt4o"), ElementsAre(5));
  EXPECT_THAT(Values("schema.50 x.5y 6"), ElementsAre(6));
  EXPECT_THAT(Values("5 m\u00b2 and 10\u00b2"), ElementsAre(5, 10));
  EXPECT_THAT(Values("\uff11\uff12"), ElementsAre(12));
  EXPECT_THAT(Values("no number - at, all."), ElementsAre());
}

TEST(ReadNumbers, ReadsWithoutOverflow) {
  EXPECT_EQ(Values(std::string(5000, '9')).at(0), HUGE_VAL);
  EXPECT_EQ(Values("1e999999999999").at(0), HUGE_VAL);
}

TEST(Numeric, TakesTheLastNumber) {
  const auto numeric = Make("numeric");
  EXPECT_EQ(ScoreOf(*numeric, "#### 18", "3 + 15 makes $18.00."), 1);
  EXPECT_EQ(ScoreOf(*numeric, "18", "18 is 3 + 15"), 0);
  EXPECT_EQ(ScoreOf(*numeric, "1,000", "1000"), 1);
  EXPECT_EQ(ScoreOf(*numeric, "18", "eighteen"), 0);
  EXPECT_EQ(ScoreOf(*numeric, "18", ""), 0);
  EXPECT_EQ(numeric->Evaluate(Ideal("eighteen"), Said("18")).state, State::kNotApplicable);
}

TEST(Numeric, TakesTheFirstOrTheOnlyOne) {
  EXPECT_EQ(ScoreOf(*Make("numeric", R"({"take": "first"})"), "18", "18 is 3 + 15"), 1);
  const auto only = Make("numeric", R"({"take": "only"})");
  EXPECT_EQ(ScoreOf(*only, "18", "It is 18."), 1);
  EXPECT_EQ(ScoreOf(*only, "18", "18, not 17"), 0);
}

TEST(Numeric, HasTolerances) {
  const auto relative = Make("numeric", R"({"relative_tolerance": 0.01})");
  EXPECT_EQ(ScoreOf(*relative, "200", "202"), 1);
  EXPECT_EQ(ScoreOf(*relative, "200", "202.1"), 0);
  EXPECT_EQ(ScoreOf(*relative, "-200", "-198"), 1);
  EXPECT_EQ(ScoreOf(*relative, "0", "0.0001"), 0);
  const auto absolute = Make("numeric", R"({"absolute_tolerance": 0.5})");
  EXPECT_EQ(ScoreOf(*absolute, "0", "0.5"), 1);
  EXPECT_EQ(ScoreOf(*absolute, "3", "3.51"), 0);
  EXPECT_EQ(ScoreOf(*absolute, "3", "1e999"), 0);
}

TEST(Numeric, KnowsPercentAndUnits) {
  EXPECT_EQ(ScoreOf(*Make("numeric"), "50", "50 %"), 1);
  const auto fraction = Make("numeric", R"({"percent": "fraction"})");
  EXPECT_EQ(ScoreOf(*fraction, "0.5", "50%"), 1);
  EXPECT_EQ(ScoreOf(*fraction, "50%", "0.5"), 1);
  const auto km = Make("numeric", R"({"unit": "km"})");
  EXPECT_EQ(ScoreOf(*km, "12", "12\u00a0km"), 1);
  EXPECT_EQ(ScoreOf(*km, "12", "12 miles"), 0);
  EXPECT_EQ(ScoreOf(*km, "12", "12"), 0);
}

}  // namespace
}  // namespace flywheel::evalgate::evaluators
