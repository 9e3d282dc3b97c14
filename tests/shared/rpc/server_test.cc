// What every service gets from the server around it, with the standard health service as its
// client.
#include "shared/rpc/server.h"

#include <gtest/gtest.h>

#include <fstream>

#include "shared/rpc/channel.h"
#include "shared/status/errors.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::rpc {
namespace {

using testing::HasReason;

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    config_.service = "test";
    config_.listen = "127.0.0.1:0";
    config_.data_dir = dir_.path();
  }

  testing::TempDir dir_;
  SystemClock clock_;
  ServerConfig config_;
};

TEST_F(ServerTest, SaysThatItsPortIsInUse) {
  auto base = MakeServerBase(config_, &clock_);
  ASSERT_OK(base);
  auto first = Server::Start(config_, *base, {});
  ASSERT_OK(first);
  ServerConfig second = config_;
  second.listen = "127.0.0.1:" + std::to_string((*first)->port());
  const auto refused = Server::Start(second, *base, {});
  EXPECT_THAT(refused, HasReason(Reason::kInvalidConfiguration));
  EXPECT_NE(errors::MessageOf(refused.status()).find(second.listen), std::string::npos);
  (*first)->Stop(absl::ZeroDuration());
}

TEST_F(ServerTest, SaysThatItsMetricsPortIsInUse) {
  config_.metrics_listen = "127.0.0.1:0";
  auto server = MakeServerBase(config_, &clock_);
  ASSERT_OK(server);
  config_.listen = "127.0.0.1:0";
  auto grpc_server = Server::Start(config_, *server, {});
  ASSERT_OK(grpc_server);
  ServerConfig second = config_;
  second.metrics_listen = "127.0.0.1:" + std::to_string((*grpc_server)->port());
  EXPECT_THAT(MakeServerBase(second, &clock_).status(), HasReason(Reason::kInvalidConfiguration));
  (*grpc_server)->Stop(absl::ZeroDuration());
}

TEST_F(ServerTest, RefusesCertificatesThatCannotBeRead) {
  config_.tls_certificate_file = "/nowhere/cert.pem";
  config_.tls_key_file = "/nowhere/key.pem";
  auto base = MakeServerBase(config_, &clock_);
  ASSERT_OK(base);
  EXPECT_THAT(Server::Start(config_, *base, {}), HasReason(Reason::kInvalidConfiguration));
}

}  // namespace
}  // namespace flywheel::rpc
