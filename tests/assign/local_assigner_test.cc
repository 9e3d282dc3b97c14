// Assignment in process, against a service over real sockets.
#include "assign/client/local_assigner.h"

#include <gmock/gmock.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "experiment_service/assignment_salt.h"
#include "shared/rpc/field_checks.h"
#include "shared/time/poll.h"
#include "tests/experiment_service/service_fixture.h"

namespace flywheel::assign {
namespace {

using experiment::Stub;
using ::testing::ElementsAre;
namespace v1 = experiment::v1;

constexpr absl::Duration kLong = absl::Seconds(20);

class LocalAssignerTest : public experiment::ServiceFixture {
 protected:
  void SetUp() override {
    new_salt_ = experiment::RandomSalt;
    ServiceFixture::SetUp();
    PromoteFirstVersion();
  }

  std::unique_ptr<LocalAssigner> Start(LocalAssigner::Options options = {}) {
    options.clock = &clock_;
    auto started = LocalAssigner::Start(
        LocalAssigner::OpenChannel("127.0.0.1:" + std::to_string(server_->port()),
                                   grpc::InsecureChannelCredentials()),
        options);
    EXPECT_OK(started);
    EXPECT_TRUE((*started)->AwaitKnowledge(kLong)) << (*started)->LastError();
    return *std::move(started);
  }

  // Waits until the assigner knows of the experiment.
  static bool AwaitExperiment(LocalAssigner& assigner, const std::string& experiment_id) {
    return PollUntil(
        [&] {
          const auto assigned = assigner.Assign("helper", {.user_id = "probe"});
          return assigned && assigned->experiment_id == experiment_id;
        },
        kLong);
  }

  void StopExperiment() {
    v1::StopExperimentRequest stop;
    stop.set_experiment_id("exp");
    stop.set_reason("enough");
    ASSERT_OK(Call(&Stub::StopExperiment, stop));
  }

  void StopServer() {
    port_ = server_->port();
    server_->Stop(absl::Seconds(5));
    server_.reset();
  }

  int64_t Exposed() {
    const v1::Analysis analysis = Analyze("exp");
    return analysis.arms(0).exposed_units() + analysis.arms(1).exposed_units();
  }

  // An experiment whose plan tells units apart by language (de, fr).
  static v1::CreateExperimentRequest ByLanguage() {
    v1::CreateExperimentRequest request = Comparison("exp");
    v1::Segment* language = request.mutable_plan()->add_segments();
    language->set_name("language");
    language->add_values("de");
    language->add_values("fr");
    return request;
  }
  // Units by value, "other" last.
  std::vector<int64_t> ExposedByLanguage() {
    v1::AnalyzeSegmentsRequest request;
    request.set_experiment_id("exp");
    v1::AnalyzeSegmentsResponse response;
    EXPECT_OK(Call(&Stub::AnalyzeSegments, request, &response));
    std::vector<int64_t> units;
    for (const v1::SegmentValue& value : response.analysis().segments(0).values()) {
      units.push_back(value.arms(0).exposed_units() + value.arms(1).exposed_units());
    }
    return units;
  }
};

TEST_F(LocalAssignerTest, DealsTenThousandUsersAsTheServiceDoes) {
  v1::CreateExperimentRequest create = Comparison("exp");
  create.mutable_arms(0)->set_weight(0.7);
  create.mutable_ramp()->add_steps()->set_coverage(0.6);
  create.mutable_ramp()->mutable_steps(0)->mutable_min_duration()->set_seconds(3'600);
  create.mutable_ramp()->add_steps()->set_coverage(1);
  ASSERT_OK(Create(create));
  const auto assigner = Start();
  int covered = 0;
  for (int first = 0; first < 10'000; first += 1'000) {
    v1::AssignBatchRequest request;
    for (int i = first; i < first + 1'000; ++i) {
      request.add_requests()->set_agent("helper");
      request.mutable_requests(i - first)->set_user_id("user-" + std::to_string(i));
    }
    v1::AssignBatchResponse response;
    ASSERT_OK(Call(&Stub::AssignBatch, request, &response));
    for (int i = 0; i < 1'000; ++i) {
      const v1::AssignResponse& theirs = response.responses(i);
      const auto ours = assigner->Assign("helper", {.user_id = request.requests(i).user_id()});
      ASSERT_TRUE(ours.has_value());
      ASSERT_EQ(ours->model_version, theirs.model_version());
      ASSERT_EQ(ours->experiment_id, theirs.experiment_id());
      ASSERT_EQ(ours->arm_id, theirs.arm_id());
      ASSERT_EQ(ours->not_covered, theirs.not_covered());
      ASSERT_FALSE(ours->fallback);
      covered += int{!ours->not_covered};
    }
  }
  EXPECT_NEAR(covered, 6'000, 250);
}

TEST_F(LocalAssignerTest, GivesTheActiveVersionWhereNoExperimentServes) {
  const auto assigner = Start();
  EXPECT_FALSE(assigner->Assign("nobody", {.user_id = "ada"}).has_value());
  std::optional<Assigned> assigned = assigner->Assign("helper", {.user_id = "ada"});
  ASSERT_TRUE(assigned.has_value());
  EXPECT_EQ(assigned->model_version, "v1");
  EXPECT_EQ(assigned->experiment_id, "");
  ASSERT_OK(Create(Comparison("exp")));
  ASSERT_TRUE(AwaitExperiment(*assigner, "exp"));
  assigned = assigner->Assign("helper", {.session_id = "a session, where users are dealt"});
  EXPECT_EQ(assigned->model_version, "v1");
  EXPECT_EQ(assigned->experiment_id, "");
  EXPECT_EQ(assigner->Token(*assigned), "");
}

TEST_F(LocalAssignerTest, SeesAPromotionWithinASecond) {
  const auto assigner = Start();
  ASSERT_OK(Call(&Stub::PromoteVersion, Waived("p-second", "v2")));
  EXPECT_TRUE(PollUntil(
      [&] { return assigner->Assign("helper", {.user_id = "ada"})->model_version == "v2"; },
      absl::Seconds(1)));
}

TEST_F(LocalAssignerTest, SendsEachExposureOnceAndGetsTokensForOutcomes) {
  ASSERT_OK(Create(Comparison("exp")));
  const auto assigner = Start();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 3'000; ++i) {
        assigner->Assign("helper", {.user_id = "user-" + std::to_string(i % 1'000)});
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_TRUE(assigner->Flush(kLong));
  EXPECT_EQ(Exposed(), 1'000);
  const ExposureCounts counts = assigner->exposures();
  EXPECT_EQ(counts.waiting, 0);
  EXPECT_EQ(counts.rejected, 0);
  EXPECT_EQ(counts.dropped, 0);
  EXPECT_GE(counts.taken, 1'000);

  const auto assigned = assigner->Assign("helper", {.user_id = "user-7"});
  v1::UnitOutcome outcome = OutcomeOf("o-7", "", 1);
  outcome.clear_experiment_id();
  outcome.set_assignment_token(assigner->Token(*assigned));
  EXPECT_NE(outcome.assignment_token(), "");
  EXPECT_EQ(Record({outcome})[0].status(), common::v1::ITEM_STATUS_STORED);
}

TEST_F(LocalAssignerTest, TellsWhatIsKnownOfAUnitWithItsFirstExposure) {
  ASSERT_OK(Create(ByLanguage()));
  const auto assigner = Start();
  assigner->Assign("helper",
                   {.user_id = "ada", .attributes = {{"plan", "pro"}, {"language", "de"}}});
  assigner->Assign("helper", {.user_id = "bob", .attributes = {{"language", "nl"}}});
  assigner->Assign("helper", {.user_id = "cyd"});
  ASSERT_TRUE(assigner->Flush(kLong));
  EXPECT_THAT(ExposedByLanguage(), ElementsAre(1, 0, 2)) << "de, fr and other";
  // What is said later changes nothing, whoever says it.
  Start()->Assign("helper", {.user_id = "ada", .attributes = {{"language", "fr"}}});
  EXPECT_THAT(ExposedByLanguage(), ElementsAre(1, 0, 2));
}

TEST_F(LocalAssignerTest, DealsTheSameArmsWhateverIsKnownOfAUnit) {
  ASSERT_OK(Create(ByLanguage()));
  const auto assigner = Start();
  for (int i = 0; i < 100; ++i) {
    const std::string user = "user-" + std::to_string(i);
    EXPECT_EQ(
        assigner->Assign("helper", {.user_id = user})->arm_id,
        assigner->Assign("helper", {.user_id = user, .attributes = {{"language", "de"}}})->arm_id);
  }
}

// An exposure with more than the service takes would be refused.
TEST_F(LocalAssignerTest, LeavesOutWhatTheServiceWouldRefuse) {
  ASSERT_OK(Create(ByLanguage()));
  const auto assigner = Start();
  const std::string name(129, 'n');
  const std::string value(257, 'v');
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) names.push_back("name-" + std::to_string(i));
  std::vector<std::pair<std::string_view, std::string_view>> many = {
      {"", "nameless"}, {name, "de"}, {"country", value}, {"language", "fr"}};
  for (const std::string& one : names) many.emplace_back(one, "");
  assigner->Assign("helper", {.user_id = "ada", .attributes = many});
  ASSERT_TRUE(assigner->Flush(kLong));
  EXPECT_EQ(assigner->exposures().rejected, 0);
  EXPECT_THAT(ExposedByLanguage(), ElementsAre(0, 1, 0));
}

TEST_F(LocalAssignerTest, SendsWhatWaitsBeforeItEnds) {
  ASSERT_OK(Create(Comparison("exp")));
  Start()->Assign("helper", {.user_id = "ada"});
  EXPECT_EQ(Exposed(), 1);
}

TEST_F(LocalAssignerTest, GoesOnWhileTheServiceRestarts) {
  ASSERT_OK(Create(Comparison("exp")));
  const auto assigner = Start();
  const auto before = assigner->Assign("helper", {.user_id = "ada"});
  ASSERT_TRUE(assigner->Flush(kLong));
  StopServer();
  const auto during = assigner->Assign("helper", {.user_id = "ada"});
  EXPECT_EQ(during->arm_id, before->arm_id);
  EXPECT_FALSE(during->fallback);
  EXPECT_EQ(assigner->Assign("helper", {.user_id = "bob"})->experiment_id, "exp");
  EXPECT_FALSE(assigner->Flush(absl::Milliseconds(300))) << "bob's exposure waits";
  StartServer();
  EXPECT_TRUE(assigner->Flush(kLong));
  EXPECT_EQ(Exposed(), 2);
  ASSERT_OK(Call(&Stub::PromoteVersion, Waived("p-second", "v2")));
  EXPECT_TRUE(PollUntil(
      [&] { return assigner->Assign("helper", {.user_id = "ada"})->model_version == "v2"; }, kLong))
      << "it listens again";
}

TEST_F(LocalAssignerTest, FallsBackToTheActiveVersionWhereTheServiceStaysAway) {
  ASSERT_OK(Create(Comparison("exp")));
  const auto assigner = Start();
  EXPECT_EQ(assigner->Age(), absl::ZeroDuration());
  StopServer();
  clock_.Advance(absl::Seconds(59));
  EXPECT_FALSE(assigner->Assign("helper", {.user_id = "ada"})->fallback);
  clock_.Advance(absl::Seconds(2));
  EXPECT_EQ(assigner->Age(), absl::Seconds(61));
  for (int i = 0; i < 20; ++i) {
    const auto assigned = assigner->Assign("helper", {.user_id = "user-" + std::to_string(i)});
    EXPECT_TRUE(assigned->fallback);
    EXPECT_EQ(assigned->model_version, "v1");
    EXPECT_EQ(assigned->experiment_id, "");
  }
  StartServer();
  ASSERT_TRUE(AwaitExperiment(*assigner, "exp")) << "until it is back";
  EXPECT_FALSE(assigner->Assign("helper", {.user_id = "ada"})->fallback);
  ASSERT_TRUE(assigner->Flush(kLong));
  EXPECT_EQ(Exposed(), 2) << "ada and the probe: a fallback exposes nobody";
}

TEST_F(LocalAssignerTest, CountsWhatDidNotFit) {
  ASSERT_OK(Create(Comparison("exp")));
  LocalAssigner::Options options;
  options.max_waiting_exposures = 10;
  options.flush_timeout = absl::ZeroDuration();
  const auto assigner = Start(options);
  StopServer();
  for (int i = 0; i < 2'500; ++i) {
    assigner->Assign("helper", {.user_id = "user-" + std::to_string(i)});
  }
  EXPECT_GT(assigner->exposures().dropped, 0);
  StartServer();
  ASSERT_TRUE(assigner->Flush(kLong));
  const ExposureCounts taken = assigner->exposures();
  EXPECT_EQ(taken.taken, Exposed());
  EXPECT_GE(taken.taken, 10);
}

// Whoever is assigned before the news of the stop came is refused after it: the stop froze the
// rest.
TEST_F(LocalAssignerTest, CountsWhatTheServiceRefused) {
  ASSERT_OK(Create(Comparison("exp")));
  const auto assigner = Start();
  StopServer();
  EXPECT_EQ(assigner->Assign("helper", {.user_id = "ada"})->experiment_id, "exp");
  // While this process hears nothing: through a port that it does not know.
  const int known = std::exchange(port_, 0);
  StartServer();
  StopExperiment();
  StopServer();
  port_ = known;
  StartServer();
  ASSERT_TRUE(assigner->Flush(kLong));
  EXPECT_EQ(assigner->exposures().rejected, 1);
  EXPECT_EQ(assigner->exposures().taken, 0);
  EXPECT_EQ(Exposed(), 0);
}

TEST_F(LocalAssignerTest, HearsOnlyOfTheAgentsThatItAskedFor) {
  v1::PromoteVersionRequest other = Waived("p-other", "v9");
  other.set_agent("other");
  ASSERT_OK(Call(&Stub::PromoteVersion, other));
  LocalAssigner::Options options;
  options.agents = {"other"};
  const auto assigner = Start(options);
  EXPECT_FALSE(assigner->Assign("helper", {.user_id = "ada"}).has_value());
  EXPECT_EQ(assigner->Assign("other", {.user_id = "ada"})->model_version, "v9");
}

TEST(LocalAssigner, KnowsNobodyBeforeItHeardAnythingAndSaysSo) {
  const auto channel =
      LocalAssigner::OpenChannel("127.0.0.1:1", grpc::InsecureChannelCredentials());
  const auto assigner = LocalAssigner::Start(channel, {});
  ASSERT_OK(assigner);
  EXPECT_FALSE((*assigner)->AwaitKnowledge(absl::Milliseconds(50)));
  EXPECT_FALSE((*assigner)->Assign("helper", {.user_id = "ada"}).has_value());
  EXPECT_EQ((*assigner)->Age(), absl::InfiniteDuration());
}

TEST(LocalAssigner, RefusesWhatItCannotSend) {
  const auto channel =
      LocalAssigner::OpenChannel("127.0.0.1:1", grpc::InsecureChannelCredentials());
  EXPECT_FALSE(LocalAssigner::Start(channel, {.api_key = "two words"}).ok());
  EXPECT_FALSE(LocalAssigner::Start(channel, {.project = "line\n"}).ok());
  EXPECT_FALSE(LocalAssigner::Start(channel, {.max_age = absl::Seconds(5)}).ok());
}

}  // namespace
}  // namespace flywheel::assign
