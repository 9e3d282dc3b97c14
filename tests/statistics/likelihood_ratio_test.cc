#include "statistics/likelihood_ratio.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// What 60-digit arithmetic makes of the definitions: the constrained maximum of a ratio by the
// quadratic, of a difference by halving the interval in which the likelihood's derivative changes
// its sign; then the difference of the log-likelihoods as it stands. Arguments are meant as the
// double that they read as.
struct Reference {
  BinomialSample control, treatment;
  double ratio, difference;
  double ratio_z, ratio_expected, difference_z, difference_expected;
};

const Reference kReferences[] = {
    {{50, 1000}, {80, 1000}, 1, 0, 2.7326133987582753, 65.0, 2.7326133987582753, 65.0},
    {{9, 10}, {0, 10}, 1, 0, -4.5851819026854948, 4.5, -4.5851819026854948, 4.5},
    {{12, 9900}, {0, 100}, 1, 0, -0.49127755096962398, 0.12, -0.49127755096962398, 0.12},
    {{500, 1000},
     {60, 100},
     1.1,
     0.05,
     0.95314367183340751,
     44.454362905434055,
     0.96223151843012649,
     44.540509186564722},
    {{0, 50}, {7, 50}, 2, 0.1, 2.4308451276617052, 2.3727356558624456, 0.89490063252623197, 0.0},
    {{20, 20}, {20, 20}, 0.9, -0.1, 2.0529054109512818, 0.0, 2.0529054109512821, 0.0},
    {{20, 20}, {17, 20}, 0.9, -0.3, -0.699574569356787, 0.0, 1.5628248166806418, 0.0},
    {{19998, 20000},
     {19999, 20000},
     0.95,
     -0.05,
     45.15068568121135,
     1.000499774864025,
     45.151835769598532,
     0.97485713290802642},
    {{3, 1e6},
     {40, 1e4},
     300,
     0.003,
     3.0947091765213859,
     10.756236303389341,
     1.7333625656666172,
     3.0100232533233979},
    {{0, 30}, {0, 40}, 3, 0.2, 0.0, 0.0, -4.2251016680237153, 0.0},
    {{0, 30}, {25, 25}, 5, 0.7, 3.6590453780805432, 0.0, 4.1739559910945037, 2.1818181818181825},
    {{5, 1e9}, {9, 1e9}, 1, 0, 1.0765395259089097, 7.0, 1.0765395259089097, 7.0},
    {{123456789, 3e8},
     {4e8, 1e9},
     0.97,
     -0.011,
     26.030437709013797,
     123650248.72092616,
     -16.151058401842684,
     123335942.90030459}};

TEST(LikelihoodRatioTest, MatchesItsDefinition) {
  for (const Reference& r : kReferences) {
    const double scale = 1e-11;
    EXPECT_NEAR(*SignedRootOfRatio(r.control, r.treatment, r.ratio), r.ratio_z,
                scale * (1 + std::fabs(r.ratio_z)));
    EXPECT_NEAR(*SignedRootOfDifference(r.control, r.treatment, r.difference), r.difference_z,
                scale * (1 + std::fabs(r.difference_z)));
    EXPECT_NEAR(*SmallestExpectedAtRatio(r.control, r.treatment, r.ratio), r.ratio_expected,
                scale * (1 + r.ratio_expected));
    EXPECT_NEAR(*SmallestExpectedAtDifference(r.control, r.treatment, r.difference),
                r.difference_expected, scale * (1 + r.difference_expected));
  }
}

TEST(LikelihoodRatioTest, HasTheIntervalsOfItsDefinition) {
  // The ends by halves, in the arithmetic of the references above.
  const struct {
    BinomialSample control, treatment;
    double lower_multiplier, upper_multiplier;
    Interval ratio, difference;
  } references[] = {{{50, 1000},
                     {80, 1000},
                     3,
                     3,
                     {0.95549204797851442, 2.7446086468102392},
                     {-0.0029661980960933848, 0.063849415141614632}},
                    {{50, 1000},
                     {80, 1000},
                     1.5,
                     4,
                     {1.2343985936058359, 3.3159848928859545},
                     {0.013558931207705095, 0.075680975126338325}},
                    {{12, 9900},
                     {0, 100},
                     3,
                     3,
                     {0.0, 44.203412652996711},
                     {-0.0025826076042833687, 0.042796748179910884}},
                    {{0, 50},
                     {7, 50},
                     2.5,
                     2.5,
                     {1.870586931124276, kInfinity},
                     {0.037746268239597888, 0.28947694300275157}},
                    {{20, 20},
                     {20, 20},
                     3,
                     3,
                     {0.79851621875937704, 1.2523227161918643},
                     {-0.20148378124062296, 0.20148378124062296}},
                    {{19998, 20000},
                     {19999, 20000},
                     3,
                     3,
                     {0.99969626318484069, 1.0004456315237448},
                     {-0.00030372048751661484, 0.00044542057500474378}},
                    {{7, 10},
                     {3, 1e5},
                     3.5,
                     3.5,
                     {2.0474977912249801e-6, 0.00030184118682135659},
                     {-0.98230731558915998, -0.19068484880170153}}};
  for (const auto& r : references) {
    const Interval ratio =
        *RatioWithin(r.control, r.treatment, r.lower_multiplier, r.upper_multiplier);
    const Interval difference =
        *DifferenceWithin(r.control, r.treatment, r.lower_multiplier, r.upper_multiplier);
    EXPECT_NEAR(ratio.lower, r.ratio.lower, 1e-12 * r.ratio.lower);
    if (std::isinf(r.ratio.upper)) {
      EXPECT_EQ(ratio.upper, kInfinity);
    } else {
      EXPECT_NEAR(ratio.upper, r.ratio.upper, 1e-12 * r.ratio.upper);
    }
    EXPECT_NEAR(difference.lower, r.difference.lower, 1e-12 * std::fabs(r.difference.lower));
    EXPECT_NEAR(difference.upper, r.difference.upper, 1e-12 * std::fabs(r.difference.upper));
  }
}

// Samples of 1 to `most` units, often without a success or a failure, or with a few.
class RandomSamples {
 public:
  explicit RandomSamples(std::uint64_t seed) : random_(seed) {}

  double Between(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }

  BinomialSample Draw(double most) {
    const double units = std::ceil(std::exp(Between(0.0, std::log(most))));
    const double few = std::min(units, std::floor(Between(0.0, 5.0)));
    switch (random_() % 5) {
      case 0:
        return {0.0, units};
      case 1:
        return {units, units};
      case 2:
        return {few, units};
      case 3:
        return {units - few, units};
      default:
        return {std::floor(units * Between(0.0, 1.0)), units};
    }
  }

 private:
  std::mt19937_64 random_;
};

TEST(LikelihoodRatioTest, GivesBackTheMultipliersAtTheEndsOfItsIntervals) {
  RandomSamples samples(51);
  for (int i = 0; i < 3000; ++i) {
    const BinomialSample control = samples.Draw(1e5);
    const BinomialSample treatment = samples.Draw(1e5);
    const double below = samples.Between(0.1, 6.0);
    const double above = samples.Between(0.1, 6.0);
    SCOPED_TRACE(testing::Message() << control.successes << "/" << control.units << " "
                                    << treatment.successes << "/" << treatment.units);
    const Interval ratio = *RatioWithin(control, treatment, below, above);
    if (treatment.successes == 0) {
      EXPECT_EQ(ratio.lower, 0.0);
    } else {
      EXPECT_NEAR(*SignedRootOfRatio(control, treatment, ratio.lower), below, 1e-9);
    }
    if (control.successes == 0) {
      EXPECT_EQ(ratio.upper, kInfinity);
    } else {
      EXPECT_NEAR(*SignedRootOfRatio(control, treatment, ratio.upper), -above, 1e-9);
    }
    const Interval difference = *DifferenceWithin(control, treatment, below, above);
    EXPECT_LE(difference.lower, difference.upper);
    // Next to -1 and 1 a double is too coarse for the multiplier to come back.
    if (difference.lower > -0.999) {
      EXPECT_NEAR(*SignedRootOfDifference(control, treatment, difference.lower), below, 1e-9);
    }
    if (difference.upper < 0.999) {
      EXPECT_NEAR(*SignedRootOfDifference(control, treatment, difference.upper), -above, 1e-9);
    }
  }
}

TEST(LikelihoodRatioTest, ChangesItsSignWhenArmsOrOutcomesAreSwapped) {
  RandomSamples samples(52);
  for (int i = 0; i < 2000; ++i) {
    const BinomialSample control = samples.Draw(1e6);
    const BinomialSample treatment = samples.Draw(1e6);
    const BinomialSample control_failures = {control.units - control.successes, control.units};
    const BinomialSample treatment_failures = {treatment.units - treatment.successes,
                                               treatment.units};
    const double difference = samples.Between(-0.5, 0.5);
    const double z = *SignedRootOfDifference(control, treatment, difference);
    const double near = 1e-10 * (1.0 + std::fabs(z));
    EXPECT_NEAR(*SignedRootOfDifference(treatment, control, -difference), -z, near);
    EXPECT_NEAR(*SignedRootOfDifference(control_failures, treatment_failures, -difference), -z,
                near);
    const double ratio = std::exp(samples.Between(-2.0, 2.0));
    const double ratio_z = *SignedRootOfRatio(control, treatment, ratio);
    EXPECT_NEAR(*SignedRootOfRatio(treatment, control, 1.0 / ratio), -ratio_z,
                1e-9 * (1.0 + std::fabs(ratio_z)));
    // No difference is no difference, however it is put.
    const double equal = *SignedRootOfRatio(control, treatment, 1.0);
    EXPECT_NEAR(*SignedRootOfDifference(control, treatment, 0.0), equal,
                1e-9 * (1.0 + std::fabs(equal)));
    EXPECT_NEAR(*SignedRootOfRatio(control_failures, treatment_failures, 1.0), -equal,
                1e-9 * (1.0 + std::fabs(equal)));
  }
}

TEST(LikelihoodRatioTest, FallsAsTheHypothesisGrows) {
  RandomSamples samples(53);
  for (int i = 0; i < 300; ++i) {
    const BinomialSample control = samples.Draw(1e4);
    const BinomialSample treatment = samples.Draw(1e4);
    double last = *SignedRootOfRatio(control, treatment, 0.0);
    for (double ratio = 1e-4; ratio < 1e4; ratio *= 1.3) {
      const double z = *SignedRootOfRatio(control, treatment, ratio);
      EXPECT_LE(z, last + 1e-9);
      last = z;
    }
    EXPECT_LE(*SignedRootOfRatio(control, treatment, kInfinity), last + 1e-9);
    last = *SignedRootOfDifference(control, treatment, -1.0);
    for (double difference = -0.98; difference <= 1.0; difference += 0.02) {
      const double z = *SignedRootOfDifference(control, treatment, difference);
      EXPECT_LE(z, last + 1e-9);
      last = z;
    }
  }
}

TEST(LikelihoodRatioTest, KnowsWhatIsImpossible) {
  const BinomialSample none = {0, 10}, some = {4, 10}, all = {10, 10};
  EXPECT_EQ(*SignedRootOfRatio(some, some, 0.0), kInfinity);
  EXPECT_EQ(*SignedRootOfRatio(some, some, kInfinity), -kInfinity);
  EXPECT_NEAR(*SignedRootOfRatio(some, none, 0.0), 0.0, 1e-12);
  EXPECT_NEAR(*SignedRootOfRatio(none, some, kInfinity), 0.0, 1e-12);
  EXPECT_EQ(*SignedRootOfDifference(none, some, 1.0), -kInfinity);
  EXPECT_EQ(*SignedRootOfDifference(none, some, -1.0), kInfinity);
  EXPECT_EQ(*SignedRootOfDifference(none, all, 1.0), 0.0);
  EXPECT_EQ(*SignedRootOfDifference(all, none, -1.0), 0.0);
  EXPECT_EQ(*SignedRootOfRatio(all, all, 1.0), 0.0);
  EXPECT_EQ(*SignedRootOfRatio(none, none, 1.0), 0.0);
}

TEST(LikelihoodRatioTest, LeavesAnEndOpenWithoutAMultiplier) {
  const BinomialSample control = {50, 1000}, treatment = {80, 1000}, none = {0, 10};
  const Interval lower_only = *RatioWithin(control, treatment, 3.0, kInfinity);
  EXPECT_NEAR(lower_only.lower, 0.95549204797851442, 1e-12);
  EXPECT_EQ(lower_only.upper, kInfinity);
  const Interval upper_only = *DifferenceWithin(control, treatment, kInfinity, 3.0);
  EXPECT_EQ(upper_only.lower, -1.0);
  EXPECT_NEAR(upper_only.upper, 0.063849415141614632, 1e-13);
  const Interval nothing_known = *RatioWithin(none, none, 3.0, 3.0);
  EXPECT_EQ(nothing_known.lower, 0.0);
  EXPECT_EQ(nothing_known.upper, kInfinity);
  // A lower end of 1e-340.
  EXPECT_EQ(RatioWithin({10, 10}, {1, 10}, 40.0, 40.0)->lower, 0.0);
}

TEST(LikelihoodRatioTest, RefusesWhatIsOutOfRange) {
  const BinomialSample good = {4, 10};
  for (const BinomialSample& bad :
       {BinomialSample{-1, 10}, BinomialSample{11, 10}, BinomialSample{0, 0},
        BinomialSample{kNan, 10}, BinomialSample{1, kNan}, BinomialSample{1, 1e16}}) {
    EXPECT_EQ(RefusalOf(SignedRootOfRatio(bad, good, 1).status()), Refusal::kArgumentOutOfRange);
    EXPECT_EQ(RefusalOf(SignedRootOfDifference(good, bad, 0).status()),
              Refusal::kArgumentOutOfRange);
    EXPECT_EQ(RefusalOf(RatioWithin(bad, good, 3, 3).status()), Refusal::kArgumentOutOfRange);
    EXPECT_EQ(RefusalOf(DifferenceWithin(good, bad, 3, 3).status()), Refusal::kArgumentOutOfRange);
  }
  for (const double bad : {-0.1, kNan}) {
    EXPECT_EQ(RefusalOf(SignedRootOfRatio(good, good, bad).status()), Refusal::kArgumentOutOfRange);
    EXPECT_EQ(RefusalOf(SmallestExpectedAtRatio(good, good, bad).status()),
              Refusal::kArgumentOutOfRange);
  }
  for (const double bad : {-1.1, 1.1, kNan}) {
    EXPECT_EQ(RefusalOf(SignedRootOfDifference(good, good, bad).status()),
              Refusal::kArgumentOutOfRange);
    EXPECT_EQ(RefusalOf(SmallestExpectedAtDifference(good, good, bad).status()),
              Refusal::kArgumentOutOfRange);
  }
  for (const double bad : {0.0, -3.0, kNan}) {
    EXPECT_EQ(RefusalOf(RatioWithin(good, good, bad, 3).status()), Refusal::kArgumentOutOfRange);
    EXPECT_EQ(RefusalOf(DifferenceWithin(good, good, 3, bad).status()),
              Refusal::kArgumentOutOfRange);
  }
}

}  // namespace
}  // namespace flywheel::statistics
