// People whom ingest erases leave the experiment's store too.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "shared/sql/connection.h"
#include "tests/experiment_service/feed_fixture.h"

namespace flywheel::experiment {
namespace {

class FeedErasure : public FeedFixture {
 protected:
  void SetUp() override {
    FeedFixture::SetUp();
    v1::CreateExperimentRequest request = FedComparison();
    // One that clients send, so that what they sent of somebody leaves with the rest.
    v1::Metric& bought = *request.mutable_plan()->add_guardrails();
    bought.set_name("bought");
    bought.set_left_out(true);
    ASSERT_OK(Create(request));
  }

  void Buy(const std::string& user, const std::string& token) {
    v1::UnitOutcome outcome;
    outcome.set_outcome_id("bought-by-" + user);
    outcome.set_assignment_token(token);
    outcome.set_metric("bought");
    outcome.set_value(7);
    *outcome.mutable_event_time() = rpc::ToProto(clock_.Now());
    ASSERT_EQ(Record({outcome})[0].status(), common::v1::ITEM_STATUS_STORED);
  }
  void EraseUser(const std::string& erasure_id, const std::string& user) {
    ingest::v1::EraseRequest request;
    request.set_erasure_id(erasure_id);
    request.set_user_id(user);
    Erase(request);
  }
  void Erase(const ingest::v1::EraseRequest& request) {
    ingest::v1::EraseResponse response;
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(20));
    ASSERT_OK(
        ingest::v1::PrivacyService::NewStub(channel_.get())->Erase(&context, request, &response));
    ASSERT_TRUE(PollUntil([&] { return Receipt(request.erasure_id()).has_complete_time(); },
                          absl::Seconds(20)))
        << Receipt(request.erasure_id()).DebugString();
  }
  ingest::v1::Erasure Receipt(const std::string& erasure_id) {
    ingest::v1::GetErasureRequest request;
    request.set_erasure_id(erasure_id);
    ingest::v1::GetErasureResponse response;
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(20));
    EXPECT_OK(ingest::v1::PrivacyService::NewStub(channel_.get())
                  ->GetErasure(&context, request, &response));
    return response.erasure();
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
  // The hash of the one unit that is exposed.
  std::string OnlyUnit() {
    auto connection =
        sql::Connection::Open(directory_->path() + "/experiment.db", sql::Access::kWrite);
    EXPECT_OK(connection);
    sql::Statement select = (*connection)->Prepare("SELECT unit_hash FROM experiment_units");
    std::string hash = select.Next() ? select.Text(0) : "";
    EXPECT_OK(select.status());
    return hash;
  }
  // Whether a file of the store has these bytes.
  bool OnDisk(const std::string& bytes) {
    for (const auto& entry : std::filesystem::directory_iterator(directory_->path())) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string content(std::istreambuf_iterator<char>(file), {});
      if (content.find(bytes) != std::string::npos) return true;
    }
    return false;
  }
};

constexpr char kAdasAnswer[] = "answer-to-ada-4711";

TEST_F(FeedErasure, OfAPersonLeavesNoTraceAndTheReceiptSaysSo) {
  const ingest::v1::Interaction first = AnswerTo("ada", kAdasAnswer);
  Log(first);
  Log(AnswerTo("ada", "another-answer-to-ada"));
  Escalate("signal-of-ada", kAdasAnswer);
  Buy("ada", first.assignment_token());
  Await(kEscalated, {2, 0.5});
  // Her hash, as it stands in the file.
  server_.reset();
  const std::string hash = OnlyUnit();
  ASSERT_EQ(hash.size(), 16u);
  ASSERT_TRUE(OnDisk(hash));
  ASSERT_TRUE(OnDisk(kAdasAnswer));
  StartServer();
  EraseUser("e-1", "ada");
  EXPECT_EQ(ExposedUnits(), 0);
  for (int metric = kEscalated; metric <= kLatency + 1; ++metric) {
    EXPECT_EQ(SumOf(metric), (Sum{0, 0})) << metric;
  }
  const ingest::v1::Erasure receipt = Receipt("e-1");
  ASSERT_EQ(receipt.stores_size(), 2);
  EXPECT_EQ(receipt.stores(1).store(), "experiment");
  // Two interactions, a signal, 2 x 3 outcomes and the one that was sent; the unit.
  EXPECT_GE(receipt.stores(1).rows(), 2 + 1 + 6 + 1 + 1);
  server_.reset();
  for (const char* table : {"outcomes", "experiment_units", "feed_interactions", "feed_signals"}) {
    EXPECT_EQ(Rows(table), 0) << table;
  }
  EXPECT_FALSE(OnDisk(hash));
  EXPECT_FALSE(OnDisk(kAdasAnswer));
  EXPECT_FALSE(OnDisk("signal-of-ada"));
  EXPECT_FALSE(OnDisk("bought-by-ada"));
}

TEST_F(FeedErasure, LeavesTheCountsAsIfThePersonHadNeverCome) {
  Log(AnswerTo("bob", "i-bob"));
  Thumb("s-bob", "i-bob", /*up=*/true);
  Await(kThumbs, {1, 1});
  clock_.Advance(absl::Hours(int64_t{8} * 24));  // He comes of age.
  ASSERT_TRUE(PollUntil(
      [&] {
        return Analyze("exp").arms(0).matured_units() + Analyze("exp").arms(1).matured_units() == 1;
      },
      absl::Seconds(20)));
  const v1::Analysis before = Analyze("exp");
  ingest::v1::Interaction of_ada = AnswerTo("ada", "i-ada");
  Log(of_ada);
  ingest::v1::Interaction of_eve = AnswerTo("eve", "i-eve");
  of_eve.set_model_version("v0");
  Log(of_eve);
  Thumb("s-ada", "i-ada", /*up=*/false);
  Buy("ada", of_ada.assignment_token());
  Await(kThumbs, {2, 1});
  clock_.Advance(absl::Hours(int64_t{8} * 24));  // And she.
  ASSERT_TRUE(PollUntil(
      [&] {
        return Analyze("exp").arms(0).matured_units() + Analyze("exp").arms(1).matured_units() == 2;
      },
      absl::Seconds(20)));
  EraseUser("e-1", "ada");
  EraseUser("e-2", "eve");
  const v1::Analysis after = Analyze("exp");
  for (int i = 0; i < 2; ++i) {
    const v1::ArmResult& want = before.arms(i);
    EXPECT_EQ(after.arms(i).DebugString(), want.DebugString());
  }
  // She comes back, and is a new unit.
  Log(AnswerTo("ada", "i-ada-2"));
  Await(kFailed, {2, 0});
  EXPECT_EQ(ExposedUnits(), 2);
}

TEST_F(FeedErasure, OfOneInteractionKeepsTheUnitThatHasOthers) {
  Log(AnswerTo("ada", "i-1"));
  Log(AnswerTo("ada", "i-2"));
  Escalate("s-1", "i-1");
  Await(kEscalated, {2, 0.5});
  ingest::v1::EraseRequest request;
  request.set_erasure_id("e-1");
  request.set_interaction_id("i-1");
  Erase(request);
  EXPECT_EQ(SumOf(kEscalated), (Sum{1, 0}));
  EXPECT_EQ(ExposedUnits(), 1);
}

TEST_F(FeedErasure, ExposesAnewWhoComesBackWithoutAnOutcome) {
  Log(AnswerTo("ada", "i-1"));
  Await(kFailed, {1, 0});
  EraseUser("e-1", "ada");
  EXPECT_EQ(ExposedUnits(), 0);
  Assign("ada");
  EXPECT_TRUE(PollUntil([&] { return ExposedUnits() == 1; }, absl::Seconds(20)))
      << "the recorder of exposures does not take her for known";
}

TEST_F(FeedErasure, IsNotUndoneByAnAssignmentFromBefore) {
  const ingest::v1::Interaction answer = AnswerTo("ada", "i-1");
  Log(answer);
  Await(kFailed, {1, 0});
  EraseUser("e-1", "ada");
  v1::RecordOutcomesRequest request;
  v1::UnitOutcome& outcome = *request.add_outcomes();
  outcome.set_outcome_id("late");
  outcome.set_assignment_token(answer.assignment_token());
  outcome.set_metric("bought");
  outcome.set_value(1);
  *outcome.mutable_event_time() = rpc::ToProto(clock_.Now());
  v1::RecordOutcomesResponse response;
  ASSERT_OK(Call(&v1::ExperimentService::Stub::RecordOutcomes, request, &response));
  EXPECT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_REJECTED);
  EXPECT_EQ(response.results(0).reason(), common::v1::ERROR_REASON_ERASED);
  EXPECT_EQ(ExposedUnits(), 0);
}

TEST_F(FeedErasure, TakesTheRowsOfAStoppedExperimentAndLeavesItsCounts) {
  Log(AnswerTo("ada", "i-1"));
  Log(AnswerTo("bob", "i-2"));
  Escalate("s-1", "i-1");
  Await(kEscalated, {2, 1});
  StopExperiment();
  const v1::Analysis before = Analyze("exp");
  EraseUser("e-1", "ada");
  const v1::Analysis after = Analyze("exp");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(after.arms(i).DebugString(), before.arms(i).DebugString());
  }
  server_.reset();
  EXPECT_EQ(Rows("experiment_units"), 1);
  EXPECT_EQ(Rows("feed_interactions"), 1);
  EXPECT_EQ(Rows("outcomes"), 3) << "bob's";
}

}  // namespace
}  // namespace flywheel::experiment
