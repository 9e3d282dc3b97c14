#include "shared/rpc/server_config.h"

#include <gtest/gtest.h>

#include <fstream>

#include "shared/status/errors.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::rpc {
namespace {

using testing::HasReason;

class ServerConfigTest : public ::testing::Test {
 protected:
  ServerConfigTest() {
    config_.service = "ingest";
    config_.listen = "127.0.0.1:0";
    config_.data_dir = dir_.path() + "/new/data";
  }

  testing::TempDir dir_;
  ServerConfig config_;
};

TEST_F(ServerConfigTest, MakesTheDataDirectoryAndNamesTheStore) {
  ASSERT_OK(FinishServerConfig(config_));
  EXPECT_EQ(config_.database_url, "sqlite:" + dir_.path() + "/new/data/ingest.db");
}

TEST_F(ServerConfigTest, RefusesToListenBeyondLoopbackUnguarded) {
  config_.listen = "0.0.0.0:4317";
  EXPECT_THAT(FinishServerConfig(config_), HasReason(Reason::kInvalidConfiguration));
  config_.insecure = true;
  EXPECT_OK(FinishServerConfig(config_));
}

TEST_F(ServerConfigTest, RefusesToShowMetricsBeyondLoopbackUnguarded) {
  config_.metrics_listen = "0.0.0.0:9401";
  EXPECT_THAT(FinishServerConfig(config_), HasReason(Reason::kInvalidConfiguration));
}

TEST_F(ServerConfigTest, RefusesAQueueThatARequestCouldNeverEnter) {
  config_.max_queued_bytes = config_.max_message_bytes - 1;
  EXPECT_THAT(FinishServerConfig(config_), HasReason(Reason::kInvalidConfiguration));
  config_.max_queued_bytes = config_.max_message_bytes;
  config_.drain_seconds = -1;
  EXPECT_THAT(FinishServerConfig(config_), HasReason(Reason::kInvalidConfiguration));
}

TEST_F(ServerConfigTest, RefusesHalfATlsConfiguration) {
  config_.tls_certificate_file = "server.pem";
  EXPECT_THAT(FinishServerConfig(config_), HasReason(Reason::kInvalidConfiguration));
}

TEST_F(ServerConfigTest, RefusesAddressesThatAreNone) {
  for (const char* address :
       {"", "localhost", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:99999",
        "127.0.0.1:99999999999999999999", "127.0.0.1:-1", "127.evil.example:4317"}) {
    config_.listen = address;
    EXPECT_THAT(FinishServerConfig(config_), HasReason(Reason::kInvalidConfiguration)) << address;
  }
}

TEST_F(ServerConfigTest, SaysThatADataDirectoryCannotBeWritten) {
  std::ofstream(dir_.path() + "/file") << "not a directory";
  config_.data_dir = dir_.path() + "/file/data";
  const absl::Status status = FinishServerConfig(config_);
  EXPECT_THAT(status, HasReason(Reason::kInvalidConfiguration));
  EXPECT_NE(errors::MessageOf(status).find("cannot be written"), std::string::npos);
}

}  // namespace
}  // namespace flywheel::rpc
