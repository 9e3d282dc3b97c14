#include "shared/text/printable.h"

#include <gtest/gtest.h>

#include "shared/text/quote.h"

namespace flywheel {
namespace {

TEST(Printable, ShowsWhatATerminalWouldObey) {
  EXPECT_EQ(Printable("\x1b]0;PWNED\a\x1b[2J"), "\\x1b]0;PWNED\\x07\\x1b[2J");
  EXPECT_EQ(Printable("8-bit \xc2\x9b"
                      "31m"),
            "8-bit \\u009b31m");
  EXPECT_EQ(Printable({"\0\x7f", 2}), "\\x00\\x7f");
  EXPECT_EQ(Printable("invoice \u202efdp.exe\u2066x\u2069\u200f\u061c"),
            "invoice \\u202efdp.exe\\u2066x\\u2069\\u200f\\u061c");
}

TEST(Printable, KeepsALineALine) {
  EXPECT_EQ(Printable("a\nb\r\tc\u2028d\u2029"), "a\\nb\\r\\tc\\u2028d\\u2029");
}

TEST(Printable, ShowsBytesThatAreNoText) { EXPECT_EQ(Printable("a\xff\xc3"), "a\\xff\\xc3"); }

TEST(Printable, LeavesEveryOtherTextAsItIs) {
  for (const std::string_view text : {"", "plain", "C:\\path \"x\"", "Grüße, 東京, שלום, مرحبا",
                                      "👩‍💻 🏳️‍🌈", "non\u00a0breaking"}) {
    EXPECT_EQ(Printable(text), text);
  }
}

TEST(HasControls, FindsWhatNoNameNeeds) {
  for (const std::string_view text : {"a\x1b", "\n", "a\tb", "\x7f", "\xc2\x9b", "a\u202e",
                                      "zero\u200bwidth", "\ufeffbom", "soft\u00ad", "line\u2028"}) {
    EXPECT_TRUE(HasControls(text)) << Printable(text);
    EXPECT_FALSE(HasControls(WithoutControls(text)));
    EXPECT_LE(WithoutControls(text).size(), text.size());
  }
}

TEST(HasControls, KnowsTheNamesOfAllScripts) {
  for (const std::string_view text :
       {"", "router-v2 (new)", "Größe", "東京", "سجل", "v1\u00a0b", "😀"}) {
    EXPECT_FALSE(HasControls(text)) << text;
    EXPECT_EQ(WithoutControls(text), text);
  }
}

TEST(Quoted, CannotBeLeft) {
  EXPECT_EQ(Quoted("a\" level=error\nb\\ \x1b[1m"), "\"a\\\" level=error\\nb\\\\ \\x1b[1m\"");
}

}  // namespace
}  // namespace flywheel
