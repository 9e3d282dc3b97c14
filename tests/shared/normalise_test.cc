#include "shared/text/normalise.h"

#include <gtest/gtest.h>

namespace flywheel {
namespace {

TEST(NormaliseText, FoldsCaseAndWhiteSpace) {
  EXPECT_EQ(NormaliseText("  Where\tis\n\nmy  CARD? "), "where is my card?");
  EXPECT_EQ(NormaliseText(" \t\n"), "");
}

TEST(NormaliseText, IsIdempotentAndKeepsWhatIsNotAscii) {
  const std::string once = NormaliseText("Überweisung  ÄNDERN");
  EXPECT_EQ(NormaliseText(once), once);
  EXPECT_EQ(once, "Überweisung Ändern");
}

}  // namespace
}  // namespace flywheel
