#include "experiment_service/domain/exact_sum.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace flywheel::experiment {
namespace {

std::vector<double> ManyValues(uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<double> values;
  for (int i = 0; i < 3'000; ++i) {
    const double magnitude = std::pow(10.0, std::uniform_real_distribution<>(-30, 12)(random));
    values.push_back(random() % 2 == 0 ? magnitude : -magnitude);
  }
  return values;
}

TEST(ExactSum, DependsOnNoOrder) {
  std::vector<double> values = ManyValues(1);
  ExactSum in_order;
  for (const double value : values) {
    in_order.Add(value);
    in_order.AddSquare(value);
    in_order.AddProduct(value, 0.1);
  }
  std::shuffle(values.begin(), values.end(), std::mt19937_64(2));
  ExactSum shuffled;
  for (const double value : values) shuffled.AddSquare(value);
  for (const double value : values) shuffled.AddProduct(0.1, value);
  for (const double value : values) shuffled.Add(value);
  EXPECT_TRUE(in_order == shuffled);
}

TEST(ExactSum, ForgetsWhatIsTakenOut) {
  ExactSum sum;
  sum.Add(0.1);
  const ExactSum before = sum;
  const std::vector<double> values = ManyValues(3);
  for (const double value : values) sum.AddSquare(value);
  for (const double value : values) sum.SubtractProduct(value, -value);
  for (const double value : values) {
    sum.SubtractSquare(value);
    sum.AddProduct(value, -value);
  }
  EXPECT_TRUE(sum == before);
  sum.Subtract(0.1);
  EXPECT_TRUE(sum == ExactSum());
  EXPECT_EQ(sum.value(), 0);
}

TEST(ExactSum, RoundsOnceToTheNearestDouble) {
  EXPECT_EQ(ExactSum::Of({0.1}).value(), 0.1);
  EXPECT_EQ(ExactSum::Of({-0.1}).value(), -0.1);
  EXPECT_EQ(ExactSum::Of({1e12, 1, -1e12}).value(), 1);
  EXPECT_EQ(ExactSum::Of({1, 0x1p-53}).value(), 1) << "half way: to the even one";
  EXPECT_EQ(ExactSum::Of({1, 0x1p-53, 0x1p-128}).value(), 1 + 0x1p-52);
  EXPECT_EQ(ExactSum::Of({1, 0x1p-53, -0x1p-128}).value(), 1);
  EXPECT_EQ(ExactSum::Of({0x1p-128}).value(), 0x1p-128);
  EXPECT_EQ(ExactSum::Of({0x1p-130}).value(), 0) << "below its last digit";
  EXPECT_EQ(ExactSum::Of({std::nextafter(0, 1), -5e-324}).value(), 0);
}

TEST(ExactSum, PartsAndBytesAreTheWholeOfIt) {
  ExactSum sum;
  for (const double value : ManyValues(4)) sum.AddSquare(value);
  const std::vector<double> parts = sum.parts();
  EXPECT_GT(parts.size(), 2u);
  EXPECT_LE(parts.size(), 5u);
  EXPECT_EQ(parts[0], sum.value());
  EXPECT_TRUE(ExactSum::Of(parts) == sum);
  EXPECT_EQ(sum.bytes().size(), 8 * parts.size());
  ASSERT_TRUE(ExactSum::FromBytes(sum.bytes()));
  EXPECT_TRUE(*ExactSum::FromBytes(sum.bytes()) == sum);
  EXPECT_EQ(ExactSum().bytes(), "");
  EXPECT_FALSE(ExactSum::FromBytes("1234567"));
  EXPECT_FALSE(ExactSum::FromBytes(std::string(8, '\x7f'))) << "too large to be a part";
}

TEST(ExactSum, SquaredDeviationsKeepTheirDigits) {
  ExactSum sum;
  ExactSum squares;
  constexpr double kCount = 1'001;
  // NIST StRD NumAcc4: the standard deviation is 0.1.
  for (int i = 0; i < 1'001; ++i) {
    const double value = i == 0 ? 10'000'000.2 : i % 2 == 0 ? 10'000'000.1 : 10'000'000.3;
    sum.Add(value);
    squares.AddSquare(value);
  }
  const double deviation = std::sqrt(squares.MinusSquareOver(sum, kCount) / (kCount - 1));
  EXPECT_NEAR(deviation, 0.1, 1e-9);
  ExactSum twice;
  for (const double part : sum.parts()) twice.AddProduct(2, part);
  ExactSum products;
  for (const double part : squares.parts()) products.AddProduct(2, part);
  EXPECT_NEAR(products.MinusProductOver(sum, twice, kCount) / (kCount - 1), 0.02, 1e-9);
}

}  // namespace
}  // namespace flywheel::experiment
