#include "experiment_service/domain/segments.h"

#include <gtest/gtest.h>

#include <vector>

namespace flywheel::experiment {
namespace {

const std::vector<Segment> kSegments = {{"language", {"de", "fr"}}, {"plan", {"free"}}};

std::vector<size_t> Numbers(const Attributes& attributes) {
  const SegmentValues values = SegmentValuesOf(kSegments, attributes);
  EXPECT_EQ(values.size(), 2u);
  return {ValueIn(values, 0), ValueIn(values, 1)};
}

TEST(Segments, NumberTheValuesOfAUnit) {
  using List = std::vector<size_t>;
  EXPECT_EQ(Numbers({{"language", "de"}, {"plan", "free"}}), (List{1, 1}));
  EXPECT_EQ(Numbers({{"plan", "paid"}, {"language", "fr"}}), (List{2, 0}));
  EXPECT_EQ(Numbers({{"country", "de"}}), (List{0, 0}));
  EXPECT_EQ(Numbers({{"language", "DE"}, {"plan", ""}}), (List{0, 0}));
}

TEST(Segments, TakeWhatNobodyHasSaidForOther) {
  EXPECT_EQ(ValueIn("", 3), 0u);
  EXPECT_EQ(kSegments[0].ValueName(0), "other");
  EXPECT_EQ(kSegments[0].ValueName(2), "fr");
  EXPECT_EQ(CountValues(kSegments), 5u);
}

}  // namespace
}  // namespace flywheel::experiment
