// What answers with noise cost, over a real store.
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "experiment_service/segment_privacy.h"
#include "experiment_service/store/migrations.h"
#include "shared/status/errors.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::experiment {
namespace {

using testing::HasReason;

class EpsilonBudgetTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }

  void Open() {
    budget_.reset();
    database_.reset();
    auto opened = sql::Database::Open({"sqlite:" + directory_.path() + "/test.db"}, Migrations());
    ASSERT_OK(opened);
    database_ = *std::move(opened);
    budget_ = std::make_unique<EpsilonBudget>(database_.get(), &clock_, privacy_);
  }

  // Three answers a day.
  SegmentPrivacy privacy_ = {0, 100'000, 300'000, absl::Hours(24)};
  FakeClock clock_{absl::FromUnixSeconds(1'800'000'000)};  // At 8:00.
  testing::TempDir directory_;
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<EpsilonBudget> budget_;
};

TEST_F(EpsilonBudgetTest, IsSpentByEachNewAnswerAndByNoneThatWasGivenBefore) {
  const auto first = budget_->Pay("p", "a");
  ASSERT_OK(first);
  EXPECT_TRUE(first->charged);
  EXPECT_EQ(first->spent, 100'000);
  EXPECT_EQ(first->noise_key.size(), 32U);
  const auto again = budget_->Pay("p", "a");
  ASSERT_OK(again);
  EXPECT_FALSE(again->charged);
  EXPECT_EQ(again->spent, 100'000);
  EXPECT_EQ(again->noise_key, first->noise_key);
  EXPECT_EQ(budget_->Pay("p", "b")->spent, 200'000);
}

TEST_F(EpsilonBudgetTest, RefusesWhatIsBeyondItAndSaysWhenItBeginsAnew) {
  for (const char* answer : {"a", "b", "c"}) EXPECT_OK(budget_->Pay("p", answer));
  const absl::Status refused = budget_->Pay("p", "d").status();
  EXPECT_THAT(refused, HasReason(Reason::kPrivacyBudgetSpent));
  EXPECT_EQ(errors::MetadataOf(refused)["spent"], "0.3");
  EXPECT_EQ(errors::MetadataOf(refused)["reset_time"], "2027-01-16T00:00:00Z");
  EXPECT_FALSE(errors::RetryDelayOf(refused));
  // What was told is told again, and another project has its own.
  EXPECT_OK(budget_->Pay("p", "c"));
  EXPECT_OK(budget_->Pay("q", "d"));
  clock_.Advance(absl::Hours(16) - absl::Microseconds(1));
  EXPECT_THAT(budget_->Pay("p", "d"), HasReason(Reason::kPrivacyBudgetSpent));
  clock_.Advance(absl::Microseconds(1));
  const auto anew = budget_->Pay("p", "d");
  ASSERT_OK(anew);
  EXPECT_EQ(anew->spent, 100'000);
}

TEST_F(EpsilonBudgetTest, IsTheSameAfterARestart) {
  const auto first = budget_->Pay("p", "a");
  ASSERT_OK(first);
  EXPECT_OK(budget_->Pay("p", "b"));
  Open();
  EXPECT_EQ(budget_->Pay("p", "a")->noise_key, first->noise_key);
  EXPECT_FALSE(budget_->Pay("p", "b")->charged);
  EXPECT_OK(budget_->Pay("p", "c"));
  Open();
  EXPECT_THAT(budget_->Pay("p", "d"), HasReason(Reason::kPrivacyBudgetSpent));
}

// The files as they are when the answer is there are what a kill at that moment would leave.
TEST_F(EpsilonBudgetTest, IsOnTheDiskBeforeTheAnswerLeaves) {
  const auto first = budget_->Pay("p", "a");
  ASSERT_OK(first);
  const testing::TempDir killed;
  for (const char* file : {"test.db", "test.db-wal"}) {
    std::filesystem::copy_file(std::filesystem::path(directory_.path()) / file,
                               std::filesystem::path(killed.path()) / file);
  }
  auto left = sql::Database::Open({"sqlite:" + killed.path() + "/test.db"}, Migrations());
  ASSERT_OK(left);
  EpsilonBudget budget(left->get(), &clock_, privacy_);
  const auto again = budget.Pay("p", "a");
  ASSERT_OK(again);
  EXPECT_FALSE(again->charged);
  EXPECT_EQ(again->noise_key, first->noise_key);
  EXPECT_EQ(again->spent, 100'000);
}

TEST_F(EpsilonBudgetTest, IsNotOverspentByManyAtOnce) {
  std::vector<std::thread> callers;
  std::atomic<int> answered = 0;
  for (int i = 0; i < 16; ++i) {
    callers.emplace_back([&, i] {
      if (budget_->Pay("p", "answer-" + std::to_string(i)).ok()) ++answered;
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(answered, 3);
}

TEST_F(EpsilonBudgetTest, IsNotRefilledByAClockThatGoesBack) {
  for (const char* answer : {"a", "b", "c"}) EXPECT_OK(budget_->Pay("p", answer));
  clock_.Advance(-absl::Hours(48));
  EXPECT_THAT(budget_->Pay("p", "d"), HasReason(Reason::kPrivacyBudgetSpent));
}

TEST(SegmentPrivacyFlags, AreRefusedWhereTheyMeanNothing) {
  EXPECT_FALSE(SegmentPrivacy::FromFlags(0, 0, 0, 30)->active());
  const auto active = SegmentPrivacy::FromFlags(10, 0.1, 1, 7);
  ASSERT_OK(active);
  EXPECT_EQ(active->epsilon, 100'000);
  EXPECT_EQ(active->budget, 1'000'000);
  EXPECT_EQ(active->period, absl::Hours(168));
  for (const double epsilon : {-1.0, 1e-9, 101.0, std::nan("")}) {
    EXPECT_THAT(SegmentPrivacy::FromFlags(0, epsilon, 1'000, 30),
                HasReason(Reason::kInvalidConfiguration));
  }
  EXPECT_THAT(SegmentPrivacy::FromFlags(0, 2, 1, 30), HasReason(Reason::kInvalidConfiguration));
}

}  // namespace
}  // namespace flywheel::experiment
