#include "eval_gate_service/store/bar_text.h"

#include <gtest/gtest.h>

#include "shared/testing/status_matchers.h"

namespace flywheel::evalgate {
namespace {

TEST(BarText, ReadsBackEveryField) {
  const Bar bar{.pass_rate_floor = 0.93,
                .cohort_floors = {{"vip", 0.1 + 0.2}},
                .non_inferiority_margin = 0.01,
                .cohort_margin = 0.05,
                .cohort_margin_cases = 200,
                .alpha = 0.01,
                .min_cohort_cases = 30,
                .least_cases = 400,
                .repeat_rule = RepeatRule::kAny,
                .least_attempts = 4,
                .point_floor = 0.9,
                .evaluators = {{"e1", "length", 2, R"({"most":9})", 0.5, true}},
                .cohort_labels = {"region", "tier"}};
  const auto read = BarFromText(BarToText(bar));
  ASSERT_OK(read);
  EXPECT_EQ(*read, bar);
}

// Bars are stored by their texts: one of before there were repeats is the same one.
TEST(BarText, KeepsTheTextThatEarlierReleasesWrote) {
  const std::string text =
      R"({"alpha":0.05,"cohort_floors":{},"cohort_margin":0.1,"cohort_margin_cases":150,)"
      R"("least_cases":1,"min_cohort_cases":1,"non_inferiority_margin":0.03,)"
      R"("pass_rate_floor":0.92})";
  EXPECT_EQ(BarToText(Bar()), text);
  const auto read = BarFromText(text);
  ASSERT_OK(read);
  EXPECT_EQ(*read, Bar());
}

TEST(BarText, RefusesADamagedColumn) {
  for (const char* text : {"", "{", "[]", "1"}) EXPECT_FALSE(BarFromText(text).ok()) << text;
}

}  // namespace
}  // namespace flywheel::evalgate
