#include "curation_service/store/json_columns.h"

#include <gtest/gtest.h>

#include "shared/testing/status_matchers.h"

namespace flywheel::curation {
namespace {

using ::flywheel::testing::HasReason;

TEST(JsonColumns, ReadBackWhatTheyHold) {
  const std::map<std::string, double> metrics = {{"loss", 0.1}, {"steps", 1e300}};
  EXPECT_EQ(*MetricsFromJson(MetricsToJson(metrics)), metrics);
  const CodedCounts counts = {{3, 1}, {1, int64_t{1} << 60}};
  EXPECT_EQ(*CountsFromJson(CountsToJson(counts)), counts);
}

TEST(JsonColumns, RefuseADamagedColumn) {
  for (const char* text : {"", "{", "[]", "{\"a\":\"b\"}", "null"}) {
    EXPECT_THAT(MetricsFromJson(text).status(), HasReason(Reason::kInternal)) << text;
  }
  for (const char* text : {"", "[", "{}", "[1]", "[[1,\"a\"]]", "null"}) {
    EXPECT_THAT(CountsFromJson(text).status(), HasReason(Reason::kInternal)) << text;
  }
}

}  // namespace
}  // namespace flywheel::curation
