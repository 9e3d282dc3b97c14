// Test fixture: a real ingest service on a free port of this process.
#ifndef FLYWHEEL_TESTS_CLI_INGEST_FIXTURE_H_
#define FLYWHEEL_TESTS_CLI_INGEST_FIXTURE_H_

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "ingest_service/ingest_server.h"
#include "shared/rpc/channel.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::cli {

class IngestFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    ingest::IngestConfig config;
    config.server.service = "ingest";
    config.server.listen = "127.0.0.1:0";
    config.server.data_dir = directory_.path();
    ASSERT_OK(rpc::FinishServerConfig(config.server));
    auto server = ingest::IngestServer::Start(config, &clock_);
    ASSERT_OK(server);
    server_ = *std::move(server);
    auto channel = rpc::Channel::Open({fmt::format("127.0.0.1:{}", server_->port()), "", ""});
    ASSERT_OK(channel);
    channel_ = *channel;
  }

  ingest::v1::GetStatsResponse Stats(const std::string& group_by_attribute = "") {
    ingest::v1::GetStatsRequest request;
    request.set_group_by_attribute(group_by_attribute);
    ingest::v1::GetStatsResponse response;
    grpc::ClientContext context;
    channel_->Prepare(context, absl::Seconds(10));
    EXPECT_OK(ingest::v1::IngestService::NewStub(channel_->get())
                  ->GetStats(&context, request, &response));
    return response;
  }

  testing::TempDir directory_;
  SystemClock clock_;
  std::unique_ptr<ingest::IngestServer> server_;
  std::optional<rpc::Channel> channel_;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_TESTS_CLI_INGEST_FIXTURE_H_
