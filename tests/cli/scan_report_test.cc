#include "cli/scan/scan_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace flywheel::cli {
namespace {

ingest::v1::StoreScan ScanOf(const std::string& project, bool rewrite, int64_t changed) {
  ingest::v1::StoreScan scan;
  scan.set_project(project);
  scan.set_rewrite(rewrite);
  scan.set_records(12'345);
  scan.set_changed_interactions(changed);
  if (changed == 0) return scan;
  ingest::v1::FoundType* const found = scan.add_found();
  found->set_type("EMAIL");
  found->set_values(2 * changed);
  return scan;
}

TEST(ScanReport, LinesUpAndNamesTypesByProject) {
  const ScanReport report{"march", false, {ScanOf("bank", false, 0), ScanOf("shop", false, 1'500)}};
  EXPECT_EQ(ScanTables(report),
            "PROJECT  RECORDS  INTERACTIONS TO REPLACE  SIGNALS\n"
            "bank      12,345                        0        0\n"
            "shop      12,345                    1,500        0\n"
            "\n"
            "PROJECT  TYPE   VALUES\n"
            "shop     EMAIL   3,000\n");
  EXPECT_EQ(ScanTables({"march", true, {ScanOf("bank", true, 0)}}),
            "PROJECT  RECORDS  REPLACED INTERACTIONS  SIGNALS  HELD\n"
            "bank      12,345                      0        0     0\n");
}

TEST(ScanReport, IsJsonForPrograms) {
  EXPECT_EQ(ScanJson({"march", false, {ScanOf("shop", false, 2)}}),
            R"({"scan_id":"march","rewrite":false,"projects":[{"project":"shop","records":12345,)"
            R"("changed_interactions":2,"changed_signals":0,"found":{"EMAIL":4}}]})"
            "\n");
  EXPECT_EQ(ScanJson({"march", true, {ScanOf("shop", true, 0)}}),
            R"({"scan_id":"march","rewrite":true,"projects":[{"project":"shop","records":12345,)"
            R"("changed_interactions":0,"changed_signals":0,"held_records":0,"found":{}}]})"
            "\n");
}

TEST(ScanReport, SaysWhetherTheStoreHoldsSomethingNow) {
  EXPECT_FALSE((ScanReport{"s", false, {ScanOf("shop", false, 0)}}).leaves_something());
  EXPECT_TRUE((ScanReport{"s", false, {ScanOf("shop", false, 1)}}).leaves_something());
  EXPECT_FALSE((ScanReport{"s", true, {ScanOf("shop", true, 1)}}).leaves_something());
  ingest::v1::StoreScan held = ScanOf("shop", true, 0);
  held.set_held_records(1);
  EXPECT_TRUE((ScanReport{"s", true, {ScanOf("bank", true, 1), held}}).leaves_something());
}

}  // namespace
}  // namespace flywheel::cli
