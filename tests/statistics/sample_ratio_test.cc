#include "statistics/sample_ratio.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "statistics/refusal.h"
#include "statistics/special_functions.h"

namespace flywheel::statistics {
namespace {

using Counts = std::vector<std::int64_t>;
using Weights = std::vector<double>;

// The e-value by its textbook formula, fit for small counts.
double TextbookLogE(const Counts& counts, const Weights& shares, double c) {
  double total = 0.0;
  double log_e = LogGamma(c);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double x = static_cast<double>(counts[i]);
    total += x;
    log_e += LogGamma(c * shares[i] + x) - LogGamma(c * shares[i]) - x * std::log(shares[i]);
  }
  return log_e - LogGamma(c + total);
}

TEST(SampleRatioTest, ReproducesThePublishedPValues) {
  const struct {
    Counts counts;
    Weights weights;
    double p_value, tolerance;
  } published[] = {{{1000, 1200}, {0.5, 0.5}, 2.007865612426481e-5, 1e-16},
                   {{135, 115}, {0.5, 0.5}, 0.205903211, 1e-9},
                   {{310, 98}, {0.75, 0.25}, 0.647434186, 1e-9},
                   {{500, 500, 600}, {0.34, 0.33, 0.33}, 0.000592638, 1e-9},
                   {{1000, 1200, 900}, {0.5, 0.5, 0.0}, 2.007865612426481e-5, 1e-16}};
  for (const auto& p : published) {
    const auto result = SampleRatioTest(p.counts, p.weights);
    ASSERT_TRUE(result.ok());
    EXPECT_NEAR(result->p_value, p.p_value, p.tolerance);
  }
}

TEST(SampleRatioTest, ReportsTheSmallestExpectedCountAndTakesAnyScaleOfWeights) {
  const auto result = SampleRatioTest(Counts{90, 5, 5}, Weights{90, 5, 5});
  ASSERT_TRUE(result.ok());
  EXPECT_NEAR(result->smallest_expected, 5.0, 1e-12);
  EXPECT_NEAR(result->p_value, 1.0, 1e-12);
  EXPECT_EQ(result->degrees_of_freedom, 2.0);
}

TEST(SampleRatioTest, RefusesWhatHasNoAnswer) {
  const auto reason = [](const Counts& counts, const Weights& weights) {
    return RefusalOf(SampleRatioTest(counts, weights).status());
  };
  EXPECT_EQ(reason({1, 2}, {1.0}), Refusal::kSizeMismatch);
  EXPECT_EQ(reason({1, 2}, {1.0, 0.0}), Refusal::kTooFewArms);
  EXPECT_EQ(reason({0, 0, 7}, {1.0, 1.0, 0.0}), Refusal::kTooFewUnits);
  EXPECT_EQ(reason({-1, 2}, {1.0, 1.0}), Refusal::kArgumentOutOfRange);
  EXPECT_EQ(reason({1, 2}, {1.0, -1.0}), Refusal::kArgumentOutOfRange);
  EXPECT_EQ(reason({1, 2}, {1.0, std::numeric_limits<double>::quiet_NaN()}),
            Refusal::kArgumentOutOfRange);
  EXPECT_EQ(reason({1, 2}, {1e200, 1e-200}), Refusal::kArgumentOutOfRange);
  EXPECT_EQ(reason({1, 2}, {1.7e308, 1.7e308}), Refusal::kArgumentOutOfRange);
  EXPECT_EQ(RefusalOf(MultinomialLogEValue(Counts{1, 2}, Weights{1, 1}, 0.0).status()),
            Refusal::kArgumentOutOfRange);
}

TEST(MultinomialEValueTest, AgreesWithItsTextbookFormula) {
  EXPECT_NEAR(*MultinomialLogEValue(Counts{1000, 1200}, Weights{0.5, 0.5}, 1e4), 1.5401221581041682,
              1e-9);
  const Counts conversions = {9, 120, 13};
  const Weights shares = {0.1, 0.8, 0.1};
  EXPECT_NEAR(*MultinomialLogEValue(conversions, shares, 100.0),
              TextbookLogE(conversions, shares, 100.0), 1e-11);
  EXPECT_NEAR(*MultinomialLogEValue(Counts{30, 70}, Weights{0.5, 0.5}, 100.0), 3.6997595965385983,
              1e-11);
}

TEST(MultinomialEValueTest, KeepsItsDigitsAtAnyCount) {
  // From mpmath; the textbook formula has no correct digit here.
  const auto log_e =
      MultinomialLogEValue(Counts{1000000000000, 1000003000000}, Weights{0.5, 0.5}, 1e4);
  EXPECT_NEAR(*log_e, -7.3069431009983574, 1e-9);
}

TEST(MultinomialEValueTest, StartsAtOneAndIsAFairBetOnTheNextUnit) {
  const Weights shares = {0.7, 0.2, 0.1};
  EXPECT_NEAR(*MultinomialLogEValue(Counts{0, 0, 0}, shares, 100.0), 0.0, 1e-12);
  // The martingale property: the mean of E over where the next unit falls is E now.
  const Counts now = {40, 3, 9};
  double mean = 0.0;
  for (std::size_t i = 0; i < now.size(); ++i) {
    Counts next = now;
    ++next[i];
    mean += shares[i] * std::exp(*MultinomialLogEValue(next, shares, 100.0));
  }
  EXPECT_NEAR(mean / std::exp(*MultinomialLogEValue(now, shares, 100.0)), 1.0, 1e-11);
}

TEST(MultinomialEValueTest, BecomesAPValueOfAtMostOne) {
  EXPECT_EQ(PValueOfLogEValue(-3.0), 1.0);
  EXPECT_NEAR(PValueOfLogEValue(std::log(20.0)), 0.05, 1e-15);
}

TEST(SampleRatioMixtureTest, IsTheMeanOfTheEValues) {
  // The mean of the textbook formula at the eight concentrations, in 60-digit arithmetic.
  const struct {
    Counts counts;
    Weights weights;
    double log_e;
  } references[] = {{{1000, 1200}, {0.5, 0.5}, 6.0970248559036617},
                    {{9, 120, 13}, {0.1, 0.8, 0.1}, -0.038600379354125961},
                    {{99000, 1100}, {0.99, 0.01}, 2.3986553932593458},
                    {{1000000000000, 1000003000000}, {0.5, 0.5}, -7.4234349998552464}};
  for (const auto& r : references) {
    EXPECT_NEAR(*SampleRatioMixtureLogEValue(r.counts, r.weights), r.log_e, 1e-9);
  }
  EXPECT_NEAR(*SampleRatioMixtureLogEValue(Counts{0, 0}, Weights{1, 3}), 0.0, 1e-12);
}

TEST(SampleRatioMixtureTest, RefusesWhatHasNoAnswer) {
  const auto reason = [](const Counts& counts, const Weights& weights) {
    return RefusalOf(SampleRatioMixtureLogEValue(counts, weights).status());
  };
  EXPECT_EQ(reason({1, 2}, {1.0}), Refusal::kSizeMismatch);
  EXPECT_EQ(reason({1, 2}, {1.0, 0.0}), Refusal::kTooFewArms);
  EXPECT_EQ(reason({-1, 2}, {1.0, 1.0}), Refusal::kArgumentOutOfRange);
}

// The number of experiments in which the mixture reached 1/.05 within `units` units, looked at
// after every `step`, where the first arm got `truth` of them and `share` was configured.
int MixtureAlarms(int experiments, int units, int step, double share, double truth,
                  std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::binomial_distribution<std::int64_t> first_arm(step, truth);
  const std::array<double, 2> weights = {share, 1.0 - share};
  int alarms = 0;
  for (int experiment = 0; experiment < experiments; ++experiment) {
    std::array<std::int64_t, 2> counts = {0, 0};
    bool alarm = false;
    for (int seen = 0; seen < units && !alarm; seen += step) {
      const std::int64_t drawn = first_arm(random);
      counts[0] += drawn;
      counts[1] += step - drawn;
      alarm = *SampleRatioMixtureLogEValue(counts, weights) >= std::log(20.0);
    }
    alarms += alarm ? 1 : 0;
  }
  return alarms;
}

TEST(SampleRatioMixtureTest, RarelyAlarmsAndFindsSmallAndLargeLosses) {
  EXPECT_LE(MixtureAlarms(1000, 10000, 25, 0.5, 0.5, 21), 50);
  EXPECT_LE(MixtureAlarms(1000, 100000, 250, 0.99, 0.99, 22), 50);
  // A tenth and a three tenths of the second arm lost.
  EXPECT_GE(MixtureAlarms(100, 3800, 25, 0.5, 0.5 / 0.95, 23), 50);
  EXPECT_GE(MixtureAlarms(100, 400, 5, 0.5, 0.5 / 0.85, 24), 50);
  EXPECT_GE(MixtureAlarms(100, 100000, 250, 0.99, 0.99 / 0.999, 25), 50);
}

// The number of experiments in which the e-value reached 1/.05 at any of `units` units, each of
// which falls into the first arm with probability `truth` where `share` was configured.
int Alarms(int experiments, int units, double share, double truth, double concentration,
           std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  const std::array<double, 2> weights = {share, 1.0 - share};
  int alarms = 0;
  for (int experiment = 0; experiment < experiments; ++experiment) {
    std::array<std::int64_t, 2> counts = {0, 0};
    for (int unit = 0; unit < units; ++unit) {
      ++counts[uniform(random) < truth ? 0 : 1];
      if (*MultinomialLogEValue(counts, weights, concentration) >= std::log(20.0)) {
        ++alarms;
        break;
      }
    }
  }
  return alarms;
}

TEST(MultinomialEValueTest, RarelyAlarmsThoughCheckedAtEveryUnit) {
  EXPECT_LE(Alarms(1000, 2000, 0.5, 0.5, 1e4, 3), 50);
  EXPECT_LE(Alarms(1000, 500, 0.99, 0.99, 100.0, 4), 50);
  EXPECT_LE(Alarms(1000, 500, 0.9, 0.9, 100.0, 5), 50);
}

TEST(MultinomialEValueTest, FindsAMismatchAndAnEffect) {
  EXPECT_GE(Alarms(100, 4000, 0.5, 0.56, 1e4, 6), 95);
  // 99/1 with twice the conversions in the small arm: .01 * 2/(.99 + .02) of all conversions.
  EXPECT_GE(Alarms(100, 4000, 0.99, 0.99 / 1.01, 100.0, 7), 95);
}

TEST(SampleRatioTest, RepeatedAtFivePercentWouldAlarmOftenWhereTheEValueDoesNot) {
  std::mt19937_64 random(8);
  int alarms = 0;
  for (int experiment = 0; experiment < 300; ++experiment) {
    std::array<std::int64_t, 2> counts = {0, 0};
    double smallest = 1.0;
    for (int unit = 1; unit <= 5000; ++unit) {
      ++counts[random() % 2];
      if (unit % 25 != 0) continue;
      smallest = std::min(smallest, SampleRatioTest(counts, Weights{0.5, 0.5})->p_value);
    }
    alarms += smallest <= 0.05 ? 1 : 0;
  }
  EXPECT_GT(alarms, 90);
}

}  // namespace
}  // namespace flywheel::statistics
