#include "statistics/kappa.h"

#include <gtest/gtest.h>

#include <vector>

#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

const std::vector<std::int64_t> kTable = {0, 4, 1, 0, 8, 0, 0, 1, 5};

TEST(CohenKappaTest, ReproducesThePublishedExample) {
  const auto result = CohenKappa(kTable, 3, KappaWeights::kNominal, 0.05);
  ASSERT_TRUE(result.ok());
  EXPECT_NEAR(result->kappa, 0.4841628959276017, 1e-14);
  EXPECT_NEAR(result->standard_error, 0.1380135783058146, 1e-13);
  EXPECT_NEAR(result->interval.lower, 0.2137, 5e-5);
  EXPECT_NEAR(result->interval.upper, 0.7547, 5e-5);
}

TEST(CohenKappaTest, WeightsDisagreementsByTheirDistance) {
  EXPECT_NEAR(CohenKappa(kTable, 3, KappaWeights::kLinear, 0.05)->kappa, 0.4701195219123504, 1e-14);
  EXPECT_NEAR(CohenKappa(kTable, 3, KappaWeights::kQuadratic, 0.05)->kappa, 0.4501607717041799,
              1e-14);
}

TEST(CohenKappaTest, OfTwoCategoriesDoesNotDependOnTheWeights) {
  const std::vector<std::int64_t> table = {20, 5, 10, 15};
  const auto nominal = CohenKappa(table, 2, KappaWeights::kNominal, 0.05);
  const auto quadratic = CohenKappa(table, 2, KappaWeights::kQuadratic, 0.05);
  EXPECT_NEAR(nominal->kappa, 0.4, 1e-14);
  EXPECT_NEAR(quadratic->kappa, nominal->kappa, 1e-14);
  EXPECT_NEAR(quadratic->standard_error, nominal->standard_error, 1e-14);
}

TEST(CohenKappaTest, IsOneForPerfectAndNegativeForReversedRatings) {
  EXPECT_NEAR(
      CohenKappa(std::vector<std::int64_t>{7, 0, 0, 3}, 2, KappaWeights::kNominal, 0.05)->kappa,
      1.0, 1e-14);
  EXPECT_LT(
      CohenKappa(std::vector<std::int64_t>{0, 5, 5, 0}, 2, KappaWeights::kNominal, 0.05)->kappa,
      -0.99);
}

TEST(CohenKappaTest, RefusesWhatHasNoAnswer) {
  const auto reason = [](const std::vector<std::int64_t>& table, std::size_t categories) {
    return RefusalOf(CohenKappa(table, categories, KappaWeights::kNominal, 0.05).status());
  };
  EXPECT_EQ(reason({1, 2, 3}, 2), Refusal::kSizeMismatch);
  EXPECT_EQ(reason({1}, 1), Refusal::kArgumentOutOfRange);
  EXPECT_EQ(reason({1, -2, 3, 4}, 2), Refusal::kArgumentOutOfRange);
  EXPECT_EQ(reason({0, 0, 0, 0}, 2), Refusal::kTooFewUnits);
  EXPECT_EQ(reason({9, 0, 0, 0}, 2), Refusal::kCompleteChanceAgreement);
}

}  // namespace
}  // namespace flywheel::statistics
