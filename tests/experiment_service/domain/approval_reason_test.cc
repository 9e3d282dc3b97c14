#include "experiment_service/domain/approval_reason.h"

#include <gtest/gtest.h>

namespace flywheel::experiment {
namespace {

TEST(ApprovalReason, NamesTheExperimentOrWhoeverAnswers) {
  ActiveVersion promotion;
  promotion.experiment_id = "exp";
  EXPECT_EQ(ApprovalReason(promotion), "promoted by experiment 'exp'");
  promotion.waiver = {"ada", "a fix that cannot wait"};
  EXPECT_EQ(ApprovalReason(promotion),
            "promoted by experiment 'exp' under the waiver of ada: a fix that cannot wait");
  promotion.experiment_id = "";
  EXPECT_EQ(ApprovalReason(promotion), "promoted with a waiver of ada: a fix that cannot wait");
}

TEST(ApprovalReason, IsCutBetweenCharactersWhereTheWaiverIsLong) {
  ActiveVersion promotion;
  promotion.waiver.owner = "ada";
  for (int i = 0; i < 2'048; ++i) promotion.waiver.reason += "é";
  const std::string reason = ApprovalReason(promotion);
  EXPECT_LE(reason.size(), kMaxApprovalReasonBytes);
  EXPECT_GT(reason.size(), kMaxApprovalReasonBytes - 2);
  EXPECT_EQ(reason.substr(reason.size() - 2), "é");
}

}  // namespace
}  // namespace flywheel::experiment
