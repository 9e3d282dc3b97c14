#include "redaction/trigger_scanner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "redaction/byte_masks.h"

namespace flywheel::redaction {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<size_t> Places(const Trigger& trigger, std::string_view text) {
  TriggerScanner scanner;
  scanner.Add(0, trigger);
  std::vector<size_t> places;
  scanner.Scan(text, [&](size_t, size_t place) { places.push_back(place); });
  return places;
}

TEST(ByteMasks, AreTheSameWithAndWithoutSse2) {
  char bytes[64];
  for (int first = 0; first < 256; ++first) {
    for (int i = 0; i < 64; ++i) bytes[i] = static_cast<char>(first + i * 7);
    const ByteMasks fast = ClassifyBytes(bytes), slow = ClassifyBytesPortably(bytes);
    EXPECT_EQ(fast.letters, slow.letters);
    EXPECT_EQ(fast.upper, slow.upper);
    EXPECT_EQ(fast.digits, slow.digits);
    EXPECT_EQ(fast.ats, slow.ats);
    EXPECT_EQ(fast.colons, slow.colons);
  }
}

TEST(TriggerScanner, FindsWordsWhereWordsBegin) {
  const Trigger trigger{.words = "dear |sk-|-----begin "};
  EXPECT_THAT(Places(trigger, "DEAR Bob, dear_x, undear x"), ElementsAre(0));
  EXPECT_THAT(Places(trigger, "key=sk-1 risk-2 aSk-3"), ElementsAre(4, 17));
  EXPECT_THAT(Places(trigger, "x -----BEGIN RSA"), ElementsAre(2));
  EXPECT_THAT(Places(trigger, "--BEGIN RSA"), IsEmpty());
}

TEST(TriggerScanner, CountsDigitsOverSeparators) {
  const Trigger trigger{.kind = TriggerKind::kDigits, .min_digits = 4, .max_digits = 6};
  EXPECT_THAT(Places(trigger, "12 34"), ElementsAre(0));
  EXPECT_THAT(Places(trigger, "123 a 1234567"), IsEmpty());
  EXPECT_THAT(Places(trigger, "x1234 1-2-3-4"), ElementsAre(6));
}

TEST(TriggerScanner, TakesNoPartOfALongerTokenForANumber) {
  const Trigger trigger{.kind = TriggerKind::kDigits};
  EXPECT_THAT(Places(trigger, "2024-05-12"), ElementsAre(0));
  EXPECT_THAT(Places(trigger, "a1 b-2 _3 1.2 3/4"), ElementsAre(10, 14));
}

TEST(TriggerScanner, GoesBackToWhereATokenBegins) {
  EXPECT_THAT(Places({.kind = TriggerKind::kToken}, "see DE89AB12 x"), ElementsAre(4));
  EXPECT_THAT(Places({.kind = TriggerKind::kAt}, "to <ann.lee@x.org>"), ElementsAre(4));
  EXPECT_THAT(Places({.kind = TriggerKind::kDial}, "call (+49) 30"), ElementsAre(5, 6, 11));
  EXPECT_THAT(Places({.kind = TriggerKind::kColon}, "at fe80::1 and 12:30"), ElementsAre(3, 15));
  EXPECT_THAT(Places({.kind = TriggerKind::kWordBeforeNumber, .words = "straße|weg"},
                     "Lindenstraße 12, im Weg stehen, Weg 3"),
              ElementsAre(6, 33));
}

TEST(TriggerScanner, CountsARunOnceAndYetForEachOfItsNumbers) {
  // Numbers of one to three digits: which have exactly five digits from them on?
  const Trigger five{.kind = TriggerKind::kDigits, .min_digits = 5, .max_digits = 5};
  EXPECT_THAT(Places(five, "1 22 333 1 1 x 1 2 3 4 5"), ElementsAre(5, 15));
  EXPECT_THAT(Places(five, "1 2 3   4 5 6 7 8"), ElementsAre(8));
  // Hundreds of numbers, of which the last five are asked for.
  std::string row;
  while (row.size() < 1000) row += "1 ";
  EXPECT_THAT(Places(five, row), ElementsAre(990));
}

TEST(TriggerScanner, AsksHowANumberAndATokenBegin) {
  EXPECT_THAT(Places({.kind = TriggerKind::kDigits, .min_group = 3}, "12 345 6789 x"),
              ElementsAre(3, 7));
  EXPECT_THAT(Places({.kind = TriggerKind::kToken, .min_letters = 2, .max_letters = 3},
                     "a1 ab1 abc1 abcd1"),
              ElementsAre(3, 7));
}

TEST(TriggerScanner, TakesNoChineseForAPartOfAnAddress) {
  const Trigger at{.kind = TriggerKind::kAt};
  EXPECT_THAT(Places(at, "邮箱chen@example.cn"), ElementsAre(6));
  EXPECT_THAT(Places(at, "是：chen@example.cn"), ElementsAre(6));
  EXPECT_THAT(Places(at, "用户@例子.广告"), ElementsAre(0));
  EXPECT_THAT(Places(at, "jürgen@example.de"), ElementsAre(0));
  EXPECT_THAT(Places(at, "a@a@a@a, logo@2x and me@home"), IsEmpty());
}

TEST(TriggerScanner, FindsATriggerAtEveryOffset) {
  for (size_t before = 0; before < 140; ++before) {
    const std::string text = std::string(before, ' ') + "dear b";
    EXPECT_THAT(Places({.words = "dear "}, text), ElementsAre(before));
  }
}

// What makes redaction linear: a text has at most so many places as it has bytes.
TEST(TriggerScanner, VisitsAtMostOnePlaceAByte) {
  for (const std::string piece : {"1", "@a", "a:", "1-", "a1", "dear ", "sk-", "1 ", "aB"}) {
    std::string text;
    while (text.size() < 100'000) text += piece;
    for (const TriggerKind kind : {TriggerKind::kAt, TriggerKind::kColon, TriggerKind::kHexDash,
                                   TriggerKind::kDigits, TriggerKind::kDial, TriggerKind::kToken}) {
      EXPECT_LE(Places({.kind = kind}, text).size(), text.size()) << piece;
    }
    EXPECT_LE(Places({.words = "dear |sk-|aBa"}, text).size(), text.size()) << piece;
  }
}

}  // namespace
}  // namespace flywheel::redaction
