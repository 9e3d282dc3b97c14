#include "cli/table.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace flywheel::cli {
namespace {

TEST(Table, LinesUpEachColumnOnItsSide) {
  Table table({{"SERVICE"}, {"CALLS", true}, {"STATE"}});
  table.AddRow({"ingest", "1,164", "serving"});
  table.AddRow({"eval-gate", "7", ""});
  EXPECT_EQ(table.Format(),
            "SERVICE    CALLS  STATE\n"
            "ingest     1,164  serving\n"
            "eval-gate      7\n");
}

TEST(Table, CountsCharactersAndNotBytes) {
  Table table({{"AGENT"}, {"N", true}});
  table.AddRow({"Zürich", "1"});
  table.AddRow({"Berlin", "2"});
  EXPECT_EQ(table.Format(), "AGENT   N\nZürich  1\nBerlin  2\n");
}

TEST(Table, KeepsARowOnOneLine) {
  Table table({{"MESSAGE"}});
  table.AddRow({"got\r\n\tthis"});
  EXPECT_EQ(table.Format(), "MESSAGE\ngot   this\n");
}

TEST(Table, ShowsWhatATerminalWouldObey) {
  Table table({{"VERSION"}, {"N", true}});
  table.AddRow({"\x1b[2Jv2\u202e", "1"});
  table.AddRow({"v1", "12"});
  EXPECT_EQ(table.Format(),
            "VERSION           N\n"
            "\\x1b[2Jv2\\u202e   1\n"
            "v1               12\n");
}

TEST(WithThousands, PutsACommaBeforeEachThreeDigits) {
  EXPECT_EQ(WithThousands(0), "0");
  EXPECT_EQ(WithThousands(999), "999");
  EXPECT_EQ(WithThousands(1'164), "1,164");
  EXPECT_EQ(WithThousands(-1'164), "-1,164");
  EXPECT_EQ(WithThousands(-999), "-999");
  EXPECT_EQ(WithThousands(std::numeric_limits<int64_t>::min()), "-9,223,372,036,854,775,808");
}

}  // namespace
}  // namespace flywheel::cli
