// How long outcomes are kept after the stop of their experiment.
#include <gtest/gtest.h>

#include <string>

#include "shared/sql/connection.h"
#include "tests/experiment_service/feed_fixture.h"

namespace flywheel::experiment {
namespace {

class OutcomeDays : public FeedFixture {
 protected:
  void SetUp() override {
    outcome_days_ = 30;
    FeedFixture::SetUp();
  }

  void StopExperiment() {
    v1::StopExperimentRequest stop;
    stop.set_experiment_id("exp");
    stop.set_reason("enough");
    ASSERT_OK(Call(&Stub::StopExperiment, stop));
  }
  // Of the stopped server's store: rows of a table.
  int64_t Rows(const std::string& table) {
    auto connection =
        sql::Connection::Open(directory_->path() + "/experiment.db", sql::Access::kWrite);
    EXPECT_OK(connection);
    sql::Statement select = (*connection)->Prepare("SELECT COUNT(*) FROM " + table);
    const int64_t rows = select.Next() ? select.Int64(0) : -1;
    EXPECT_OK(select.status());
    return rows;
  }
};

TEST_F(OutcomeDays, DeleteWhatCameOfUnitsAndKeepWhatWasFound) {
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 40, [](const std::string& arm, int unit) { return arm == "control" || unit % 3 == 0; });
  const v1::UnitOutcome known = OutcomeOf("o-0", "user-0", 1);
  const v1::Analysis found = Analyze("exp");
  StopExperiment();
  clock_.Advance(absl::Hours(int64_t{29} * 24));
  Restart();
  EXPECT_EQ(Record({known})[0].status(), common::v1::ITEM_STATUS_REPLAYED);
  clock_.Advance(absl::Hours(int64_t{2} * 24));
  ASSERT_TRUE(PollUntil(
      [&] { return Record({known})[0].reason() == common::v1::ERROR_REASON_ALREADY_ENDED; },
      absl::Seconds(20)));
  const v1::Analysis kept = Analyze("exp");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(kept.arms(i).DebugString(), found.arms(i).DebugString());
  }
  Restart();
  EXPECT_EQ(Analyze("exp").arms(0).DebugString(), found.arms(0).DebugString());
}

TEST_F(OutcomeDays, DeleteWhatWasReadOfTheFeed) {
  ASSERT_OK(Create(FedComparison()));
  Log(AnswerTo("ada", "i-1"));
  Escalate("s-1", "i-1");
  Await(kEscalated, {1, 1});
  StopExperiment();
  clock_.Advance(absl::Hours(int64_t{31} * 24));
  // Another experiment, which keeps what is its own.
  v1::CreateExperimentRequest next = FedComparison();
  next.set_experiment_id("exp-2");
  ASSERT_OK(Create(next));
  Log(AnswerTo("bob", "i-2"));
  ASSERT_TRUE(PollUntil([&] { return OutcomesIn(Analyze("exp-2")) == 1; }, absl::Seconds(20)));
  // The rows leave within a tick or two; a look at the file needs the server away.
  const bool gone = PollUntil(
      [&] {
        server_.reset();
        const bool done = Rows("outcomes") == 3 && Rows("experiment_units") == 1 &&
                          Rows("feed_interactions") == 1 && Rows("feed_signals") == 0;
        StartServer();
        return done;
      },
      absl::Seconds(30), absl::Milliseconds(200));
  EXPECT_TRUE(gone);
}

TEST_F(OutcomeDays, AreForEverWhereNobodySaysHowMany) {
  outcome_days_ = 0;
  Restart();
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 3, [](const std::string&, int) { return 1.0; });
  StopExperiment();
  clock_.Advance(absl::Hours(int64_t{10'000} * 24));
  Restart();
  v1::UnitOutcome again = OutcomeOf("o-0", "user-0", 5);
  EXPECT_EQ(Record({again})[0].status(), common::v1::ITEM_STATUS_CONFLICT);
}

}  // namespace
}  // namespace flywheel::experiment
