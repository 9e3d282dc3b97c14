#include "shared/rpc/retry.h"

#include <gtest/gtest.h>

#include <vector>

#include "shared/status/errors.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::rpc {
namespace {

// A clock that only waits move, and a record of the waits.
class RetryTest : public ::testing::Test {
 protected:
  RetryHooks Hooks() {
    return {[this] { return now_; },
            [this](absl::Duration delay) {
              waits_.push_back(delay);
              now_ += delay;
            },
            [this] { return uniform_; }};
  }

  absl::Time now_ = absl::UnixEpoch();
  std::vector<absl::Duration> waits_;
  double uniform_ = 0.0;
  int attempts_ = 0;
};

TEST_F(RetryTest, DoublesItsWaitsUpToTheLargest) {
  const RetryPolicy policy = {.initial_delay = absl::Milliseconds(100),
                              .max_delay = absl::Milliseconds(300)};
  EXPECT_OK(Retry(policy, Hooks(), [this](absl::Duration) {
    return ++attempts_ < 5 ? absl::UnavailableError("down") : absl::OkStatus();
  }));
  EXPECT_EQ(waits_,
            (std::vector<absl::Duration>{absl::Milliseconds(100), absl::Milliseconds(200),
                                         absl::Milliseconds(300), absl::Milliseconds(300)}));
}

TEST_F(RetryTest, NeverWaitsLessThanTheServerAskedFor) {
  const absl::Status busy = errors::BackPressure(100, 50);
  const absl::Duration asked = errors::RetryDelayOf(busy).value();
  for (const double uniform : {0.0, 0.5, 0.999}) {
    uniform_ = uniform;
    attempts_ = 0;
    waits_.clear();
    const RetryPolicy policy = {.initial_delay = absl::Microseconds(1)};
    EXPECT_OK(Retry(policy, Hooks(),
                    [&](absl::Duration) { return ++attempts_ == 1 ? busy : absl::OkStatus(); }));
    ASSERT_EQ(waits_.size(), 1);
    EXPECT_GE(waits_[0], asked);
    EXPECT_LE(waits_[0], 1.25 * asked);
  }
}

TEST_F(RetryTest, SendsAFaultOfTheRequestOnlyOnce) {
  const absl::Status status = Retry({}, Hooks(), [this](absl::Duration) {
    ++attempts_;
    return errors::TooLarge("interactions", 20'000, 10'000, "items");
  });
  EXPECT_THAT(status, testing::HasReason(Reason::kTooLarge));
  EXPECT_EQ(attempts_, 1);
  EXPECT_TRUE(waits_.empty());
}

TEST_F(RetryTest, GivesTheLastErrorOnceNoWaitFitsBeforeTheTotalTimeout) {
  const RetryPolicy policy = {.initial_delay = absl::Seconds(1),
                              .max_delay = absl::Seconds(1),
                              .total_timeout = absl::Seconds(3.5)};
  const absl::Status status = Retry(policy, Hooks(), [this](absl::Duration) {
    ++attempts_;
    return errors::ShuttingDown();
  });
  EXPECT_THAT(status, testing::HasReason(Reason::kShuttingDown));
  EXPECT_GE(attempts_, 2);
  EXPECT_LT(now_, absl::UnixEpoch() + policy.total_timeout);
}

TEST_F(RetryTest, GivesAnAttemptNoMoreTimeThanIsLeftInAll) {
  const RetryPolicy policy = {.initial_delay = absl::Seconds(4),
                              .attempt_timeout = absl::Seconds(8),
                              .total_timeout = absl::Seconds(10)};
  std::vector<absl::Duration> timeouts;
  EXPECT_OK(Retry(policy, Hooks(), [&](absl::Duration timeout) {
    timeouts.push_back(timeout);
    return timeouts.size() == 1 ? absl::UnavailableError("down") : absl::OkStatus();
  }));
  EXPECT_EQ(timeouts, (std::vector<absl::Duration>{absl::Seconds(8), absl::Seconds(6)}));
}

TEST_F(RetryTest, SaysWhatItWaitsForBeforeItWaits) {
  RetryPolicy policy;
  std::vector<std::string> said;
  policy.on_retry = [&](const absl::Status& status, absl::Duration) {
    said.push_back(errors::MessageOf(status));
    EXPECT_TRUE(waits_.empty());
  };
  EXPECT_OK(Retry(policy, Hooks(), [this](absl::Duration) {
    return ++attempts_ == 1 ? absl::UnavailableError("down") : absl::OkStatus();
  }));
  EXPECT_EQ(said, std::vector<std::string>{"down"});
}

TEST_F(RetryTest, EndsWhereTheCallerGivesUp) {
  RetryPolicy policy;
  policy.gives_up = [this] { return attempts_ == 3; };
  EXPECT_TRUE(absl::IsUnavailable(Retry(policy, Hooks(), [this](absl::Duration) {
    ++attempts_;
    return absl::UnavailableError("down");
  })));
  EXPECT_EQ(attempts_, 3);
  EXPECT_EQ(waits_.size(), 2u);
}

}  // namespace
}  // namespace flywheel::rpc
