#include "ingest_service/record/quotas.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "shared/status/errors.h"
#include "tests/ingest_service/ingest_fixture.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;

class QuotasTest : public ::testing::Test {
 protected:
  absl::StatusOr<QuotaTable> Read(const std::string& content) {
    const std::string path = dir_.path() + "/quotas";
    std::ofstream(path) << content;
    return ReadQuotas(path);
  }
  Quotas Make(const std::string& content) {
    return Quotas(
        *Read(content),
        [this](const std::string&) -> absl::StatusOr<int64_t> {
          ++counted_;
          return rows_;
        },
        &clock_);
  }

  testing::TempDir dir_;
  FakeClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  int64_t rows_ = 0;
  int counted_ = 0;
};

TEST_F(QuotasTest, ReadsLinesCommentsAndTheDefault) {
  const auto table = Read("# who   rate rows\nshop 100 1000000  # the web shop\n\n* - 5000\n");
  ASSERT_OK(table);
  EXPECT_EQ(table->at("shop").items_per_second, 100);
  EXPECT_EQ(table->at("shop").stored_rows, 1'000'000);
  EXPECT_EQ(table->at("*").items_per_second, Quota::kUnlimited);
  EXPECT_EQ(table->at("*").stored_rows, 5'000);
}

TEST_F(QuotasTest, RefusesAFileThatIsMalformedAndSaysTheLine) {
  for (const char* line :
       {"shop 100", "shop ten 5", "shop -1 5", "shop 1 5 more", "a/b 1 5", "shop 1 1e3"}) {
    const auto table = Read(std::string("# first\n") + line + "\n");
    EXPECT_THAT(table, HasReason(Reason::kInvalidConfiguration)) << line;
    EXPECT_THAT(errors::MessageOf(table.status()), HasSubstr("line 2")) << line;
  }
  EXPECT_THAT(Read("shop 1 1\nshop 2 2\n"), HasReason(Reason::kInvalidConfiguration));
  EXPECT_THAT(ReadQuotas(dir_.path() + "/nowhere"), HasReason(Reason::kInvalidConfiguration));
  EXPECT_THAT(ReadQuotas(dir_.path()), HasReason(Reason::kInvalidConfiguration)) << "a directory";
}

TEST_F(QuotasTest, KeepsTheRateAndSaysHowLongToWait) {
  Quotas quotas = Make("shop 100 -\n");
  EXPECT_OK(quotas.Consume("shop", 60));
  EXPECT_OK(quotas.Consume("shop", 60));  // The last 40 of the second, and 20 ahead of time.
  const absl::Status refused = quotas.Consume("shop", 1);
  EXPECT_THAT(refused, HasReason(Reason::kQuotaExceeded));
  const auto wait = errors::RetryDelayOf(refused);
  ASSERT_TRUE(wait.has_value());
  EXPECT_EQ(*wait, absl::Milliseconds(210));
  clock_.Advance(*wait);
  EXPECT_OK(quotas.Consume("shop", 1));
  EXPECT_OK(quotas.Consume("bank", 1'000'000)) << "no quota";
}

TEST_F(QuotasTest, LetsABatchThatIsLargerThanTheRatePassAndWaitsForItAfterwards) {
  Quotas quotas = Make("* 100 -\n");
  int64_t admitted = 0;
  for (int second = 0; second < 1'000; ++second) {
    if (quotas.Consume("shop", 10'000).ok()) admitted += 10'000;
    clock_.Advance(absl::Seconds(1));
  }
  EXPECT_EQ(admitted, 100'000);
}

TEST_F(QuotasTest, FillsNothingWhenTheClockIsSetBack) {
  Quotas quotas = Make("* 10 -\n");
  EXPECT_OK(quotas.Consume("shop", 10));
  clock_.Advance(-absl::Hours(1));
  EXPECT_THAT(quotas.Consume("shop", 1), HasReason(Reason::kQuotaExceeded));
  clock_.Advance(absl::Seconds(1));
  EXPECT_OK(quotas.Consume("shop", 1));
}

TEST_F(QuotasTest, CountsRowsOnceASecondAndAtTheLimit) {
  Quotas quotas = Make("* - 1000\n");
  for (int i = 0; i < 9; ++i) EXPECT_OK(quotas.Consume("shop", 100));
  EXPECT_EQ(counted_, 1);
  EXPECT_OK(quotas.Consume("shop", 100));
  // By what was sent it is full; by what is stored it is not, for half of it were replays.
  rows_ = 500;
  EXPECT_OK(quotas.Consume("shop", 100));
  EXPECT_EQ(counted_, 2);
  rows_ = 950;
  clock_.Advance(absl::Seconds(2));
  const absl::Status refused = quotas.Consume("shop", 51);
  EXPECT_THAT(refused, HasReason(Reason::kQuotaExceeded));
  EXPECT_FALSE(errors::RetryDelayOf(refused).has_value()) << "waiting does not help";
  EXPECT_OK(quotas.Consume("shop", 50));
}

class QuotaServiceTest : public IngestTest {
 protected:
  void SetUp() override {
    config_.quotas_file = dir_.path() + "/quotas";
    std::ofstream(config_.quotas_file) << "default 2 5\n";
    IngestTest::SetUp();
  }

  grpc::Status TryLog(const std::string& id) {
    v1::LogInteractionsRequest request;
    *request.add_interactions() = Interaction(id);
    v1::LogInteractionsResponse response;
    return Call(&v1::IngestService::Stub::LogInteractions, request, &response);
  }
  grpc::Status TryRecord(const std::string& id) {
    v1::RecordSignalsRequest request;
    *request.add_signals() = Signal(id, "a");
    v1::RecordSignalsResponse response;
    return Call(&v1::IngestService::Stub::RecordSignals, request, &response);
  }
};

TEST_F(QuotaServiceTest, HoldsOnEveryWayInAndStoresNothingOfWhatItRefuses) {
  EXPECT_OK(TryLog("a"));
  EXPECT_OK(TryRecord("s"));
  EXPECT_THAT(TryLog("b"), HasReason(Reason::kQuotaExceeded));
  EXPECT_THAT(TryRecord("t"), HasReason(Reason::kQuotaExceeded));
  grpc::ClientContext context;
  channel_.Prepare(context, absl::Seconds(20));
  const auto stream = stub_->StreamInteractions(&context);
  v1::StreamInteractionsRequest message;
  *message.add_interactions() = Interaction("c");
  v1::StreamInteractionsResponse answer;
  ASSERT_TRUE(stream->Write(message));
  ASSERT_TRUE(stream->Read(&answer));
  EXPECT_EQ(answer.reason(), common::v1::ERROR_REASON_QUOTA_EXCEEDED);
  EXPECT_TRUE(answer.has_retry_delay());
  clock_.Advance(absl::Seconds(1));
  ASSERT_TRUE(stream->Write(message));
  ASSERT_TRUE(stream->Read(&answer));
  EXPECT_EQ(answer.results(0).status(), common::v1::ITEM_STATUS_STORED);
  stream->WritesDone();
  EXPECT_OK(stream->Finish());
  EXPECT_EQ(Stats().interactions(), 2);
  EXPECT_EQ(Stats().signals(), 1);
}

TEST_F(QuotaServiceTest, RefusesWhatWouldBeMoreRowsThanAllowedUntilSomebodyRaisesIt) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_OK(TryLog("i" + std::to_string(i)));
    clock_.Advance(absl::Seconds(2));
  }
  EXPECT_THAT(TryLog("one-more"), HasReason(Reason::kQuotaExceeded));
  std::ofstream(config_.quotas_file) << "default 2 6\n";
  Start();
  EXPECT_OK(TryLog("one-more"));
}

}  // namespace
}  // namespace flywheel::ingest
