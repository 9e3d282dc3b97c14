#include <algorithm>
#include <random>

#include "experiment_service/rpc/convert.h"
#include "shared/hashing/sha256.h"
#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

class Outcomes : public ServiceFixture {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    PromoteFirstVersion();
    ASSERT_OK(Create(Comparison("exp")));
  }
  void AssignAll() {
    for (int i = 0; i < 900; ++i) Assign("u-" + std::to_string(i));
  }
  // Several outcomes for most units, of every size.
  std::vector<v1::UnitOutcome> Many() {
    std::mt19937_64 random(9);
    std::vector<v1::UnitOutcome> outcomes;
    AssignAll();
    for (int i = 0; i < 3'000; ++i) {
      outcomes.push_back(OutcomeOf("o-" + std::to_string(i), "u-" + std::to_string(random() % 900),
                                   std::lognormal_distribution<>(0, 2)(random)));
    }
    return outcomes;
  }
};

void ExpectSame(const v1::Analysis& a, const v1::Analysis& b) {
  ASSERT_EQ(a.arms_size(), b.arms_size());
  EXPECT_EQ(OutcomesIn(a), OutcomesIn(b));
  for (int i = 0; i < a.arms_size(); ++i) {
    EXPECT_EQ(a.arms(i).exposed_units(), b.arms(i).exposed_units());
    EXPECT_EQ(a.arms(i).metrics(0).units(), b.arms(i).metrics(0).units());
    EXPECT_NEAR(a.arms(i).metrics(0).mean() / b.arms(i).metrics(0).mean(), 1, 1e-12);
    EXPECT_NEAR(
        a.arms(i).metrics(0).standard_deviation() / b.arms(i).metrics(0).standard_deviation(), 1,
        1e-12);
  }
  EXPECT_NEAR(a.comparisons(0).metrics(0).relative_interval().lower(),
              b.comparisons(0).metrics(0).relative_interval().lower(), 1e-9);
  EXPECT_NEAR(a.comparisons(0).metrics(0).relative_interval().upper(),
              b.comparisons(0).metrics(0).relative_interval().upper(), 1e-9);
  EXPECT_NEAR(a.comparisons(0).metrics(0).p_value(), b.comparisons(0).metrics(0).p_value(), 1e-9);
  EXPECT_EQ(a.comparisons(0).reason(), b.comparisons(0).reason());
}

TEST_F(Outcomes, GiveTheSameAnalysisHoweverTheyAreDelivered) {
  const std::vector<v1::UnitOutcome> outcomes = Many();
  Record(outcomes);
  const v1::Analysis in_order = Analyze("exp");
  Record(outcomes);
  EXPECT_EQ(Analyze("exp").SerializeAsString(), in_order.SerializeAsString()) << "delivered twice";
  Restart();
  ExpectSame(Analyze("exp"), in_order);

  // To an empty store, twice over, shuffled and in other batches.
  RestartEmpty();
  PromoteFirstVersion();
  ASSERT_OK(Create(Comparison("exp")));
  AssignAll();
  std::vector<v1::UnitOutcome> shuffled = outcomes;
  shuffled.insert(shuffled.end(), outcomes.begin(), outcomes.end());
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937_64(10));
  for (size_t i = 0; i < shuffled.size(); i += 777) {
    const size_t end = std::min(shuffled.size(), i + 777);
    Record({shuffled.begin() + static_cast<ptrdiff_t>(i),
            shuffled.begin() + static_cast<ptrdiff_t>(end)});
  }
  ExpectSame(Analyze("exp"), in_order);
}

TEST_F(Outcomes, AreIdenticalToTheBitWhereTheyAreZeroAndOne) {
  std::vector<v1::UnitOutcome> outcomes;
  for (int i = 0; i < 500; ++i) {
    outcomes.push_back(Served("o-" + std::to_string(i), "u-" + std::to_string(i), i % 3 == 0));
  }
  Record(outcomes);
  const v1::Analysis live = Analyze("exp");
  Restart();
  EXPECT_EQ(Analyze("exp").SerializeAsString(), live.SerializeAsString());
}

// Alarms are set on these words for all services together (docs/operate).
TEST(OutcomeMetric, HasTheWordsOfTheOtherServices) {
  EXPECT_EQ(MetricLabel(common::v1::ITEM_STATUS_STORED), "stored");
  EXPECT_EQ(MetricLabel(common::v1::ITEM_STATUS_REPLAYED), "replayed");
  EXPECT_EQ(MetricLabel(common::v1::ITEM_STATUS_CONFLICT), "conflict");
  EXPECT_EQ(MetricLabel(common::v1::ITEM_STATUS_REJECTED), "rejected");
}

TEST_F(Outcomes, AreKnownByTheirIds) {
  const v1::UnitOutcome outcome = Served("o-1", "u-1", 1);
  EXPECT_EQ(Record({outcome})[0].status(), common::v1::ITEM_STATUS_STORED);
  v1::UnitOutcome other = outcome;
  other.set_value(0);
  const std::vector<common::v1::ItemResult> results =
      Record({outcome, other, Served("o-2", "u-2", 1), Served("o-2", "u-2", 1)});
  ASSERT_EQ(results.size(), 4u);
  EXPECT_EQ(results[0].status(), common::v1::ITEM_STATUS_REPLAYED);
  EXPECT_EQ(results[0].id(), "o-1");
  EXPECT_EQ(results[1].status(), common::v1::ITEM_STATUS_CONFLICT);
  EXPECT_EQ(results[1].reason(), common::v1::ERROR_REASON_ALREADY_EXISTS_WITH_OTHER_CONTENT);
  EXPECT_EQ(results[2].status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(results[3].status(), common::v1::ITEM_STATUS_REPLAYED);
  const v1::Analysis analysis = Analyze("exp");
  EXPECT_EQ(OutcomesIn(analysis), 2);
}

TEST_F(Outcomes, OfOneUnitCountAsTheirMean) {
  Record({Served("o-1", "u-1", 4), Served("o-2", "u-1", 1)});
  Record({Served("o-3", "u-1", 1)});
  const v1::Analysis analysis = Analyze("exp");
  const bool first = analysis.arms(0).metrics(0).units() == 1;
  EXPECT_EQ(analysis.arms(first ? 0 : 1).metrics(0).mean(), 2);
  EXPECT_EQ(analysis.arms(first ? 1 : 0).metrics(0).units(), 0);
  EXPECT_EQ(OutcomesIn(analysis), 3);
}

TEST_F(Outcomes, GoToTheArmThatAssignmentNames) {
  for (int i = 0; i < 50; ++i) {
    const std::string unit = "u-" + std::to_string(i);
    Record({Served("o-" + unit, unit, Assign(unit).arm_id() == "treatment" ? 1 : 0)});
  }
  EXPECT_EQ(Analyze("exp").arms(0).metrics(0).mean(), 0);
  EXPECT_EQ(Analyze("exp").arms(1).metrics(0).mean(), 1);
}

// A name that is mistyped would be missed by nobody.
TEST_F(Outcomes, OfAnotherMetricAreRefused) {
  v1::UnitOutcome outcome = Served("o-1", "u-1", 1);
  outcome.set_metric("acepted");
  const auto results = Record({outcome, Served("o-2", "u-2", 1)});
  EXPECT_EQ(results[0].status(), common::v1::ITEM_STATUS_REJECTED);
  EXPECT_EQ(results[0].reason(), common::v1::ERROR_REASON_INVALID_ARGUMENT);
  EXPECT_THAT(results[0].message(),
              ::testing::HasSubstr(
                  "metric: got 'acepted', want a metric of the experiment's plan: 'accepted'"));
  const v1::Analysis analysis = Analyze("exp");
  EXPECT_EQ(OutcomesIn(analysis), 1);
  EXPECT_EQ(analysis.arms(0).metrics(0).units() + analysis.arms(1).metrics(0).units(), 1);
  EXPECT_EQ(Record({Served("o-1", "u-1", 1)})[0].status(), common::v1::ITEM_STATUS_STORED)
      << "its id is free";
}

// What comes after a stop must not turn what was found: a version that was stopped for harm would
// be promoted by it.
TEST_F(Outcomes, AfterAStopChangeNothing) {
  std::vector<v1::UnitOutcome> outcomes;
  for (int i = 0; i < 400; ++i) {
    const std::string unit = "u-" + std::to_string(i);
    const bool harmed = Assign(unit).arm_id() == "treatment";
    outcomes.push_back(Served("o-" + unit, unit, harmed ? i % 10 == 0 : i % 10 != 0));
  }
  Record(outcomes);
  ASSERT_EQ(Analyze("exp").comparisons(0).recommendation(), v1::RECOMMENDATION_ROLLBACK);
  v1::StopExperimentRequest stop;
  stop.set_experiment_id("exp");
  stop.set_reason("harm");
  ASSERT_OK(Call(&Stub::StopExperiment, stop));
  const v1::Analysis found = Analyze("exp");
  EXPECT_EQ(found.comparisons(0).recommendation(), v1::RECOMMENDATION_ROLLBACK);
  std::vector<v1::UnitOutcome> late;
  for (int i = 0; i < 5'000; ++i) {
    const std::string unit = "late-" + std::to_string(i);
    late.push_back(OutcomeOf("o-" + unit, unit, 1));
  }
  for (const common::v1::ItemResult& result : Record(late)) {
    ASSERT_EQ(result.status(), common::v1::ITEM_STATUS_REJECTED);
    ASSERT_EQ(result.reason(), common::v1::ERROR_REASON_ALREADY_ENDED);
  }
  EXPECT_EQ(Record({outcomes[0]})[0].status(), common::v1::ITEM_STATUS_REPLAYED);
  EXPECT_EQ(Analyze("exp").SerializeAsString(), found.SerializeAsString());
  Restart();
  EXPECT_EQ(Analyze("exp").SerializeAsString(), found.SerializeAsString());
  v1::PromoteVersionRequest promote;
  promote.set_promotion_id("p-late");
  promote.set_agent("helper");
  promote.set_model_version("v2");
  promote.set_experiment_id("exp");
  EXPECT_THAT(Call(&Stub::PromoteVersion, promote),
              ::flywheel::testing::HasReason(Reason::kNotRecommended));
}

TEST_F(Outcomes, OfAnIdThatLooksLikeAHashAreNotThoseOfAnotherUnit) {
  const UnitHasher units = *UnitHasher::FromFile(directory_->path() + "/unit.key");
  const std::string hash = ToHex(units.Hash("default", "u-1"));
  Record({Served("o-1", "u-1", 1), Served("o-2", "u_" + hash, 1), Served("o-3", hash, 1)});
  const v1::Analysis analysis = Analyze("exp");
  EXPECT_EQ(analysis.arms(0).metrics(0).units() + analysis.arms(1).metrics(0).units(), 3);
}

TEST_F(Outcomes, HaveUnitHashesThatNobodyCanGuessWithoutTheKey) {
  const auto ours = UnitHasher::FromFile(directory_->path() + "/unit.key");
  const auto others = UnitHasher::FromFile(testing::TempDir().path() + "/unit.key");
  ASSERT_OK(ours);
  ASSERT_OK(others);
  EXPECT_EQ(ours->Hash("p", "u-1"), ours->Hash("p", "u-1"));
  EXPECT_NE(ours->Hash("p", "u-1"), ours->Hash("q", "u-1"));
  EXPECT_NE(ours->Hash("p", "u-1"), others->Hash("p", "u-1"));
  const auto nowhere = UnitHasher::FromFile("/nowhere/unit.key");
  EXPECT_THAT(nowhere.status(), ::flywheel::testing::HasReason(Reason::kInvalidConfiguration));
  EXPECT_THAT(errors::MessageOf(nowhere.status()), ::testing::HasSubstr("--unit-key-file"));
}

TEST_F(Outcomes, KeepNoUnitIdInTheClear) {
  Record({Served("o-1", "someone@example.org", 1)});
  Assign("somebody@example.org");
  server_->Stop(absl::Seconds(5));
  server_.reset();
  auto connection =
      sql::Connection::Open(directory_->path() + "/experiment.db", sql::Access::kRead);
  ASSERT_OK(connection);
  sql::Statement select = (*connection)
                              ->Prepare(
                                  "SELECT unit_hash FROM experiment_units UNION SELECT unit_hash "
                                  "FROM outcomes ORDER BY 1");
  int rows = 0;
  for (; select.Next(); ++rows) EXPECT_EQ(select.View(0).size(), 16u);
  EXPECT_EQ(rows, 2);
}

}  // namespace
}  // namespace flywheel::experiment
