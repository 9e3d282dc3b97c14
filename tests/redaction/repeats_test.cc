#include "redaction/repeats.h"

#include <gtest/gtest.h>

#include <string>

namespace flywheel::redaction {
namespace {

std::string Repeated(const std::string& part, size_t times) {
  std::string text;
  for (size_t i = 0; i < times; ++i) text += part;
  return text;
}

TEST(RepeatsTest, KnowsWhatStandsThereAgain) {
  const std::string text = Repeated("abcde", 100);
  Repeats repeats;
  EXPECT_TRUE(repeats.At(text, 100, 300, 5));
  EXPECT_TRUE(repeats.At(text, 105, 305, 5));
  EXPECT_TRUE(repeats.At(text, 105, 305, 10));
  EXPECT_FALSE(repeats.At(text, 105, 305, 4));
}

TEST(RepeatsTest, SeesTheOneByteThatDiffersWhereverItIsAskedFrom) {
  std::string text = Repeated("abcde", 100);
  text[250] = 'x';
  Repeats repeats;
  EXPECT_FALSE(repeats.At(text, 100, 300, 5));
  EXPECT_TRUE(repeats.At(text, 100, 250, 5));
  EXPECT_FALSE(repeats.At(text, 200, 251, 5));
  // The byte is its own copy's copy, too.
  EXPECT_FALSE(repeats.At(text, 255, 300, 5));
  EXPECT_TRUE(repeats.At(text, 256, 300, 5));
  // Back to places before.
  EXPECT_TRUE(repeats.At(text, 90, 240, 5));
  EXPECT_FALSE(repeats.At(text, 90, 251, 5));
}

TEST(RepeatsTest, KeepsDistancesApartThatShareASlot) {
  const std::string text = Repeated("abcdefgh", 50) + "zzzzzzzz" + Repeated("abcdefgh", 50);
  Repeats repeats;
  EXPECT_TRUE(repeats.At(text, 100, 300, 8));
  EXPECT_TRUE(repeats.At(text, 100, 300, 16));
  EXPECT_FALSE(repeats.At(text, 300, 405, 16));
  EXPECT_FALSE(repeats.At(text, 300, 405, 8));
  EXPECT_TRUE(repeats.At(text, 408 + 8, 600, 8));
}

}  // namespace
}  // namespace flywheel::redaction
