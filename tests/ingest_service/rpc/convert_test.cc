#include "ingest_service/rpc/convert.h"

#include <gtest/gtest.h>

#include "shared/testing/status_matchers.h"

namespace flywheel::ingest {
namespace {

TEST(ParseSignal, ShowsTheCommentOfAnEarlierCorrectionAsTheSignals) {
  v1::Signal stored;
  stored.mutable_correction()->set_ideal_output("right");
  v1::Correction& correction = *stored.mutable_correction();
  correction.GetReflection()->MutableUnknownFields(&correction)->AddLengthDelimited(2, "as agreed");
  v1::Signal shown;
  ASSERT_OK(ParseSignal(stored.SerializeAsString(), &shown));
  EXPECT_EQ(shown.comment(), "as agreed");
  EXPECT_EQ(shown.correction().ideal_output(), "right");
  EXPECT_EQ(shown.ByteSizeLong(), [] {
    v1::Signal want;
    want.set_comment("as agreed");
    want.mutable_correction()->set_ideal_output("right");
    return want.ByteSizeLong();
  }());
}

TEST(ParseSignal, CompletesTheShortFormOfACorrection) {
  v1::Signal stored;
  common::v1::Message& answer = *stored.mutable_correction()->add_ideal_messages();
  answer.set_role(common::v1::ROLE_ASSISTANT);
  answer.add_parts()->set_text("one");
  answer.add_parts()->mutable_tool_call()->set_name("look_up");
  answer.add_parts()->set_text("two");
  v1::Signal shown;
  ASSERT_OK(ParseSignal(stored.SerializeAsString(), &shown));
  EXPECT_EQ(shown.correction().ideal_output(), "one\ntwo");
}

}  // namespace
}  // namespace flywheel::ingest
