#include "eval_gate_service/rpc/stall_guard.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "shared/time/poll.h"

namespace flywheel::evalgate {
namespace {

// How long the service works on a last message.
constexpr absl::Duration kWork = absl::Milliseconds(1'500);

// Takes uploads under a guard.
class Guarded final : public v1::EvalGateService::Service {
 public:
  explicit Guarded(const StallGuard::Limits& limits) : limits_(limits) {}

  grpc::Status UploadSuite(grpc::ServerContext* context,
                           grpc::ServerReader<v1::UploadSuiteRequest>* reader,
                           v1::UploadSuiteResponse*) override {
    StallGuard guard(*context, limits_);
    v1::UploadSuiteRequest request;
    while (reader->Read(&request)) {
      if (request.last()) {
        guard.Working();
        (void)PollUntil([context] { return context->IsCancelled(); }, kWork);
      }
      guard.Heard();
    }
    return grpc::Status::OK;
  }

 private:
  const StallGuard::Limits limits_;
};

class StallGuardTest : public ::testing::Test {
 protected:
  void Serve(const StallGuard::Limits& limits) {
    service_ = std::make_unique<Guarded>(limits);
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ = v1::EvalGateService::NewStub(grpc::CreateChannel("127.0.0.1:" + std::to_string(port),
                                                             grpc::InsecureChannelCredentials()));
    writer_ = stub_->UploadSuite(&context_, &response_);
  }

  std::unique_ptr<Guarded> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::EvalGateService::Stub> stub_;
  grpc::ClientContext context_;
  v1::UploadSuiteResponse response_;
  std::unique_ptr<grpc::ClientWriter<v1::UploadSuiteRequest>> writer_;
};

TEST_F(StallGuardTest, LetsGoOnWhoSpeaksAndEnds) {
  Serve({.silence = absl::Minutes(5), .whole = absl::Minutes(5)});
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(writer_->Write(v1::UploadSuiteRequest()));
  writer_->WritesDone();
  EXPECT_TRUE(writer_->Finish().ok());
}

TEST_F(StallGuardTest, EndsAStreamThatHasFallenSilent) {
  Serve({.silence = absl::Milliseconds(50), .whole = absl::Minutes(5)});
  ASSERT_TRUE(writer_->Write(v1::UploadSuiteRequest()));
  EXPECT_EQ(writer_->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(StallGuardTest, DoesNotCountTheTimeThatTheServerTakes) {
  Serve({.silence = kWork / 3, .whole = absl::Minutes(5)});
  v1::UploadSuiteRequest last;
  last.set_last(true);
  ASSERT_TRUE(writer_->Write(last));
  writer_->WritesDone();
  EXPECT_TRUE(writer_->Finish().ok());
}

TEST_F(StallGuardTest, EndsAStreamThatNeverComesToAnEnd) {
  Serve({.silence = absl::Minutes(5), .whole = absl::Milliseconds(200)});
  const absl::Time begin = absl::Now();
  while (writer_->Write(v1::UploadSuiteRequest())) {
    ASSERT_LT(absl::Now() - begin, absl::Minutes(2));
  }
  EXPECT_EQ(writer_->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

}  // namespace
}  // namespace flywheel::evalgate
