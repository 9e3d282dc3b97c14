// WatchAnalysis: one analysis a change, however many watch, and every stream ends when it should.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/free_port.h"
#include "shared/time/poll.h"
#include "tests/experiment_service/service_fixture.h"
#include "tests/experiment_service/watcher.h"
#include "tests/integration/http_client.h"

namespace flywheel::experiment {
namespace {

using testing::HasReason;

class AnalysisWatchTest : public ServiceFixture {
 protected:
  using Watchers = std::vector<std::unique_ptr<AnalysisWatcher>>;

  void SetUp() override {
    metrics_port_ = cli::FindFreePorts(1)->at(0);
    metrics_listen_ = "127.0.0.1:" + std::to_string(metrics_port_);
    ServiceFixture::SetUp();
    PromoteFirstVersion();
    ASSERT_OK(Create(Comparison("exp")));
  }

  static double Even(const std::string&, int unit) { return unit % 2; }

  void Stop() {
    v1::StopExperimentRequest stop;
    stop.set_experiment_id("exp");
    stop.set_reason("enough");
    ASSERT_OK(Call(&Stub::StopExperiment, stop));
  }

  // Whether the watcher's newest analysis comes to have so many outcomes.
  static bool Sees(const AnalysisWatcher& watcher, int64_t outcomes) {
    return PollUntil(
        [&] {
          const auto messages = watcher.messages();
          return !messages.empty() && OutcomesIn(messages.back().analysis()) == outcomes;
        },
        absl::Seconds(20));
  }
  static bool AllSee(const Watchers& watchers, int64_t outcomes) {
    return std::all_of(watchers.begin(), watchers.end(),
                       [&](const auto& watcher) { return Sees(*watcher, outcomes); });
  }
  static bool Ends(const AnalysisWatcher& watcher) {
    return PollUntil([&] { return watcher.status().has_value(); }, absl::Seconds(20));
  }

  // How many analyses were made for watchers.
  int Analysed() {
    const std::string line = "flywheel_items_total{method=\"WatchAnalysis\",outcome=\"analysed\"} ";
    const std::string metrics = integration::HttpGet(metrics_port_, "/metrics");
    const size_t found = metrics.find(line);
    return found == std::string::npos ? 0 : std::atoi(metrics.c_str() + found + line.size());
  }

  int metrics_port_ = 0;
};

TEST_F(AnalysisWatchTest, ShowsHowItIsThenWhatChangesAndEndsWithTheExperiment) {
  const auto watcher = WatchAnalysis(stub_.get(), "exp");
  ASSERT_TRUE(Sees(*watcher, 0)) << "before anything happens";
  Serve(0, 20, Even);
  ASSERT_TRUE(Sees(*watcher, 20));
  EXPECT_EQ(watcher->messages().back().analysis().SerializeAsString(),
            Analyze("exp").SerializeAsString());
  EXPECT_FALSE(watcher->status().has_value());
  clock_.Advance(absl::Hours(1));
  Stop();
  ASSERT_TRUE(Ends(*watcher));
  EXPECT_OK(*watcher->status());
  const v1::Analysis last = Analyze("exp");
  EXPECT_EQ(last.as_of().seconds(), 1'800'003'600) << "when it was stopped";
  EXPECT_EQ(watcher->messages().back().analysis().SerializeAsString(), last.SerializeAsString());

  const auto late = WatchAnalysis(stub_.get(), "exp");
  ASSERT_TRUE(Ends(*late));
  EXPECT_OK(*late->status());
  ASSERT_EQ(late->messages().size(), 1);
  EXPECT_EQ(late->messages()[0].analysis().SerializeAsString(), last.SerializeAsString());
}

TEST_F(AnalysisWatchTest, AnalysesAChangeOnceForAHundredWatchers) {
  Serve(0, 40, Even);
  Watchers watchers;
  for (int i = 0; i < 100; ++i) watchers.push_back(WatchAnalysis(stub_.get(), "exp"));
  ASSERT_TRUE(AllSee(watchers, 40));
  const int before = Analysed();
  EXPECT_GE(before, 1);
  std::vector<size_t> messages;
  for (const auto& watcher : watchers) messages.push_back(watcher->messages().size());
  // Of a unit that is known, so that nothing else changes.
  ASSERT_EQ(Record({OutcomeOf("again", "user-0", 1)})[0].status(), common::v1::ITEM_STATUS_STORED);
  ASSERT_TRUE(AllSee(watchers, 41));
  EXPECT_EQ(Analysed(), before + 1);
  for (size_t i = 0; i < watchers.size(); ++i) {
    EXPECT_EQ(watchers[i]->messages().size(), messages[i] + 1) << i;
  }
  Stop();
  for (const auto& watcher : watchers) {
    ASSERT_TRUE(Ends(*watcher));
    EXPECT_OK(*watcher->status());
  }
  // One of the last evidence, and where it came between the two, one of the stop.
  EXPECT_LE(Analysed(), before + 3);
}

TEST_F(AnalysisWatchTest, SendsTheNewestOfManyChangesOnceASecond) {
  const auto watcher = WatchAnalysis(stub_.get(), "exp");
  ASSERT_TRUE(Sees(*watcher, 0));
  const absl::Time begin = absl::Now();
  int units = 0;
  PollUntil(
      [&] {
        Serve(units++, 1, Even);
        return absl::Now() - begin > absl::Seconds(3);
      },
      absl::Seconds(20));
  ASSERT_TRUE(Sees(*watcher, units));
  const auto seconds = static_cast<size_t>(absl::ToInt64Seconds(absl::Now() - begin));
  EXPECT_GT(units, 10) << "there were many changes";
  EXPECT_LE(watcher->messages().size(), seconds + 2);
  EXPECT_GE(watcher->messages().size(), 3);
}

TEST_F(AnalysisWatchTest, SaysOfARestartThatItIsOneAtOnce) {
  const auto watcher = WatchAnalysis(stub_.get(), "exp");
  ASSERT_TRUE(Sees(*watcher, 0));
  const absl::Time begin = absl::Now();
  server_->Stop(absl::Seconds(15));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
  ASSERT_TRUE(Ends(*watcher));
  EXPECT_THAT(*watcher->status(), HasReason(Reason::kShuttingDown));
}

TEST_F(AnalysisWatchTest, RefusesClearlyWhoIsTooMuchAndTakesThePlaceOfWhoLeft) {
  Watchers watchers;
  // Without keys all callers are one, to whom half of the places go.
  for (int i = 0; i < 140; ++i) watchers.push_back(WatchAnalysis(stub_.get(), "exp"));
  int refused = 0;
  for (const auto& watcher : watchers) {
    ASSERT_TRUE(
        PollUntil([&] { return watcher->status().has_value() || !watcher->messages().empty(); },
                  absl::Seconds(20)));
    if (!watcher->status()) continue;
    ++refused;
    EXPECT_EQ(watcher->status()->error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_THAT(*watcher->status(), HasReason(Reason::kBusy));
    EXPECT_THAT(watcher->status()->error_message(), ::testing::HasSubstr("WatchAnalysis"));
  }
  EXPECT_GT(refused, 0);
  EXPECT_LE(refused, 40) << "a hundred are taken";
  watchers.clear();
  ASSERT_TRUE(PollUntil(
      [&] {
        const auto watcher = WatchAnalysis(stub_.get(), "exp");
        return PollUntil([&] { return watcher->status() || !watcher->messages().empty(); },
                         absl::Seconds(20)) &&
               !watcher->status();
      },
      absl::Seconds(20)));
}

TEST_F(AnalysisWatchTest, KnowsNoExperimentThatIsNone) {
  const auto unknown = WatchAnalysis(stub_.get(), "other");
  ASSERT_TRUE(Ends(*unknown));
  EXPECT_THAT(*unknown->status(), HasReason(Reason::kNotFound));
  const auto nameless = WatchAnalysis(stub_.get(), "");
  ASSERT_TRUE(Ends(*nameless));
  EXPECT_THAT(*nameless->status(), HasReason(Reason::kInvalidArgument));
}

TEST_F(AnalysisWatchTest, EndsWithTheKeyOfWhoWatches) {
  api_keys_file_ = directory_->path() + "/keys";
  const auto write = [&](const std::string& keys) { std::ofstream(api_keys_file_) << keys; };
  const std::string kept = "ci key-of-the-release-ci default operator\n";
  write(kept + "board key-of-the-dashboard default reader\n");
  key_ = "key-of-the-release-ci";
  metrics_listen_.clear();
  Restart();
  const auto watcher = WatchAnalysis(stub_.get(), "exp", "key-of-the-dashboard");
  const auto other = WatchAnalysis(stub_.get(), "exp", key_);
  ASSERT_TRUE(Sees(*watcher, 0));
  ASSERT_TRUE(Sees(*other, 0));
  write(kept);
  server_->ReloadKeys();
  ASSERT_TRUE(Ends(*watcher));
  EXPECT_EQ(watcher->status()->error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_FALSE(other->status().has_value());
  const auto nobody = WatchAnalysis(stub_.get(), "exp", "no-key-that-is-known");
  ASSERT_TRUE(Ends(*nobody));
  EXPECT_EQ(nobody->status()->error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

}  // namespace
}  // namespace flywheel::experiment
