#include "experiment_service/domain/value_histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace flywheel::experiment {
namespace {

ValueHistogram Of(const std::vector<double>& values) {
  ValueHistogram histogram;
  for (const double value : values) histogram.Add(value);
  return histogram;
}

std::vector<double> ManyValues() {
  std::mt19937_64 random(5);
  std::lognormal_distribution<> magnitude(0, 8);
  std::vector<double> values;
  for (int i = 0; i < 5'000; ++i) values.push_back((i % 3 == 0 ? -1 : 1) * magnitude(random));
  for (const double value : {0.0, 1.0, -1.0, 1e12, -1e12, 1e-9, 1e-300, -1e-300}) {
    values.push_back(value);
  }
  return values;
}

TEST(ValueHistogram, HoldsEachValueToHalfAPercent) {
  for (const double value : ManyValues()) {
    if (std::fabs(value) < 1e-9 || std::fabs(value) > 1e12) continue;
    const std::vector<ValueHistogram::Bucket> buckets = Of({value}).Buckets();
    ASSERT_EQ(buckets.size(), 1U);
    EXPECT_LE(buckets[0].lower, value);
    EXPECT_GE(buckets[0].upper, value);
    EXPECT_LE(std::fabs(buckets[0].middle() - value), 0.004 * std::fabs(value)) << value;
  }
}

TEST(ValueHistogram, HoldsZeroExactlyAndWhatIsNearItApart) {
  const std::vector<ValueHistogram::Bucket> buckets =
      Of({0, -0.0, 1e-300, -1e-300, 1e-10}).Buckets();
  ASSERT_EQ(buckets.size(), 3U);
  EXPECT_LT(buckets[0].lower, 0);
  EXPECT_EQ(buckets[0].upper, 0);
  EXPECT_EQ(buckets[1].lower, 0);
  EXPECT_EQ(buckets[1].upper, 0);
  EXPECT_EQ(buckets[1].units, 2);
  EXPECT_EQ(buckets[2].units, 2);
  EXPECT_LT(buckets[2].upper, 1e-9);
}

TEST(ValueHistogram, HasBucketsThatAscendAndDoNotOverlap) {
  const std::vector<ValueHistogram::Bucket> buckets = Of(ManyValues()).Buckets();
  for (size_t i = 1; i < buckets.size(); ++i) EXPECT_LE(buckets[i - 1].upper, buckets[i].lower);
}

TEST(ValueHistogram, DoesNotDependOnTheOrderOrOnWhatCameAndWent) {
  std::vector<double> values = ManyValues();
  const ValueHistogram in_order = Of(values);
  std::shuffle(values.begin(), values.end(), std::mt19937_64(6));
  ValueHistogram histogram;
  // Taken out before they come in, and some that do not stay.
  for (const double value : values) histogram.Add(value, -1);
  for (const double value : values) histogram.Add(value + 1);
  for (const double value : values) histogram.Add(value, 2);
  for (const double value : values) histogram.Add(value + 1, -1);
  EXPECT_EQ(histogram, in_order);
  EXPECT_EQ(histogram.Encode(), in_order.Encode());
  for (const double value : values) histogram.Add(value, -1);
  EXPECT_EQ(histogram, ValueHistogram());
  EXPECT_EQ(histogram.Encode(), "");
}

TEST(ValueHistogram, MergesToWhatAllValuesGive) {
  const std::vector<double> values = ManyValues();
  const auto middle = values.begin() + 2'000;
  ValueHistogram merged = Of({values.begin(), middle});
  merged.Merge(Of({middle, values.end()}));
  EXPECT_EQ(merged, Of(values));
  EXPECT_EQ(merged.units(), static_cast<int64_t>(values.size()));
}

TEST(ValueHistogram, FindsAUnitByItsRank) {
  ValueHistogram histogram;
  for (int i = 1; i <= 1'000; ++i) histogram.Add(i);
  EXPECT_NEAR(histogram.AtRank(0), 1, 0.01);
  EXPECT_NEAR(histogram.AtRank(499), 500, 5);
  EXPECT_NEAR(histogram.AtRank(989), 990, 9.9);
  EXPECT_NEAR(histogram.AtRank(999), 1'000, 10);
}

TEST(ValueHistogram, IsReadAsItWasWritten) {
  for (const ValueHistogram& histogram :
       {ValueHistogram(), Of({0}), Of({1}), Of({-1e12, 1e12}), Of(ManyValues())}) {
    const std::optional<ValueHistogram> read = ValueHistogram::Decode(histogram.Encode());
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, histogram);
  }
  ValueHistogram taken_out;
  taken_out.Add(3, std::numeric_limits<int64_t>::min() / 2);
  EXPECT_EQ(ValueHistogram::Decode(taken_out.Encode()), taken_out);
}

TEST(ValueHistogram, TakesFewBytes) {
  std::mt19937_64 random(7);
  std::lognormal_distribution<> latency_ms(6, 1);
  ValueHistogram histogram;
  for (int i = 0; i < 100'000; ++i) histogram.Add(latency_ms(random));
  EXPECT_LT(histogram.Encode().size(), 4'000U);
  ValueHistogram binary;
  binary.Add(0, 1'000'000);
  binary.Add(1, 1'000'000);
  EXPECT_LT(binary.Encode().size(), 12U);
}

// Stored bytes have to be read by every later version.
TEST(ValueHistogram, NeverChangesItsForm) {
  ValueHistogram histogram;
  histogram.Add(-2, 3);
  histogram.Add(0);
  histogram.Add(1.5, 100);
  EXPECT_EQ(histogram.Encode(),
            (std::string{1, '\x81', 0x3e, 6, '\x82', 0x3e, 2, '\x82', 0x3d, '\xc8', 1}));
}

TEST(ValueHistogram, IsNotReadWhereItIsNotWhole) {
  const std::string bytes = Of({1, 2, 3, -4, 1e6}).Encode();
  for (size_t length = 1; length < bytes.size(); length += 2) {
    const std::string part = bytes.substr(0, length);
    const std::optional<ValueHistogram> read = ValueHistogram::Decode(part);
    EXPECT_TRUE(!read || read->Encode() == part) << length;
  }
  EXPECT_FALSE(ValueHistogram::Decode("\x02"));                                  // Another form.
  EXPECT_FALSE(ValueHistogram::Decode("\x01"));                                  // Nothing in it.
  EXPECT_FALSE(ValueHistogram::Decode(std::string("\x01\x02\x00", 3)));          // No unit.
  EXPECT_FALSE(ValueHistogram::Decode(std::string("\x01\x02\x02\x00\x02", 5)));  // Not above.
  EXPECT_FALSE(ValueHistogram::Decode("\x01\x82\x00\x02"));  // Longer than need be.
  EXPECT_FALSE(ValueHistogram::Decode("\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x02"));
}

}  // namespace
}  // namespace flywheel::experiment
