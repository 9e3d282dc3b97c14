#include "eval_gate_service/store/tool_calls_text.h"

#include <gtest/gtest.h>

#include "shared/testing/status_matchers.h"

namespace flywheel::evalgate {
namespace {

TEST(ToolCallsText, KeepsEveryByteOfEveryCall) {
  const std::vector<ToolCall> calls = {{"book", R"({"x": "é\n"})"}, {"", "not json {"}, {"\"", ""}};
  const auto read = ToolCallsFromText(ToolCallsToText(calls));
  ASSERT_OK(read);
  ASSERT_EQ(read->size(), calls.size());
  for (size_t i = 0; i < calls.size(); ++i) {
    EXPECT_EQ((*read)[i].name, calls[i].name);
    EXPECT_EQ((*read)[i].arguments_json, calls[i].arguments_json);
  }
  EXPECT_EQ(ToolCallsToText({}), "");
}

TEST(ToolCallsText, RefusesADamagedColumn) {
  for (const char* text : {"{", "{}", "[1]", "[[\"a\"]]", "[[\"a\",1]]", R"([["a", "{}", false]])",
                           R"([{"a": 1, "b": 2, "c": 3}])"}) {
    EXPECT_FALSE(ToolCallsFromText(text).ok()) << text;
  }
}

TEST(ExpectedCallsText, TellsNoCallsFromNobodyKnows) {
  for (const std::optional<std::vector<ToolCall>>& calls :
       std::vector<std::optional<std::vector<ToolCall>>>{std::nullopt, std::vector<ToolCall>(),
                                                         std::vector<ToolCall>{{"book", "{}"}}}) {
    const auto read = ExpectedCallsFromText(ExpectedCallsToText(calls));
    ASSERT_OK(read);
    EXPECT_EQ(read->has_value(), calls.has_value());
    if (calls) {
      EXPECT_EQ((*read)->size(), calls->size());
    }
  }
}

TEST(ToolCallsText, KeepsThatAnArgumentMayHaveSeveralValues) {
  const std::vector<ToolCall> calls = {{"refund", R"({"order": ["A1", "a1"]})", /*any_of=*/true},
                                       {"close", "{}"}};
  const auto read = ToolCallsFromText(ToolCallsToText(calls));
  ASSERT_OK(read);
  ASSERT_EQ(read->size(), 2u);
  EXPECT_TRUE(read->front().any_of);
  EXPECT_EQ(read->front().arguments_json, R"({"order": ["A1", "a1"]})");
  EXPECT_FALSE(read->back().any_of);
}

}  // namespace
}  // namespace flywheel::evalgate
