// Which outcomes count: those of units that were exposed, of what their arm served, in their time.
#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "shared/time/poll.h"
#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

using ::testing::HasSubstr;

class WhatCounts : public ServiceFixture {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    PromoteFirstVersion();
  }
  // With the token of its unit and nothing else of it.
  v1::UnitOutcome WithToken(const std::string& outcome_id, const std::string& token, double value) {
    v1::UnitOutcome outcome = OutcomeOf(outcome_id, "", value);
    outcome.clear_experiment_id();
    outcome.set_assignment_token(token);
    return outcome;
  }
  void ExpectRejected(const v1::UnitOutcome& outcome, common::v1::ErrorReason reason,
                      const std::string& text) {
    const common::v1::ItemResult result = Record({outcome})[0];
    EXPECT_EQ(result.status(), common::v1::ITEM_STATUS_REJECTED) << result.DebugString();
    EXPECT_EQ(result.reason(), reason) << result.DebugString();
    EXPECT_THAT(result.message(), HasSubstr(text));
  }
  common::v1::ItemStatus StatusOf(const v1::UnitOutcome& outcome) {
    return Record({outcome})[0].status();
  }
  int64_t SumOfMetric(int64_t (v1::ArmMetric::*field)() const) {
    const v1::Analysis analysis = Analyze("exp");
    return (analysis.arms(0).metrics(0).*field)() + (analysis.arms(1).metrics(0).*field)();
  }
  // The sum over both arms.
  int64_t Sum(int64_t (v1::ArmResult::*field)() const) {
    const v1::Analysis analysis = Analyze("exp");
    return (analysis.arms(0).*field)() + (analysis.arms(1).*field)();
  }
};

TEST_F(WhatCounts, AnOutcomeOfAUnitThatWasNeverExposedIsRejected) {
  ASSERT_OK(Create(Comparison("exp")));
  ExpectRejected(OutcomeOf("o-1", "nobody", 1), common::v1::ERROR_REASON_NOT_EXPOSED,
                 "a unit that Assign never answered for");
  EXPECT_EQ(Sum(&v1::ArmResult::exposed_units), 0);
  Assign("nobody");
  EXPECT_EQ(StatusOf(OutcomeOf("o-1", "nobody", 1)), common::v1::ITEM_STATUS_STORED)
      << "its id is free";
}

// What a user did before the agent answered is no arm's doing.
TEST_F(WhatCounts, AnOutcomeFromBeforeTheFirstExposureIsRejected) {
  ASSERT_OK(Create(Comparison("exp")));
  const v1::UnitOutcome early = OutcomeOf("o-1", "ada", 1);
  clock_.Advance(absl::Seconds(2));
  const std::string token = Assign("ada").assignment_token();
  ExpectRejected(early, common::v1::ERROR_REASON_NOT_EXPOSED, "when its unit was first exposed");
  v1::UnitOutcome by_token = WithToken("o-1", token, 1);
  *by_token.mutable_event_time() = early.event_time();
  ExpectRejected(by_token, common::v1::ERROR_REASON_NOT_EXPOSED, "when its unit was first exposed");
  by_token.mutable_event_time()->set_seconds(early.event_time().seconds() + 1);
  EXPECT_EQ(StatusOf(by_token), common::v1::ITEM_STATUS_STORED) << "clocks differ by a second";
  EXPECT_EQ(OutcomesIn(Analyze("exp")), 1);
}

TEST_F(WhatCounts, AnOutcomeFromAfterItsUnitsWindowIsRejected) {
  v1::CreateExperimentRequest request = Comparison("exp");
  request.mutable_plan()->mutable_outcome_window()->set_seconds(60);
  ASSERT_OK(Create(request));
  Assign("ada");
  clock_.Advance(absl::Seconds(60));
  const v1::UnitOutcome last = OutcomeOf("o-1", "ada", 1);
  clock_.Advance(absl::Milliseconds(1));
  ExpectRejected(OutcomeOf("o-2", "ada", 1), common::v1::ERROR_REASON_WINDOW_OVER,
                 "the end of its unit's window");
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(StatusOf(last), common::v1::ITEM_STATUS_STORED) << "it came late, and happened in time";
}

TEST_F(WhatCounts, TheWindowOfASessionHasNoEndUnlessThePlanSaysSo) {
  v1::CreateExperimentRequest request = Comparison("exp");
  request.set_unit(v1::RANDOMISATION_UNIT_SESSION);
  v1::CreateExperimentResponse created;
  ASSERT_OK(Call(&Stub::CreateExperiment, request, &created));
  EXPECT_EQ(created.experiment().plan().outcome_window().seconds(), 0);
}

// A user's id is not a session's, whatever the two look like.
TEST_F(WhatCounts, TheIdThatTheExperimentRandomisesByDecides) {
  v1::CreateExperimentRequest request = Comparison("exp");
  request.set_unit(v1::RANDOMISATION_UNIT_SESSION);
  ASSERT_OK(Create(request));
  const v1::AssignResponse left_out = Assign("ada");
  EXPECT_EQ(left_out.model_version(), "v1");
  EXPECT_EQ(left_out.experiment_id(), "");
  EXPECT_EQ(left_out.assignment_token(), "");
  EXPECT_EQ(left_out.unit(), v1::RANDOMISATION_UNIT_SESSION);
  v1::AssignRequest assign;
  assign.set_agent("helper");
  assign.set_user_id("ada");
  assign.set_session_id("s-1");
  v1::AssignResponse assigned;
  ASSERT_OK(Call(&Stub::Assign, assign, &assigned));
  EXPECT_EQ(assigned.experiment_id(), "exp");
  EXPECT_EQ(assigned.unit(), v1::RANDOMISATION_UNIT_SESSION);
  ExpectRejected(OutcomeOf("o-1", "s-1", 1), common::v1::ERROR_REASON_INVALID_ARGUMENT,
                 "session_id: got nothing");
  v1::UnitOutcome outcome = OutcomeOf("o-1", "", 1);
  outcome.set_session_id("s-1");
  EXPECT_EQ(StatusOf(outcome), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(Sum(&v1::ArmResult::exposed_units), 1);
}

TEST_F(WhatCounts, ATokenStandsForTheUnitAndItsExposure) {
  ASSERT_OK(Create(Comparison("exp")));
  const v1::AssignResponse assigned = Assign("ada");
  EXPECT_EQ(StatusOf(WithToken("o-1", assigned.assignment_token(), 1)),
            common::v1::ITEM_STATUS_STORED);
  v1::UnitOutcome by_id = OutcomeOf("o-1", "ada", 1);
  EXPECT_EQ(StatusOf(by_id), common::v1::ITEM_STATUS_REPLAYED) << "the same thing by other words";
  v1::UnitOutcome other = WithToken("o-2", assigned.assignment_token(), 1);
  other.set_experiment_id("other");
  ExpectRejected(other, common::v1::ERROR_REASON_INVALID_ARGUMENT, "'exp', as the token says");
  v1::UnitOutcome forged = WithToken("o-2", std::string(62, 'A'), 1);
  ExpectRejected(forged, common::v1::ERROR_REASON_INVALID_ARGUMENT, "assignment_token");
  project_ = "another";
  ExpectRejected(WithToken("o-2", assigned.assignment_token(), 1),
                 common::v1::ERROR_REASON_INVALID_ARGUMENT, "in this project");
}

// The exposure that a kill took away comes back with the outcome, at the time of the exposure.
TEST_F(WhatCounts, ATokenProvesAnExposureThatWasNeverWritten) {
  ASSERT_OK(Create(Comparison("exp")));
  std::string token;
  {
    // Whoever holds the store's lock keeps the exposure from the disk, as a kill would.
    auto other = sql::Connection::Open(directory_->path() + "/experiment.db", sql::Access::kWrite);
    ASSERT_OK(other);
    ASSERT_OK((*other)->Execute("BEGIN IMMEDIATE"));
    token = Assign("ada").assignment_token();
    server_->Stop(absl::ZeroDuration());
    server_.reset();
    ASSERT_OK((*other)->Execute("ROLLBACK"));
  }
  StartServer();
  ASSERT_EQ(Sum(&v1::ArmResult::exposed_units), 0);
  clock_.Advance(absl::Hours(1));
  const v1::UnitOutcome outcome = WithToken("o-1", token, 1);
  EXPECT_EQ(StatusOf(outcome), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(Sum(&v1::ArmResult::exposed_units), 1);
  v1::UnitOutcome earlier = WithToken("o-2", token, 0);
  earlier.mutable_event_time()->set_seconds(earlier.event_time().seconds() - 3'600);
  EXPECT_EQ(StatusOf(earlier), common::v1::ITEM_STATUS_STORED) << "exposed an hour ago";
  EXPECT_EQ(Sum(&v1::ArmResult::exposed_units), 1);
}

TEST_F(WhatCounts, AUnitThatWasServedAnotherVersionCountsApart) {
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 2'000, [](const std::string& arm, int unit) {
    return unit % 10 < (arm == "treatment" ? 7 : 4) ? 1.0 : 0.0;
  });
  ASSERT_EQ(Analyze("exp").comparisons(0).recommendation(), v1::RECOMMENDATION_SHIP);
  const auto served = [&](int unit, const std::string& version) {
    v1::UnitOutcome outcome =
        OutcomeOf("m-" + std::to_string(unit), "user-" + std::to_string(unit), 1);
    outcome.set_served_version(version);
    return outcome;
  };
  int mixed = 0;
  for (int unit = 0; mixed < 20; ++unit) {
    const std::string version = Assign("user-" + std::to_string(unit)).model_version();
    ASSERT_EQ(StatusOf(served(unit, version == "v1" ? "v2" : "v1")),
              common::v1::ITEM_STATUS_STORED);
    ++mixed;
  }
  EXPECT_EQ(Sum(&v1::ArmResult::mixed_units), 20);
  EXPECT_EQ(UnitsIn(Analyze("exp")), 1'980);
  EXPECT_EQ(Sum(&v1::ArmResult::exposed_units), 2'000);
  EXPECT_EQ(Analyze("exp").comparisons(0).recommendation(), v1::RECOMMENDATION_SHIP) << "1 %";
  ASSERT_EQ(StatusOf(served(50, "v0")), common::v1::ITEM_STATUS_STORED);
  const v1::Comparison held = Analyze("exp").comparisons(0);
  EXPECT_EQ(held.recommendation(), v1::RECOMMENDATION_HOLD);
  EXPECT_EQ(held.reason(), v1::RECOMMENDATION_REASON_MIXED_EXPOSURE);
  EXPECT_THAT(held.message(), HasSubstr("21 of 2000 exposed units"));
  v1::PromoteVersionRequest promotion = Promotion("p-2", "v2");
  promotion.set_experiment_id("exp");
  EXPECT_THAT(Call(&Stub::PromoteVersion, promotion),
              ::flywheel::testing::HasReason(Reason::kNotRecommended));
  const v1::Analysis before = Analyze("exp");
  Restart();
  EXPECT_EQ(Analyze("exp").SerializeAsString(), before.SerializeAsString());
}

TEST_F(WhatCounts, AnOutcomeServedWithoutAnAssignmentIsKeptApart) {
  ASSERT_OK(Create(Comparison("exp")));
  v1::UnitOutcome outcome = OutcomeOf("o-1", "ada", 1);
  outcome.set_fallback(true);
  outcome.set_served_version("v1");
  EXPECT_EQ(StatusOf(outcome), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(StatusOf(outcome), common::v1::ITEM_STATUS_REPLAYED);
  EXPECT_EQ(Sum(&v1::ArmResult::fallback_outcomes), 1);
  EXPECT_EQ(Sum(&v1::ArmResult::exposed_units), 0);
  EXPECT_EQ(OutcomesIn(Analyze("exp")), 0);
  // Of a unit that has been exposed to the other version it is mixed exposure.
  const std::string version = Assign("bob").model_version();
  v1::UnitOutcome second = OutcomeOf("o-2", "bob", 1);
  second.set_fallback(true);
  second.set_served_version(version);
  EXPECT_EQ(StatusOf(second), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(Sum(&v1::ArmResult::mixed_units), 0);
  second.set_outcome_id("o-3");
  second.set_served_version(version == "v1" ? "v2" : "v1");
  EXPECT_EQ(StatusOf(second), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(Sum(&v1::ArmResult::mixed_units), 1);
}

// Whichever of the two comes first.
TEST_F(WhatCounts, AUnitThatWasServedWithoutAnAssignmentBeforeItsExposureIsMixedToo) {
  ASSERT_OK(Create(Comparison("exp")));
  v1::UnitOutcome fallback = OutcomeOf("o-1", "ada", 1);
  fallback.set_fallback(true);
  fallback.set_served_version("v0");
  EXPECT_EQ(StatusOf(fallback), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(Sum(&v1::ArmResult::mixed_units), 0);
  const std::string version = Assign("ada").model_version();
  EXPECT_EQ(StatusOf(OutcomeOf("o-2", "ada", 1)), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(Sum(&v1::ArmResult::exposed_units), 1);
  EXPECT_EQ(Sum(&v1::ArmResult::mixed_units), 1);
  EXPECT_EQ(UnitsIn(Analyze("exp")), 0);
  // It was said wrongly: it had been its arm's version after all.
  fallback.set_served_version(version);
  fallback.set_revision(1);
  EXPECT_EQ(StatusOf(fallback), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(Sum(&v1::ArmResult::mixed_units), 0);
  EXPECT_EQ(UnitsIn(Analyze("exp")), 1);
  v1::UnitOutcome mixed = OutcomeOf("o-3", "ada", 1);
  mixed.set_served_version("v0");
  EXPECT_EQ(StatusOf(mixed), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(Sum(&v1::ArmResult::mixed_units), 1) << "nothing was taken off that was not there";
}

// Buyers come first: whoever was exposed before them is on record before them.
TEST_F(WhatCounts, AnOutcomeDoesNotOvertakeTheExposuresBeforeIt) {
  v1::CreateExperimentRequest request = Comparison("exp");
  request.mutable_plan()->mutable_primary()->set_counts_as(0);
  ASSERT_OK(Create(request));
  for (int i = 0; i < 50; ++i) Assign("looker-" + std::to_string(i));
  const std::string token = Assign("buyer").assignment_token();
  ASSERT_EQ(StatusOf(WithToken("o-1", token, 1)), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(Sum(&v1::ArmResult::exposed_units), 51);
}

// A wrong value that was accepted must not end an experiment.
TEST_F(WhatCounts, ARevisionTakesThePlaceOfWhatItRevises) {
  ASSERT_OK(Create(Comparison("exp")));
  const v1::UnitOutcome wrong = Served("o-1", "ada", 1e12);
  v1::UnitOutcome right = wrong;
  right.set_value(1);
  EXPECT_EQ(StatusOf(wrong), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(StatusOf(right), common::v1::ITEM_STATUS_CONFLICT);
  right.set_revision(1);
  EXPECT_EQ(StatusOf(right), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(StatusOf(wrong), common::v1::ITEM_STATUS_REPLAYED) << "old news";
  EXPECT_EQ(StatusOf(right), common::v1::ITEM_STATUS_REPLAYED);
  v1::UnitOutcome of_another = Served("o-1", "bob", 1);
  of_another.set_revision(2);
  EXPECT_EQ(StatusOf(of_another), common::v1::ITEM_STATUS_CONFLICT);
  of_another.set_revision(0);
  EXPECT_EQ(StatusOf(of_another), common::v1::ITEM_STATUS_CONFLICT) << "it is no old news";
  const v1::Analysis analysis = Analyze("exp");
  EXPECT_EQ(OutcomesIn(analysis), 1);
  EXPECT_EQ(analysis.arms(0).metrics(0).mean() + analysis.arms(1).metrics(0).mean(), 1);
}

TEST_F(WhatCounts, RevisionsGiveTheSameAnalysisInWhateverOrderTheyCome) {
  std::vector<v1::UnitOutcome> outcomes;
  std::mt19937_64 random(2);
  for (int i = 0; i < 210; ++i) {
    v1::UnitOutcome outcome =
        OutcomeOf("o-" + std::to_string(i % 70), "u-" + std::to_string(i % 70), i % 3 == 1);
    outcome.set_revision(i / 70);
    if (i % 11 == 0) outcome.set_served_version("v1");
    outcomes.push_back(std::move(outcome));
  }
  std::vector<std::string> analyses;
  for (int round = 0; round < 3; ++round) {
    RestartEmpty();
    PromoteFirstVersion();
    ASSERT_OK(Create(Comparison("exp")));
    for (int i = 0; i < 70; ++i) Assign("u-" + std::to_string(i));
    Record(outcomes);
    analyses.push_back(Analyze("exp").SerializeAsString());
    std::shuffle(outcomes.begin(), outcomes.end(), random);
  }
  EXPECT_EQ(analyses[1], analyses[0]);
  EXPECT_EQ(analyses[2], analyses[0]);
}

// Only those who bought send an event: the others are known to have bought nothing.
TEST_F(WhatCounts, AUnitWithoutAnOutcomeMayCountAsAValue) {
  v1::CreateExperimentRequest request = Comparison("exp");
  request.mutable_plan()->mutable_primary()->set_counts_as(0);
  ASSERT_OK(Create(request));
  std::vector<v1::UnitOutcome> outcomes;
  for (int i = 0; i < 3'000; ++i) {
    const std::string unit = "user-" + std::to_string(i);
    const bool treated = Assign(unit).arm_id() == "treatment";
    if (i % 10 < (treated ? 2 : 1)) outcomes.push_back(OutcomeOf("o-" + unit, unit, 1));
  }
  Record(outcomes);
  const v1::Analysis analysis = Analyze("exp");
  EXPECT_NEAR(analysis.arms(0).metrics(0).mean(), 0.1, 0.02);
  EXPECT_NEAR(analysis.arms(1).metrics(0).mean(), 0.2, 0.02);
  EXPECT_EQ(UnitsIn(Analyze("exp")), 3'000);
  EXPECT_EQ(SumOfMetric(&v1::ArmMetric::units_with_outcome), static_cast<int64_t>(outcomes.size()));
  EXPECT_EQ(analysis.missing_outcomes_always_valid_p_value(), 1);
  EXPECT_EQ(analysis.comparisons(0).recommendation(), v1::RECOMMENDATION_SHIP);
}

// The same events, of which the plan knows nothing better: they cannot be read.
TEST_F(WhatCounts, ArmsThatReportDifferentlyAreHeld) {
  ASSERT_OK(Create(Comparison("exp")));
  std::vector<v1::UnitOutcome> outcomes;
  for (int i = 0; i < 3'000; ++i) {
    const std::string unit = "user-" + std::to_string(i);
    const bool treated = Assign(unit).arm_id() == "treatment";
    if (i % 10 < (treated ? 2 : 1)) outcomes.push_back(OutcomeOf("o-" + unit, unit, 1));
  }
  Record(outcomes);
  const v1::Comparison held = Analyze("exp").comparisons(0);
  EXPECT_EQ(held.recommendation(), v1::RECOMMENDATION_HOLD);
  EXPECT_EQ(held.reason(), v1::RECOMMENDATION_REASON_MISSING_OUTCOMES);
  EXPECT_THAT(held.message(), HasSubstr("exposed units"));
}

// A version that is too slow loses the reports of those who gave up: what is left looks better.
TEST_F(WhatCounts, AVersionThatLosesItsFailuresDoesNotShip) {
  ASSERT_OK(Create(Comparison("exp")));
  std::vector<v1::UnitOutcome> outcomes;
  for (int i = 0; i < 6'000; ++i) {
    const std::string unit = "user-" + std::to_string(i);
    const bool treated = Assign(unit).arm_id() == "treatment";
    const bool converts = i % 5 == 0;
    if (treated && !converts && i % 5 == 1) continue;
    outcomes.push_back(OutcomeOf("o-" + unit, unit, converts ? 1 : 0));
  }
  Record(outcomes);
  const v1::Analysis analysis = Analyze("exp");
  EXPECT_GT(analysis.sample_ratio_p_value(), 0.001) << "assignment was right";
  EXPECT_GT(analysis.comparisons(0).metrics(0).relative_interval().lower(), 0)
      << "and the outcomes say better";
  EXPECT_EQ(analysis.comparisons(0).recommendation(), v1::RECOMMENDATION_HOLD);
  EXPECT_EQ(analysis.comparisons(0).reason(), v1::RECOMMENDATION_REASON_MISSING_OUTCOMES);
}

TEST_F(WhatCounts, UnitsComeOfAgeOnceTheirWindowIsOver) {
  v1::CreateExperimentRequest request = Comparison("exp");
  request.mutable_plan()->mutable_outcome_window()->set_seconds(60);
  ASSERT_OK(Create(request));
  Serve(0, 100, [](const std::string&, int) { return 1.0; });
  for (int i = 100; i < 150; ++i) Assign("user-" + std::to_string(i));
  EXPECT_EQ(Sum(&v1::ArmResult::matured_units), 0);
  clock_.Advance(absl::Seconds(61));
  // In the background, every second.
  EXPECT_TRUE(
      PollUntil([&] { return Sum(&v1::ArmResult::matured_units) == 150; }, absl::Seconds(20)));
  EXPECT_EQ(Sum(&v1::ArmResult::matured_units), 150);
  EXPECT_EQ(SumOfMetric(&v1::ArmMetric::matured_units_with_outcome), 100);
  // A report that came late, of what happened in time.
  v1::UnitOutcome late = OutcomeOf("late", "user-120", 1);
  late.mutable_event_time()->set_seconds(late.event_time().seconds() - 30);
  EXPECT_EQ(StatusOf(late), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(SumOfMetric(&v1::ArmMetric::matured_units_with_outcome), 101);
  const v1::Analysis before = Analyze("exp");
  Restart();
  EXPECT_EQ(Analyze("exp").SerializeAsString(), before.SerializeAsString());
}

}  // namespace
}  // namespace flywheel::experiment
