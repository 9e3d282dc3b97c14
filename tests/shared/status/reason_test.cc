#include "shared/status/reason.h"

#include <gtest/gtest.h>

#include "flywheel/common/v1/error_reason.pb.h"
#include "shared/status/errors.h"

namespace flywheel {
namespace {

TEST(Reason, AgreesWithTheContractNumberByNumber) {
  const auto* contract = common::v1::ErrorReason_descriptor();
  for (int i = 0; i < contract->value_count(); ++i) {
    const auto reason = static_cast<Reason>(contract->value(i)->number());
    const std::string prefixed = "ERROR_REASON_" + std::string(ReasonName(reason));
    EXPECT_EQ(prefixed, contract->value(i)->name());
    EXPECT_EQ(ReasonFromName(ReasonName(reason)), reason);
  }
  EXPECT_EQ(contract->value(contract->value_count() - 1)->number(),
            static_cast<int>(Reason::kRecogniserUnavailable));
}

TEST(Reason, OfAnUnknownNameIsUnspecified) {
  EXPECT_EQ(ReasonFromName("OF_A_NEWER_SERVER"), Reason::kUnspecified);
  EXPECT_EQ(ReasonFromName(""), Reason::kUnspecified);
}

TEST(Errors, NameEveryViolationAtOnce) {
  const absl::Status status = errors::InvalidArgument(
      {{"confidence", "got 2, want 0 to 1"}, {"agent", "got nothing, want 1 to 128 bytes"}});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(errors::MessageOf(status),
            "confidence: got 2, want 0 to 1; agent: got nothing, want 1 to 128 bytes. Mend the "
            "request and send it again.");
}

TEST(Errors, NameTenViolationsAndCountTheRest) {
  const std::vector<errors::FieldViolation> violations(12, {"items", "got x, want y"});
  const std::string message = errors::MessageOf(errors::InvalidArgument(violations));
  EXPECT_NE(message.find("; and 2 more. Mend"), std::string::npos) << message;
  EXPECT_LT(message.size(), 400u);
}

TEST(Errors, TellWhenToTryAgainWhereThatHelps) {
  EXPECT_EQ(errors::RetryDelayOf(errors::BackPressure(10, 5)), absl::Milliseconds(100));
  EXPECT_EQ(errors::RetryDelayOf(errors::NotFound("suite", "s", "")), std::nullopt);
  EXPECT_EQ(errors::MetadataOf(errors::BackPressure(10, 5)).at("limit_bytes"), "5");
}

}  // namespace
}  // namespace flywheel
