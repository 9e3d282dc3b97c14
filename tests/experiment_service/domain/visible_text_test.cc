#include "experiment_service/domain/visible_text.h"

#include <gtest/gtest.h>

#include <string>

namespace flywheel::experiment {
namespace {

TEST(VisibleText, IsNotMadeOfSpacesOfAnyWidth) {
  for (const char* text :
       {"", " ", " \t\r\n\v\f ", "\u00A0", "\u1680", "\u2000\u2009\u200A", "\u2028\u2029", "\u202F",
        "\u205F", "\u3000", "\u200B", "\u200D\uFEFF", "\u00AD", "\u2060", "\u3164", "\u2800",
        "\uFE0F", "\U000E0020", " \u00A0\u3000\u200B "}) {
    EXPECT_FALSE(HasVisibleText(text)) << "'" << text << "'";
  }
  EXPECT_FALSE(HasVisibleText(std::string(3, '\0')));
}

TEST(VisibleText, NeedsOneMarkOnly) {
  for (const char* text : {"a", " a ", ".", "\u200Bx", "\u00E4", "\u3000\u6C34", "\U0001F642",
                           "\u200D\u0928", "\xFF", "\xE3\x80"}) {
    EXPECT_TRUE(HasVisibleText(text)) << "'" << text << "'";
  }
}

}  // namespace
}  // namespace flywheel::experiment
