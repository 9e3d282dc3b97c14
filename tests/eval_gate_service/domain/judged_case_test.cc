#include "eval_gate_service/domain/judged_case.h"

#include <gtest/gtest.h>

namespace flywheel::evalgate {
namespace {

constexpr LooksAt kText{.text = true, .calls = false};
constexpr LooksAt kCalls{.text = false, .calls = true};
constexpr LooksAt kBoth{.text = true, .calls = true};
const std::vector<ToolCall> kCall = {{"look_up", R"({"id":1})"}};

TEST(AnswerKey, IsEqualForWhatTheEvaluatorsCannotTellApart) {
  EXPECT_EQ(AnswerKey(kText, "I  do not know", {}), AnswerKey(kText, "i do not know", kCall));
  EXPECT_NE(AnswerKey(kText, "yes", {}), AnswerKey(kText, "no", {}));
  EXPECT_EQ(AnswerKey(kCalls, "yes", kCall), AnswerKey(kCalls, "no", kCall));
  EXPECT_NE(AnswerKey(kCalls, "yes", kCall), AnswerKey(kCalls, "yes", {}));
  EXPECT_NE(AnswerKey(kBoth, "yes", kCall), AnswerKey(kBoth, "no", kCall));
  EXPECT_NE(AnswerKey(kBoth, "yes", kCall), AnswerKey(kBoth, "yes", {}));
}

TEST(AnswerKey, IsNothingOnlyWhereNothingIsLookedAt) {
  EXPECT_EQ(AnswerKey({.text = false, .calls = false}, "yes", kCall), 0u);
  EXPECT_NE(AnswerKey(kBoth, "", {}), 0u);
}

// Keys may be stored: what goes into them never changes.
TEST(AnswerKey, IsTheSameForEver) {
  EXPECT_EQ(AnswerKey(kText, "Yes", {}), 9640581762664683681u);
  EXPECT_EQ(AnswerKey(kBoth, "Yes", kCall), 3592873298512884556u);
}

}  // namespace
}  // namespace flywheel::evalgate
