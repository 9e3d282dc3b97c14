#include <gtest/gtest.h>

#include <vector>

#include "shared/sql/connection.h"
#include "shared/status/errors.h"
#include "shared/testing/feed_sequence.h"
#include "tests/ingest_service/ingest_fixture.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;

TEST_F(IngestTest, GoesOnWhereItStopped) {
  Log({Interaction("a")});
  Record({Signal("s", "a")});
  Start();
  EXPECT_EQ(Log({Interaction("a")}).results(0).status(), common::v1::ITEM_STATUS_REPLAYED);
  EXPECT_EQ(Log({Interaction("b")}).results(0).sequence(), 3);
  EXPECT_EQ(testing::FeedSequence(Stats().end_token()), 3);
}

TEST_F(IngestTest, KeepsItsPortsWhenItStopsAndStopsOnce) {
  config_.otlp_http_listen = "127.0.0.1:0";
  Start();
  const int port = server_->port();
  const int http_port = server_->otlp_http_port();
  server_->Stop(absl::Seconds(5));
  server_->Stop(absl::ZeroDuration());
  EXPECT_EQ(server_->port(), port);
  EXPECT_EQ(server_->otlp_http_port(), http_port);
  v1::GetStatsResponse response;
  EXPECT_FALSE(Call(&v1::IngestService::Stub::GetStats, v1::GetStatsRequest(), &response).ok());
}

TEST_F(IngestTest, KeepsAPersonsPseudonymAcrossRestarts) {
  v1::Interaction interaction = Interaction("a");
  interaction.set_user_id("ada");
  Log({interaction});
  Start();
  EXPECT_EQ(Log({interaction}).results(0).status(), common::v1::ITEM_STATUS_REPLAYED);
}

TEST_F(IngestTest, RefusesTheStoreOfANewerProgramAndLeavesItAlone) {
  server_.reset();
  {
    auto connection = sql::Connection::Open(dir_.path() + "/ingest.db", sql::Access::kWrite);
    ASSERT_OK(connection);
    ASSERT_OK((*connection)
                  ->Execute("INSERT INTO schema_migrations (version, purpose) VALUES (99, 'new')"));
  }
  const auto refused = IngestServer::Start(config_, &clock_);
  EXPECT_THAT(refused, HasReason(Reason::kStoreTooNew));
  EXPECT_NE(errors::MessageOf(refused.status()).find("version 99"), std::string::npos);
}

TEST_F(IngestTest, ReadsOnWhileTheStoreIsLockedAndSaysSoToWriters) {
  Log({Interaction("a")});
  auto other = sql::Connection::Open(dir_.path() + "/ingest.db", sql::Access::kWrite);
  ASSERT_OK(other);
  ASSERT_OK((*other)->Execute("BEGIN IMMEDIATE"));
  EXPECT_EQ(Stats().interactions(), 1);
  v1::LogInteractionsRequest request;
  *request.add_interactions() = Interaction("b");
  v1::LogInteractionsResponse response;
  const grpc::Status status = Call(&v1::IngestService::Stub::LogInteractions, request, &response);
  EXPECT_THAT(status, HasReason(Reason::kStorageUnavailable));
  ASSERT_OK((*other)->Execute("ROLLBACK"));
  EXPECT_EQ(Log({Interaction("b")}).results(0).status(), common::v1::ITEM_STATUS_STORED);
}

}  // namespace
}  // namespace flywheel::ingest
