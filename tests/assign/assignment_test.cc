#include "assign/core/assignment.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace flywheel::assign {
namespace {

TEST(HashText, TellsTextsWithTheSameConcatenationApart) {
  EXPECT_NE(HashText(HashText(0, "exp1"), "23"), HashText(HashText(0, "exp12"), "3"));
  EXPECT_NE(HashText(0, ""), HashText(0, std::string(1, '\0')));
  EXPECT_NE(HashText(0, std::string(8, '\0')), HashText(0, std::string(16, '\0')));
}

TEST(HashText, ChangesHalfOfItsBitsWithAnyBitOfTheText) {
  constexpr int kTexts = 500;
  const int bits = 12 * 8;
  double flips = 0;
  for (int i = 0; i < kTexts; ++i) {
    std::string text = "unit-" + std::to_string(1'000'000 + i);
    const uint64_t before = HashText(7, text);
    for (int bit = 0; bit < bits; ++bit) {
      text[static_cast<size_t>(bit / 8)] ^= static_cast<char>(1 << (bit % 8));
      flips += std::popcount(before ^ HashText(7, text));
      text[static_cast<size_t>(bit / 8)] ^= static_cast<char>(1 << (bit % 8));
    }
  }
  EXPECT_NEAR(flips / (kTexts * bits), 32, 0.1);
}

// By whom anything else is compared with.
TEST(HashText, NeverChangesFromOneReleaseToTheNext) {
  EXPECT_EQ(HashText(0, ""), uint64_t{0xa706dd2f4d197e6f});
  EXPECT_EQ(HashText(7, "user-1"), uint64_t{0x2b1ae042dc2fdc9b});
  EXPECT_EQ(HashText(~uint64_t{0}, "a rather longer unit id"), uint64_t{0xdc7a8b84fcad1626});
}

TEST(SeedOf, DependsOnProjectExperimentAndSalt) {
  const uint64_t seed = SeedOf("p", "e", "0123456789abcdef");
  EXPECT_EQ(seed, SeedOf("p", "e", "0123456789abcdef"));
  EXPECT_NE(seed, SeedOf("q", "e", "0123456789abcdef"));
  EXPECT_NE(seed, SeedOf("p", "f", "0123456789abcdef"));
  EXPECT_NE(seed, SeedOf("p", "e", "0123456789abcdeg"));
  EXPECT_NE(seed, SeedOf("p", "e", ""));
  EXPECT_EQ(SeedOf("p", "e", ""), HashText(HashText(0, "p"), "e"));
}

TEST(Assignment, SaysArmAndCoverageAtOnce) {
  const Assignment assignment(/*seed=*/5, {60, 30, 10}, /*control=*/1, /*coverage=*/0.3);
  size_t covered = 0;
  for (int i = 0; i < 1'000; ++i) {
    const std::string unit = std::to_string(i);
    const Place place = assignment.PlaceOf(unit);
    ASSERT_EQ(place.arm, assignment.ArmOf(unit));
    ASSERT_EQ(place.covered, assignment.Covers(unit));
    covered += size_t{place.covered};
  }
  EXPECT_NEAR(static_cast<double>(covered), 300, 60);
}

}  // namespace
}  // namespace flywheel::assign
