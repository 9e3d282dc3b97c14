// Segments of an experiment, through the service.
#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/free_port.h"
#include "experiment_service/domain/counts_text.h"
#include "shared/sql/connection.h"
#include "shared/time/poll.h"
#include "tests/experiment_service/service_fixture.h"
#include "tests/integration/http_client.h"

namespace flywheel::experiment {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Segments : public ServiceFixture {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    PromoteFirstVersion();
  }

  // By language (de, fr) and by plan (free).
  static v1::CreateExperimentRequest Segmented(const std::string& experiment_id) {
    v1::CreateExperimentRequest request = Comparison(experiment_id);
    v1::Segment* language = request.mutable_plan()->add_segments();
    language->set_name("language");
    language->add_values("de");
    language->add_values("fr");
    v1::Segment* plan = request.mutable_plan()->add_segments();
    plan->set_name("plan");
    plan->add_values("free");
    return request;
  }

  v1::AssignResponse AssignWith(const std::string& unit_id,
                                const std::map<std::string, std::string>& attributes) {
    v1::AssignRequest request;
    request.set_agent("helper");
    request.set_user_id(unit_id);
    request.mutable_attributes()->insert(attributes.begin(), attributes.end());
    v1::AssignResponse response;
    EXPECT_OK(Call(&Stub::Assign, request, &response));
    return response;
  }

  v1::UnitOutcome ByToken(const std::string& outcome_id, const std::string& token, double value) {
    v1::UnitOutcome outcome = OutcomeOf(outcome_id, "", value);
    outcome.clear_user_id();
    outcome.set_assignment_token(token);
    return outcome;
  }

  v1::SegmentAnalysis AnalyzeSegments(const std::string& experiment_id) {
    v1::AnalyzeSegmentsRequest request;
    request.set_experiment_id(experiment_id);
    v1::AnalyzeSegmentsResponse response;
    EXPECT_OK(Call(&Stub::AnalyzeSegments, request, &response));
    return response.analysis();
  }

  // The exposed units of both arms by value, in the order that is shown.
  static std::vector<int64_t> Exposed(const v1::SegmentResult& segment) {
    std::vector<int64_t> units;
    for (const v1::SegmentValue& value : segment.values()) {
      units.push_back(value.arms(0).exposed_units() + value.arms(1).exposed_units());
    }
    return units;
  }
  // Units that count for the primary metric.
  static std::vector<int64_t> Counted(const v1::SegmentResult& segment) {
    std::vector<int64_t> units;
    for (const v1::ValueLift& value : segment.lifts(0).values()) {
      units.push_back(value.control_units() + value.treatment_units());
    }
    return units;
  }

  // Once the exposures are written.
  void AwaitExposed(int64_t units) {
    EXPECT_TRUE(PollUntil(
        [&] {
          const v1::Analysis analysis = Analyze("exp");
          return analysis.arms(0).exposed_units() + analysis.arms(1).exposed_units() == units;
        },
        absl::Seconds(10)));
  }
};

// With /metrics, which takes two seconds to end.
class SegmentAlerts : public Segments {
 protected:
  void SetUp() override {
    metrics_port_ = cli::FindFreePorts(1)->at(0);
    metrics_listen_ = "127.0.0.1:" + std::to_string(metrics_port_);
    Segments::SetUp();
  }

  int metrics_port_ = 0;
};

TEST_F(Segments, TellUnitsApartByWhatAssignWasToldFirst) {
  ASSERT_OK(Create(Segmented("exp")));
  const v1::AssignResponse german = AssignWith("ada", {{"language", "de"}, {"plan", "free"}});
  AssignWith("bob", {{"language", "fr"}, {"country", "ch"}});
  AssignWith("cyd", {{"language", "nl"}});
  AssignWith("dan", {});
  // What is said later changes nothing.
  AssignWith("ada", {{"language", "fr"}});
  AwaitExposed(4);
  Record({ByToken("o-1", german.assignment_token(), 1), OutcomeOf("o-2", "bob", 0),
          OutcomeOf("o-3", "dan", 1)});
  const v1::SegmentAnalysis analysis = AnalyzeSegments("exp");
  ASSERT_EQ(analysis.segments_size(), 2);
  EXPECT_EQ(analysis.experiment_id(), "exp");
  EXPECT_EQ(analysis.segments(0).name(), "language");
  EXPECT_EQ(analysis.segments(0).values(0).value(), "de");
  EXPECT_EQ(analysis.segments(0).values(2).value(), "other");
  EXPECT_THAT(Exposed(analysis.segments(0)), ElementsAre(1, 1, 2));
  EXPECT_THAT(Exposed(analysis.segments(1)), ElementsAre(1, 3));
  EXPECT_THAT(Counted(analysis.segments(0)), ElementsAre(1, 1, 1));
  EXPECT_THAT(Counted(analysis.segments(1)), ElementsAre(1, 2));
  EXPECT_TRUE(analysis.alerts().empty());
  EXPECT_EQ(analysis.segments(0).lifts(0).metric(), "accepted");
  EXPECT_EQ(analysis.segments(0).lifts(0).arm_id(), "treatment");
  Restart();
  EXPECT_EQ(AnalyzeSegments("exp").segments(0).SerializeAsString(),
            analysis.segments(0).SerializeAsString());
}

TEST_F(Segments, AreAnalysedForAFewCallersAtOnceAndLeaveRoomForOthers) {
  v1::CreateExperimentRequest request = Segmented("exp");
  for (v1::Segment& segment : *request.mutable_plan()->mutable_segments()) {
    for (int i = segment.values_size(); i < 20; ++i) segment.add_values("v" + std::to_string(i));
  }
  for (int i = 0; i < 20; ++i) {
    v1::Metric* guardrail = request.mutable_plan()->add_guardrails();
    guardrail->set_name("g" + std::to_string(i));
    guardrail->set_left_out(true);
  }
  ASSERT_OK(Create(request));
  // More callers than there are places, each again and again until one finds none.
  absl::Mutex mutex;
  grpc::Status refused;
  const absl::Time give_up = absl::Now() + absl::Seconds(20);
  std::vector<std::thread> callers;
  for (int i = 0; i < 40; ++i) {
    callers.emplace_back([&] {
      v1::AnalyzeSegmentsRequest of;
      of.set_experiment_id("exp");
      while (absl::Now() < give_up) {
        const grpc::Status status = Call(&Stub::AnalyzeSegments, of);
        absl::MutexLock lock(&mutex);
        if (!refused.ok()) return;
        refused = status;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(refused.error_message(), HasSubstr("AnalyzeSegments for one project, of 16 places"));
  EXPECT_EQ(AnalyzeSegments("exp").segments_size(), 2) << "the places are free again";
}

// The exposure was never written: its outcome brings it back, with its segments.
TEST_F(Segments, ComeBackWithAnExposureThatAKillTook) {
  ASSERT_OK(Create(Segmented("exp")));
  const std::string token = AssignWith("ada", {{"language", "fr"}}).assignment_token();
  EXPECT_LE(token.size(), 128u);
  AwaitExposed(1);
  server_->Stop(absl::Seconds(5));
  server_.reset();
  {
    auto store = sql::Connection::Open(directory_->path() + "/experiment.db", sql::Access::kWrite);
    ASSERT_OK(store);
    ASSERT_OK((*store)->Execute(
        "DELETE FROM experiment_units; DELETE FROM arm_tallies; DELETE FROM metric_tallies; "
        "DELETE FROM segment_tallies"));
  }
  StartServer();
  Record({ByToken("o-1", token, 1)});
  EXPECT_THAT(Exposed(AnalyzeSegments("exp").segments(0)), ElementsAre(0, 1, 0));
  EXPECT_THAT(Counted(AnalyzeSegments("exp").segments(0)), ElementsAre(0, 1, 0));
}

// After a random stream of exposures, outcomes, revisions, mixed exposures and maturing.
TEST_F(Segments, AddUpToTheArms) {
  v1::CreateExperimentRequest request = Segmented("exp");
  request.mutable_plan()->mutable_outcome_window()->set_seconds(3'600);
  ASSERT_OK(Create(request));
  std::mt19937_64 random(17);
  const std::vector<std::string> languages = {"de", "fr", "nl", ""};
  std::vector<std::string> units;
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 60; ++i) {
      units.push_back("user-" + std::to_string(units.size()));
      AssignWith(units.back(), {{"language", languages[random() % 4]},
                                {"plan", random() % 3 == 0 ? "free" : "paid"}});
    }
    AwaitExposed(static_cast<int64_t>(units.size()));
    std::vector<v1::UnitOutcome> outcomes;
    for (int i = 0; i < 150; ++i) {
      const size_t unit = random() % units.size();
      v1::UnitOutcome outcome = OutcomeOf("o-" + std::to_string(random() % 200), units[unit],
                                          0.25 * static_cast<double>(random() % 9));
      outcome.set_revision(static_cast<int64_t>(random() % 5));
      if (random() % 10 == 0) outcome.set_served_version("v9");
      outcomes.push_back(outcome);
    }
    Record(outcomes);
    clock_.Advance(absl::Minutes(25));
  }
  // Most have come of age.
  ASSERT_TRUE(PollUntil(
      [&] {
        const v1::Analysis analysis = Analyze("exp");
        return analysis.arms(0).matured_units() > 0 && analysis.arms(1).matured_units() > 0;
      },
      absl::Seconds(10)));
  server_->Stop(absl::Seconds(5));
  server_.reset();
  auto store = sql::Connection::Open(directory_->path() + "/experiment.db", sql::Access::kRead);
  ASSERT_OK(store);
  // Exposed, mixed and matured units; units with outcomes, outcomes and matured ones of the metric.
  std::map<int64_t, std::vector<int64_t>> of_arms;
  sql::Statement arms = (*store)->Prepare(R"sql(
      SELECT a.arm, exposed_units, mixed_units, a.matured_units, units, outcomes, m.matured_units
      FROM arm_tallies AS a JOIN metric_tallies AS m USING (experiment, arm) ORDER BY a.arm)sql");
  while (arms.Next()) {
    for (int i = 1; i <= 6; ++i) of_arms[arms.Int64(0)].push_back(arms.Int64(i));
  }
  ASSERT_OK(arms.status());
  ASSERT_EQ(of_arms.size(), 2u);
  EXPECT_GT(of_arms[0][1], 0) << "some saw two versions";
  std::map<std::pair<int64_t, int64_t>, std::vector<int64_t>> of_segments;
  sql::Statement cells =
      (*store)->Prepare("SELECT arm, segment, counts FROM segment_tallies ORDER BY segment, arm");
  while (cells.Next()) {
    const std::vector<ArmCounts> counts = ParseCountsText(cells.View(2)).value();
    const OutcomeCounts& metric = counts[0].metrics[0];
    std::vector<int64_t>& sums = of_segments[{cells.Int64(0), cells.Int64(1)}];
    sums.resize(6);
    const std::vector<int64_t> cell = {counts[0].exposed_units, counts[0].mixed_units,
                                       counts[0].matured_units, metric.units(),
                                       metric.outcomes(),       metric.matured_units()};
    for (size_t i = 0; i < cell.size(); ++i) sums[i] += cell[i];
  }
  ASSERT_OK(cells.status());
  ASSERT_EQ(of_segments.size(), 4u);
  for (const auto& [arm_and_segment, sums] : of_segments) {
    EXPECT_EQ(sums, of_arms[arm_and_segment.first]) << "segment " << arm_and_segment.second;
  }
}

TEST_F(SegmentAlerts, ComeWhereOneValueGetsNoAnswers) {
  ASSERT_OK(Create(Segmented("exp")));
  const auto shows = [&](int count) {
    const std::string line =
        "\nflywheel_experiments_with_segment_alerts " + std::to_string(count) + "\n";
    return PollUntil(
        [&] {
          return integration::HttpGet(metrics_port_, "/metrics").find(line) != std::string::npos;
        },
        absl::Seconds(10));
  };
  EXPECT_TRUE(shows(0));
  std::vector<v1::UnitOutcome> outcomes;
  for (int i = 0; i < 1'200; ++i) {
    const std::string unit = "user-" + std::to_string(i);
    const std::string language = i % 4 == 0 ? "fr" : "de";
    const v1::AssignResponse assigned = AssignWith(unit, {{"language", language}});
    const bool silent = language == "fr" && assigned.arm_id() == "treatment" && i % 8 == 0;
    if (!silent) outcomes.push_back(ByToken("o-" + unit, assigned.assignment_token(), i % 3 == 0));
  }
  Record(outcomes);
  AwaitExposed(1'200);
  // Their window is over.
  clock_.Advance(absl::Hours(24 * 8));
  EXPECT_TRUE(shows(1));
  const v1::SegmentAnalysis analysis = AnalyzeSegments("exp");
  ASSERT_FALSE(analysis.alerts().empty());
  EXPECT_EQ(analysis.alerts(0).kind(), v1::SEGMENT_ALERT_KIND_MISSING_OUTCOMES);
  EXPECT_EQ(analysis.alerts(0).segment(), "language");
  EXPECT_EQ(analysis.alerts(0).value(), "fr");
  EXPECT_THAT(analysis.alerts(0).message(), HasSubstr("gets no answer"));
  EXPECT_EQ(analysis.alerts(0).p_value(),
            analysis.segments(0).values(1).missing_outcomes_p_value());
  v1::StopExperimentRequest stop;
  stop.set_experiment_id("exp");
  stop.set_reason("no answers");
  ASSERT_OK(Call(&Stub::StopExperiment, stop));
  EXPECT_TRUE(shows(0));
  EXPECT_FALSE(AnalyzeSegments("exp").alerts().empty()) << "the stop froze what it found";
}

TEST_F(Segments, AreThoseOfThePlanAndPartOfIt) {
  ASSERT_OK(Create(Segmented("exp")));
  v1::GetExperimentRequest get;
  get.set_experiment_id("exp");
  v1::GetExperimentResponse got;
  ASSERT_OK(Call(&Stub::GetExperiment, get, &got));
  ASSERT_EQ(got.experiment().plan().segments_size(), 2);
  EXPECT_EQ(got.experiment().plan().segments(0).SerializeAsString(),
            Segmented("exp").plan().segments(0).SerializeAsString());
  v1::CreateExperimentResponse replay;
  ASSERT_OK(Call(&Stub::CreateExperiment, Segmented("exp"), &replay));
  EXPECT_TRUE(replay.replayed());
  v1::CreateExperimentRequest other = Segmented("exp");
  other.mutable_plan()->mutable_segments(0)->set_values(1, "nl");
  EXPECT_EQ(Create(other).error_code(), grpc::StatusCode::ALREADY_EXISTS);
}

TEST_F(Segments, OfAPlanWithoutThemAreNone) {
  ASSERT_OK(Create(Comparison("exp")));
  AssignWith("ada", {{"language", "de"}});
  AwaitExposed(1);
  EXPECT_EQ(AnalyzeSegments("exp").segments_size(), 0);
  v1::AnalyzeSegmentsRequest unknown;
  unknown.set_experiment_id("none");
  EXPECT_EQ(Call(&Stub::AnalyzeSegments, unknown).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Call(&Stub::AnalyzeSegments, v1::AnalyzeSegmentsRequest()).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(Segments, AreRefusedWhereTheyAreNotDistinctOrTooMany) {
  const auto refused = [&](const auto& change) {
    v1::CreateExperimentRequest request = Segmented("exp");
    change(*request.mutable_plan());
    return Create(request).error_message();
  };
  EXPECT_THAT(
      refused([](v1::AnalysisPlan& plan) { plan.mutable_segments(0)->add_values("other"); }),
      HasSubstr("plan.segments[0].values[2]"));
  EXPECT_THAT(refused([](v1::AnalysisPlan& plan) { plan.mutable_segments(0)->add_values("de"); }),
              HasSubstr("'de' for the second time"));
  EXPECT_THAT(
      refused([](v1::AnalysisPlan& plan) { plan.mutable_segments(1)->set_name("language"); }),
      HasSubstr("plan.segments[1].name"));
  EXPECT_THAT(refused([](v1::AnalysisPlan& plan) { plan.add_segments()->set_name("empty"); }),
              HasSubstr("plan.segments[2].values"));
  EXPECT_THAT(refused([](v1::AnalysisPlan& plan) {
                for (int i = 0; i < 19; ++i) {
                  plan.mutable_segments(0)->add_values("v" + std::to_string(i));
                }
              }),
              HasSubstr("21 values"));
  EXPECT_THAT(refused([](v1::AnalysisPlan& plan) {
                for (int i = 0; i < 4; ++i) plan.add_segments();
              }),
              HasSubstr("6 segments"));
  EXPECT_THAT(refused([](v1::AnalysisPlan& plan) {
                plan.mutable_segments(0)->add_values(std::string(65, 'x'));
              }),
              HasSubstr("plan.segments[0].values[2]"));
  v1::AssignRequest assign;
  assign.set_agent("helper");
  assign.set_user_id("ada");
  (*assign.mutable_attributes())["language"] = std::string(257, 'x');
  EXPECT_THAT(Call(&Stub::Assign, assign).error_message(), HasSubstr("attributes.value"));
  assign.mutable_attributes()->clear();
  for (int i = 0; i < 65; ++i) (*assign.mutable_attributes())["k" + std::to_string(i)] = "v";
  EXPECT_THAT(Call(&Stub::Assign, assign).error_message(), HasSubstr("65 attributes"));
}

}  // namespace
}  // namespace flywheel::experiment
