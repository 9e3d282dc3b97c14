#include "shared/rpc/status_to_grpc.h"

#include <gtest/gtest.h>

#include "shared/status/errors.h"

namespace flywheel::rpc {
namespace {

TEST(StatusToGrpc, KeepsCodeMessageAndEveryDetailThereAndBack) {
  const absl::Status status = errors::BackPressure(100, 64);
  const absl::Status back = FromGrpcStatus(ToGrpcStatus(status, "ingest.flywheel", "r1"));
  EXPECT_EQ(back.code(), status.code());
  EXPECT_EQ(errors::MessageOf(back), errors::MessageOf(status));
  EXPECT_EQ(errors::ReasonOf(back), Reason::kBackPressure);
  EXPECT_EQ(errors::RetryDelayOf(back), absl::Milliseconds(100));
  EXPECT_EQ(errors::MetadataOf(back).at("queued_bytes"), "100");
  EXPECT_EQ(errors::MetadataOf(back).at("request_id"), "r1");
}

TEST(StatusToGrpc, HidesTheTextOfAFaultOfOurs) {
  const grpc::Status status =
      ToGrpcStatus(errors::Internal("SQLite: no such table: secrets"), "ingest.flywheel", "r2");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(status.error_message().find("secrets"), std::string::npos);
  EXPECT_EQ(status.error_details().find("secrets"), std::string::npos);
  EXPECT_NE(status.error_message().find("r2"), std::string::npos);
}

TEST(StatusToGrpc, StaysSmallEnoughForATrailer) {
  std::vector<errors::FieldViolation> violations(500,
                                                 {"interactions[0].agent", std::string(50, 'x')});
  const grpc::Status status =
      ToGrpcStatus(errors::InvalidArgument(violations), "ingest.flywheel", "r3");
  EXPECT_LT(status.error_details().size(), 6'000u);
  EXPECT_LT(status.error_message().size(), 3'000u);
  EXPECT_EQ(errors::ReasonOf(FromGrpcStatus(status)), Reason::kInvalidArgument);
}

TEST(RetryPushback, IsTheDelayOfRetryInfoInWholeMilliseconds) {
  EXPECT_EQ(RetryPushbackMs(errors::NotCaughtUp("a", "b", "c", absl::Microseconds(1'500'100))),
            1'501);
  EXPECT_EQ(RetryPushbackMs(errors::NotCaughtUp("a", "b", "c", absl::ZeroDuration())), 1);
  EXPECT_EQ(RetryPushbackMs(errors::ShuttingDown()), 1'000);
}

TEST(RetryPushback, SaysNeverWhereACodeThatIsOftenRetriedHasNoDelay) {
  EXPECT_EQ(RetryPushbackMs(errors::QuotaExceeded("shop", "stored rows", 1, std::nullopt)), -1);
  EXPECT_EQ(RetryPushbackMs(errors::NotFound("suite", "a", "b")), std::nullopt);
  EXPECT_EQ(RetryPushbackMs(absl::OkStatus()), std::nullopt);
}

TEST(StatusToGrpc, OkIsOk) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus(), "d", "r").ok());
  EXPECT_TRUE(FromGrpcStatus(grpc::Status::OK).ok());
}

}  // namespace
}  // namespace flywheel::rpc
