// WatchActiveVersions: whoever serves an agent hears of each promotion without asking.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "shared/time/poll.h"
#include "tests/experiment_service/ramp_fixture.h"
#include "tests/experiment_service/watcher.h"

namespace flywheel::experiment {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;

// The fixture has "v1" active for the agent "helper", by "p-first".
class VersionWatchTest : public RampFixture {
 protected:
  grpc::Status Promote(const std::string& promotion_id, const std::string& agent,
                       const std::string& version) {
    v1::PromoteVersionRequest request = Waived(promotion_id, version);
    request.set_agent(agent);
    return Call(&Stub::PromoteVersion, request);
  }
  // The promotions that it was told of.
  static std::vector<std::string> Told(const VersionWatcher& watcher) {
    std::vector<std::string> told;
    for (const auto& message : watcher.messages()) {
      told.push_back(message.active_version().promotion_id());
    }
    return told;
  }
  static bool Hears(const VersionWatcher& watcher, const std::string& promotion_id) {
    return PollUntil(
        [&] {
          const auto told = Told(watcher);
          return !told.empty() && told.back() == promotion_id;
        },
        absl::Seconds(20));
  }
};

TEST_F(VersionWatchTest, TellsWhatServesThenEachChangeWhateverMadeIt) {
  ASSERT_OK(Promote("p-router", "router", "r1"));
  const auto all = WatchActiveVersions(stub_.get());
  const auto helper = WatchActiveVersions(stub_.get(), "helper");
  const auto later = WatchActiveVersions(stub_.get(), "not-there-yet");
  ASSERT_TRUE(Hears(*all, "p-router"));
  ASSERT_TRUE(Hears(*helper, "p-first"));
  EXPECT_THAT(Told(*all), ElementsAre("p-first", "p-router")) << "by agent";

  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 1'000, [](const std::string& arm, int unit) {
    return unit % 10 < (arm == "treatment" ? 7 : 4) ? 1.0 : 0.0;
  });
  v1::PromoteVersionRequest by_evidence = Promotion("p-exp", "v2");
  by_evidence.set_experiment_id("exp");
  ASSERT_OK(Call(&Stub::PromoteVersion, by_evidence));
  ASSERT_TRUE(Hears(*helper, "p-exp"));
  ASSERT_TRUE(Hears(*all, "p-exp"));
  EXPECT_EQ(helper->messages().back().active_version().SerializeAsString(),
            Active().SerializeAsString())
      << "all that GetActiveVersion says";

  v1::RollbackVersionRequest back;
  back.set_promotion_id("p-back");
  back.set_agent("helper");
  back.set_owner("ada");
  back.set_reason("complaints");
  back.set_from_model_version("v2");
  ASSERT_OK(Call(&Stub::RollbackVersion, back));
  ASSERT_TRUE(Hears(*helper, "p-back"));
  ASSERT_TRUE(Hears(*all, "p-back"));
  EXPECT_EQ(helper->messages().back().active_version().model_version(), "v1");

  ASSERT_OK(Promote("p-new", "not-there-yet", "n1"));
  ASSERT_TRUE(Hears(*later, "p-new"));
  EXPECT_THAT(Told(*later), ElementsAre("p-new"));
  ASSERT_TRUE(Hears(*all, "p-new"));
  EXPECT_THAT(Told(*all), ElementsAre("p-first", "p-router", "p-exp", "p-back", "p-new"));
  EXPECT_THAT(Told(*helper), ElementsAre("p-first", "p-exp", "p-back"));
  EXPECT_FALSE(all->status().has_value());
}

TEST_F(VersionWatchTest, TellsOfARampsPromotion) {
  const auto watcher = WatchActiveVersions(stub_.get(), "helper");
  ASSERT_OK(Create(Ramped(/*promote=*/true)));
  ServeCovered(0, 1'200, {{"accepted", Accepts(4, 7)}});
  ASSERT_TRUE(Hears(*watcher, "ramp:exp:1"));
  EXPECT_EQ(watcher->messages().back().active_version().promoted_by(), "ramp");
}

TEST_F(VersionWatchTest, TellsTheNewestOfManyOnceASecond) {
  const auto watcher = WatchActiveVersions(stub_.get());
  ASSERT_TRUE(Hears(*watcher, "p-first"));
  const absl::Time begin = absl::Now();
  std::string newest;
  int promotions = 0;
  PollUntil(
      [&] {
        newest = "p-" + std::to_string(++promotions);
        EXPECT_OK(Promote(newest, "helper", "w" + std::to_string(promotions)));
        return absl::Now() - begin > absl::Seconds(2);
      },
      absl::Seconds(20));
  ASSERT_TRUE(Hears(*watcher, newest));
  const auto seconds = static_cast<size_t>(absl::ToInt64Seconds(absl::Now() - begin));
  EXPECT_GT(promotions, 10);
  EXPECT_LE(watcher->messages().size(), seconds + 2);
}

TEST_F(VersionWatchTest, EndsWithTheServerAloneAndTellsAllAgainAfterwards) {
  {
    const auto watcher = WatchActiveVersions(stub_.get());
    ASSERT_TRUE(Hears(*watcher, "p-first"));
    server_->Stop(absl::Seconds(15));
    ASSERT_TRUE(PollUntil([&] { return watcher->status().has_value(); }, absl::Seconds(20)));
    EXPECT_THAT(*watcher->status(), HasReason(Reason::kShuttingDown));
  }
  server_.reset();
  StartServer();
  const auto again = WatchActiveVersions(stub_.get());
  ASSERT_TRUE(Hears(*again, "p-first"));
  EXPECT_EQ(again->messages().back().active_version().waiver().owner(), "ada");
}

}  // namespace
}  // namespace flywheel::experiment
