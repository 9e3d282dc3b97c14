#include "experiment_service/domain/counts_text.h"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <vector>

namespace flywheel::experiment {
namespace {

std::vector<ArmCounts> SomeCounts() {
  std::mt19937_64 random(3);
  std::lognormal_distribution<> value(0, 5);
  std::vector<ArmCounts> arms(3, ArmCounts(2));
  const std::vector<Metric> plan(2);
  for (int i = 0; i < 500; ++i) {
    UnitState unit;
    unit.expose_time = absl::UnixEpoch();
    unit.matured = i % 3 == 0;
    unit.mixed_outcomes = i % 50 == 0 ? 1 : 0;
    unit.totals.resize(2);
    for (int k = 0; k < i % 4; ++k) unit.totals[static_cast<size_t>(k % 2)].Add(value(random));
    arms[static_cast<size_t>(i % 3)].Count(plan, {}, unit);
  }
  arms[1].fallback_outcomes = 7;
  return arms;
}

TEST(CountsText, GivesEveryBitBack) {
  const std::vector<ArmCounts> arms = SomeCounts();
  const std::optional<std::vector<ArmCounts>> read = ParseCountsText(CountsText(arms));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), arms.size());
  for (size_t arm = 0; arm < arms.size(); ++arm) {
    EXPECT_EQ((*read)[arm].exposed_units, arms[arm].exposed_units);
    EXPECT_EQ((*read)[arm].mixed_units, arms[arm].mixed_units);
    EXPECT_EQ((*read)[arm].matured_units, arms[arm].matured_units);
    EXPECT_EQ((*read)[arm].fallback_outcomes, arms[arm].fallback_outcomes);
    for (size_t i = 0; i < 2; ++i) {
      const OutcomeCounts::Parts& a = (*read)[arm].metrics[i].parts();
      const OutcomeCounts::Parts& b = arms[arm].metrics[i].parts();
      EXPECT_EQ(a.units, b.units);
      EXPECT_EQ(a.outcomes, b.outcomes);
      EXPECT_EQ(a.matured_units, b.matured_units);
      EXPECT_EQ(a.other_units, b.other_units);
      EXPECT_EQ(a.sum, b.sum);
      EXPECT_EQ(a.sum_of_squares, b.sum_of_squares);
      EXPECT_EQ(a.histogram, b.histogram);
    }
  }
  EXPECT_EQ(CountsText(*read), CountsText(arms));
}

// Stored texts have to be read by every later version.
TEST(CountsText, ReadsEveryFormThatWasEverWritten) {
  ArmCounts arm(1);
  UnitState unit;
  unit.expose_time = absl::UnixEpoch();
  unit.totals.resize(1);
  unit.totals[0].Add(1.5);
  arm.Count({Metric()}, {}, unit);
  EXPECT_EQ(CountsText({arm}), "1 0 0 0; 1 1 0 1 0x1.8p+0 0x1.2p+1 0 0 0 01823d02\n");
  const auto rounded = ParseCountsText("1 0 0 0; 1 1 0 1 0x1.8p+0 0x0p+0 0x1.2p+1 0x0p+0\n");
  ASSERT_TRUE(rounded);
  // Which knew no values.
  EXPECT_EQ(CountsText(*rounded), "1 0 0 0; 1 1 0 1 0x1.8p+0 0x1.2p+1 0 0 0 -\n");
}

TEST(CountsText, IsNotReadWhereItIsNotWhole) {
  const std::string text = CountsText(SomeCounts());
  EXPECT_FALSE(ParseCountsText("1 2 3"));
  EXPECT_FALSE(ParseCountsText("1 2 3 x"));
  EXPECT_FALSE(ParseCountsText("1 2 3 4 5"));
  EXPECT_FALSE(ParseCountsText("1 2 3 4; 1 1 0 0 0x1p+0 0x0p+0 0x1p+0"));
  EXPECT_FALSE(ParseCountsText("1 2 3 4; 1 1 0 0 0x1p+0 0x0p+0 0x1p+0 0x0z"));
  EXPECT_FALSE(ParseCountsText(text.substr(0, text.rfind(' '))));
  EXPECT_FALSE(ParseCountsText("1 2 3 4; 1 1 0 0 1 1 0 0 0"));
  EXPECT_TRUE(ParseCountsText("1 2 3 4; 1 1 0 0 1 1 0 0 0 -"));
  EXPECT_FALSE(ParseCountsText("1 2 3 4; 1 1 0 0 1 1 0 0 0 0"));
  EXPECT_FALSE(ParseCountsText("1 2 3 4; 1 1 0 0 1 1 0 0 0 01823d0"));
  EXPECT_FALSE(ParseCountsText("1 2 3 4; 1 1 0 0 1 1 0 0 0 01823x02"));
}

}  // namespace
}  // namespace flywheel::experiment
