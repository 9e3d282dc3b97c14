#include "statistics/refusal.h"

#include <gtest/gtest.h>

#include <limits>

namespace flywheel::statistics {
namespace {

TEST(RefusalTest, CarriesItsReasonThroughAStatus) {
  const absl::Status status = Refuse(Refusal::kZeroControlMean, "a mean of 0");
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(RefusalOf(status), Refusal::kZeroControlMean);
  EXPECT_STREQ(RefusalName(*RefusalOf(status)), "ZERO_CONTROL_MEAN");
}

TEST(RefusalTest, BlamesTheCallerOnlyForArguments) {
  EXPECT_EQ(Refuse(Refusal::kSizeMismatch, "").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Refuse(Refusal::kArgumentOutOfRange, "").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Refuse(Refusal::kTooFewUnits, "").code(), absl::StatusCode::kFailedPrecondition);
}

TEST(RefusalTest, EveryReasonHasItsOwnNameAndComesBack) {
  for (int i = 0; i <= static_cast<int>(Refusal::kCompleteChanceAgreement); ++i) {
    const Refusal refusal = static_cast<Refusal>(i);
    EXPECT_STRNE(RefusalName(refusal), "UNKNOWN") << i;
    EXPECT_EQ(RefusalOf(Refuse(refusal, "")), refusal) << i;
  }
}

TEST(RefusalTest, IsNotReadIntoAStatusOfSomebodyElse) {
  EXPECT_FALSE(RefusalOf(absl::OkStatus()).has_value());
  EXPECT_FALSE(RefusalOf(absl::FailedPreconditionError("ZERO_VARIANCE")).has_value());
}

TEST(RefusalTest, AProbabilityExcludesItsEndsAndNaN) {
  EXPECT_TRUE(RequireOpenProbability("alpha", 0.05).ok());
  for (const double bad : {0.0, 1.0, -0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    const absl::Status status = RequireOpenProbability("alpha", bad);
    EXPECT_EQ(RefusalOf(status), Refusal::kArgumentOutOfRange) << bad;
    EXPECT_NE(status.message().find("alpha"), absl::string_view::npos);
  }
}

}  // namespace
}  // namespace flywheel::statistics
