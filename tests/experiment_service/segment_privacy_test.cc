// What readers are told of small segments, through the service.
#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "shared/time/poll.h"
#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kReaderKey[] = "key-of-somebody-who-reads";
constexpr char kDeciderKey[] = "key-of-somebody-who-decides";

// An experiment by language, of 60 people who speak German, 24 French, 3 Dutch, and 2 nothing
// known.
class SegmentPrivacyTest : public ServiceFixture {
 protected:
  void SetUp() override {
    api_keys_file_ = directory_->path() + "/keys";
    std::ofstream(api_keys_file_) << "dash " << kReaderKey << " default reader\n"
                                  << "agent key-of-the-agents-backend default writer\n"
                                  << "release " << kDeciderKey << " default operator\n";
    key_ = kDeciderKey;
    ServiceFixture::SetUp();
    PromoteFirstVersion();
    v1::CreateExperimentRequest request = Comparison("exp");
    request.mutable_plan()->mutable_primary()->set_cap(1);
    v1::Segment* language = request.mutable_plan()->add_segments();
    language->set_name("language");
    for (const char* value : {"de", "fr", "nl"}) language->add_values(value);
    ASSERT_OK(Create(request));
    for (const auto& [value, units] :
         std::map<std::string, int>{{"de", 60}, {"fr", 24}, {"nl", 3}, {"", 2}}) {
      for (int i = 0; i < units; ++i) ServeIn(value, i);
    }
    Await(89);
  }

  void ServeIn(const std::string& language, int number) {
    const std::string unit = "user-" + language + std::to_string(number);
    v1::AssignRequest request;
    request.set_agent("helper");
    request.set_user_id(unit);
    if (!language.empty()) (*request.mutable_attributes())["language"] = language;
    v1::AssignResponse response;
    const std::string reads = std::exchange(key_, "key-of-the-agents-backend");
    EXPECT_OK(Call(&Stub::Assign, request, &response));
    v1::UnitOutcome outcome = OutcomeOf("o-" + unit, "", number % 2);
    outcome.clear_user_id();
    outcome.set_assignment_token(response.assignment_token());
    Record({outcome});
    key_ = reads;
  }

  void Await(int64_t units) {
    EXPECT_TRUE(PollUntil([&] { return UnitsIn(Analyze("exp")) == units; }, absl::Seconds(10)));
  }

  void RestartWith(int64_t least_group_size, double epsilon, double budget) {
    least_group_size_ = least_group_size;
    segment_epsilon_ = epsilon;
    segment_epsilon_budget_ = budget;
    Restart();
  }

  grpc::Status TryAnalyze(const std::string& key, v1::SegmentAnalysis* analysis) {
    key_ = key;
    v1::AnalyzeSegmentsRequest request;
    request.set_experiment_id("exp");
    v1::AnalyzeSegmentsResponse response;
    grpc::Status status = Call(&Stub::AnalyzeSegments, request, &response);
    *analysis = response.analysis();
    return status;
  }
  v1::SegmentAnalysis AnalyzeAs(const std::string& key) {
    v1::SegmentAnalysis analysis;
    EXPECT_OK(TryAnalyze(key, &analysis));
    return analysis;
  }

  static std::vector<bool> Suppressed(const v1::SegmentAnalysis& analysis) {
    std::vector<bool> suppressed;
    for (const v1::SegmentValue& value : analysis.segments(0).values()) {
      suppressed.push_back(value.suppressed());
    }
    return suppressed;
  }
  // Without the moment, which differs.
  static std::string Content(v1::SegmentAnalysis analysis) {
    analysis.clear_as_of();
    if (analysis.has_privacy()) analysis.mutable_privacy()->mutable_noise()->clear_charged();
    return analysis.SerializeAsString();
  }
};

TEST_F(SegmentPrivacyTest, IsOffUnlessAskedFor) {
  const v1::SegmentAnalysis seen = AnalyzeAs(kReaderKey);
  EXPECT_FALSE(seen.has_privacy());
  EXPECT_THAT(Suppressed(seen), ElementsAre(false, false, false, false));
  EXPECT_EQ(Content(seen), Content(AnalyzeAs(kDeciderKey)));
}

TEST_F(SegmentPrivacyTest, KeepsSmallValuesAndWhatGivesThemAwayFromReadersAlone) {
  const std::string exact = Content(AnalyzeAs(kDeciderKey));
  RestartWith(6, 0, 0);
  EXPECT_EQ(Content(AnalyzeAs(kDeciderKey)), exact);
  for (const char* key : {kReaderKey, "key-of-the-agents-backend"}) {
    const v1::SegmentAnalysis seen = AnalyzeAs(key);
    EXPECT_EQ(seen.privacy().least_group_size(), 6);
    EXPECT_FALSE(seen.privacy().has_noise());
    // Dutch and unknown together are 5 of both arms, which is too few: French goes too.
    EXPECT_THAT(Suppressed(seen), ElementsAre(false, true, true, true));
    for (const int gone : {1, 2, 3}) {
      const v1::SegmentValue& value = seen.segments(0).values(gone);
      EXPECT_EQ(value.arms_size(), 0);
      EXPECT_EQ(value.sample_ratio_p_value(), 1);
      const v1::ValueLift& lift = seen.segments(0).lifts(0).values(gone);
      EXPECT_TRUE(lift.suppressed());
      EXPECT_EQ(lift.control_units() + lift.treatment_units(), 0);
      EXPECT_FALSE(lift.has_absolute_interval());
    }
    EXPECT_FALSE(seen.segments(0).lifts(0).has_post_stratified_lift());
    EXPECT_THAT(seen.segments(0).lifts(0).message(), HasSubstr("not shown"));
    EXPECT_EQ(seen.segments(0).values(0).arms(0).exposed_units() +
                  seen.segments(0).values(0).arms(1).exposed_units(),
              60);
  }
  // The verdict is about all, and stays as it is.
  key_ = kReaderKey;
  EXPECT_EQ(UnitsIn(Analyze("exp")), 89);
}

TEST_F(SegmentPrivacyTest, HoldsForEverybodyWhereNobodyIsKnown) {
  api_keys_file_.clear();
  RestartWith(6, 0, 0);
  EXPECT_THAT(Suppressed(AnalyzeAs("")), ElementsAre(false, true, true, true));
}

TEST_F(SegmentPrivacyTest, AddsNoiseThatIsStatedAndTheSameForTheSameData) {
  const std::string exact = Content(AnalyzeAs(kDeciderKey));
  RestartWith(0, 6, 12);
  const v1::SegmentAnalysis first = AnalyzeAs(kReaderKey);
  const v1::SegmentNoise& noise = first.privacy().noise();
  EXPECT_EQ(noise.epsilon(), 6);
  EXPECT_EQ(noise.parts(), 3);  // Exposed units, units that count, their sum.
  EXPECT_EQ(noise.sensitivity(), 2);
  // Epsilon 2 a part, for a sensitivity of 2.
  EXPECT_NEAR(noise.count_standard_deviation(), std::sqrt(2 * std::exp(-1)) / (1 - std::exp(-1)),
              1e-12);
  EXPECT_TRUE(noise.charged());
  EXPECT_EQ(noise.epsilon_spent(), 6);
  EXPECT_EQ(noise.epsilon_budget(), 12);
  EXPECT_EQ(first.segments(0).lifts_size(), 0);
  EXPECT_EQ(first.alerts_size(), 0);
  int64_t all = 0;
  for (const v1::SegmentValue& value : first.segments(0).values()) {
    ASSERT_EQ(value.arms_size(), 2);
    EXPECT_EQ(value.missing_outcomes_p_value(), 1);
    for (const v1::SegmentArm& arm : value.arms()) {
      all += arm.exposed_units();
      ASSERT_EQ(arm.noisy_metrics_size(), 1);
      EXPECT_EQ(arm.noisy_metrics(0).metric(), "accepted");
      EXPECT_EQ(arm.noisy_metrics(0).bound(), 1);
      EXPECT_GT(arm.noisy_metrics(0).sum_standard_deviation(), 1);
    }
  }
  EXPECT_NEAR(static_cast<double>(all), 89, 8 * 8);
  // Again, after a restart too: the same, for nothing.
  const v1::SegmentAnalysis again = AnalyzeAs(kReaderKey);
  EXPECT_FALSE(again.privacy().noise().charged());
  EXPECT_EQ(Content(again), Content(first));
  Restart();
  EXPECT_EQ(Content(AnalyzeAs(kReaderKey)), Content(first));
  EXPECT_EQ(Content(AnalyzeAs(kDeciderKey)), exact);
}

TEST_F(SegmentPrivacyTest, SpendsItsBudgetOnNewDataAndThenRefusesUntilThePeriodEnds) {
  RestartWith(0, 1, 2);
  std::set<std::string> answers;
  for (int i = 0; i < 2; ++i) {
    const v1::SegmentAnalysis seen = AnalyzeAs(kReaderKey);
    EXPECT_EQ(seen.privacy().noise().epsilon_spent(), i + 1);
    answers.insert(seen.segments(0).SerializeAsString());
    key_ = kDeciderKey;
    ServeIn("de", 1'000 + i);
    Await(90 + i);
  }
  EXPECT_EQ(answers.size(), 2U);
  v1::SegmentAnalysis refused;
  const grpc::Status status = TryAnalyze(kReaderKey, &refused);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status.error_message(), HasSubstr("an epsilon of 2 of 2"));
  Restart();
  EXPECT_FALSE(TryAnalyze(kReaderKey, &refused).ok());
  EXPECT_EQ(AnalyzeAs(kDeciderKey).privacy().noise().epsilon(), 0);
  clock_.Advance(absl::Hours(24 * 30));
  EXPECT_EQ(AnalyzeAs(kReaderKey).privacy().noise().epsilon_spent(), 1);
}

TEST_F(SegmentPrivacyTest, SuppressesByWhatHasNoiseAlready) {
  RestartWith(6, 100, 1'000);
  // As good as none. What is counted by noise needs no other value to hide it.
  EXPECT_THAT(Suppressed(AnalyzeAs(kReaderKey)), ElementsAre(false, false, true, true));
}

}  // namespace
}  // namespace flywheel::experiment
