#include "shared/text/normalise.h"

#include <gtest/gtest.h>

namespace flywheel {
namespace {

TEST(NormaliseText, FoldsCaseAndWhiteSpace) {
  EXPECT_EQ(NormaliseText("  Where\tis\n\nmy  CARD? "), "where is my card?");
  EXPECT_EQ(NormaliseText(" \t\n"), "");
}

TEST(NormaliseText, IsIdempotentAndKnowsTheCaseOfOtherLetters) {
  const std::string once = NormaliseText("Überweisung  ÄNDERN");
  EXPECT_EQ(NormaliseText(once), once);
  EXPECT_EQ(once, "überweisung ändern");
  EXPECT_EQ(NormaliseText("ГДЕ Карта"), "где карта");
}

TEST(NormaliseText, KnowsTheSpacesOfUnicode) {
  EXPECT_EQ(NormaliseText("\u00A0where\u2003\u3000is \u2028it\u202F"), "where is it");
}

TEST(NormaliseText, KeepsBytesThatAreNoUtf8) {
  EXPECT_EQ(NormaliseText("A\xFF \xC3"), "a\xFF \xC3");
}

}  // namespace
}  // namespace flywheel
