#include "shared/sql/text_map.h"

#include <gtest/gtest.h>

#include "shared/testing/status_matchers.h"

namespace flywheel::sql {
namespace {

using ::flywheel::testing::HasReason;

TEST(TextMap, ReadsBackWhatItHolds) {
  const std::map<std::string, std::string> labels = {{"channel", "app"}, {"", "\""}};
  EXPECT_EQ(*TextMapFromJson(TextMapToJson(labels)), labels);
  EXPECT_TRUE(TextMapFromJson(TextMapToJson({}))->empty());
}

TEST(TextMap, RefusesADamagedColumn) {
  for (const char* text : {"", "{", "[]", "{\"a\":1}", "null"}) {
    EXPECT_THAT(TextMapFromJson(text).status(), HasReason(Reason::kInternal)) << text;
  }
}

}  // namespace
}  // namespace flywheel::sql
