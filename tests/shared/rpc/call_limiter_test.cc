#include "shared/rpc/call_limiter.h"

#include <gtest/gtest.h>

#include <array>

namespace flywheel::rpc {
namespace {

class CallLimiterTest : public ::testing::Test {
 protected:
  CallLimiterTest() { limiter_.SetLimits({.connection = 3, .process = 5, .crowded = 1}); }

  // Addresses.
  std::array<char, 16> calls_ = {};
  std::array<char, 4> connections_ = {};
  CallLimiter limiter_;
};

TEST_F(CallLimiterTest, RefusesAConnectionThatHasMoreThanItsShare) {
  for (int i = 0; i < 3; ++i) limiter_.Begin(&calls_[i], &connections_[0]);
  EXPECT_TRUE(limiter_.Allows(&connections_[0]));
  limiter_.Begin(&calls_[3], &connections_[0]);
  EXPECT_FALSE(limiter_.Allows(&connections_[0]));
  EXPECT_TRUE(limiter_.Allows(&connections_[1])) << "another one has none";
  limiter_.End(&calls_[0]);
  EXPECT_TRUE(limiter_.Allows(&connections_[0]));
  EXPECT_EQ(limiter_.refusals(), 1);
}

TEST_F(CallLimiterTest, LeavesThoseWithFewCallsAloneWhereAllTogetherHaveTooMany) {
  for (int i = 0; i < 6; ++i) limiter_.Begin(&calls_[i], &connections_[i / 3]);
  limiter_.Begin(&calls_[6], &connections_[2]);
  EXPECT_FALSE(limiter_.Allows(&connections_[0]));
  EXPECT_TRUE(limiter_.Allows(&connections_[2]));
  for (int i = 0; i < 2; ++i) limiter_.End(&calls_[i]);
  EXPECT_TRUE(limiter_.Allows(&connections_[1])) << "it is over when there is room again";
}

TEST_F(CallLimiterTest, ForgetsWhatHasEnded) {
  for (int round = 0; round < 100; ++round) {
    limiter_.Begin(&calls_[0], &connections_[0]);
    EXPECT_TRUE(limiter_.Allows(&connections_[0]));
    limiter_.End(&calls_[0]);
  }
  EXPECT_EQ(limiter_.calls(), 0);
}

TEST(ProcessCallLimiter, IsInThePlaceOfTheFunctionsOfLibgrpc) {
  EXPECT_NE(ProcessCallLimiter(), nullptr);
}

}  // namespace
}  // namespace flywheel::rpc
