// The training trigger: what counts as new, and when it is time to train.
#include <gtest/gtest.h>

#include "tests/curation_service/training_fixture.h"

namespace flywheel::curation {
namespace {

TEST_F(TrainingTest, TriggersByWhatWasScoredSinceTheDatasetOfTheLastSuccess) {
  EXPECT_EQ(Check().reason(), v1::TRIGGER_REASON_OVERDUE);
  EXPECT_EQ(Check().new_interactions(), 20);
  EXPECT_EQ(Check().high_quality_rate(), 1.0);
  ASSERT_OK(Open(OpenRequest("r1")));
  Lease("t");
  ASSERT_OK(Complete(Success("r1", "t", "m1")));
  EXPECT_EQ(Check().reason(), v1::TRIGGER_REASON_TOO_SOON);
  EXPECT_EQ(Check().new_interactions(), 0);
  clock_.Advance(absl::Hours(24 * 3));
  EXPECT_EQ(Check().reason(), v1::TRIGGER_REASON_NOT_YET);
  EXPECT_EQ(Check(-0.05).reason(), v1::TRIGGER_REASON_DEGRADED);
  for (int i = 0; i < 5; ++i) LogAccepted("n" + std::to_string(i));
  AwaitFeed();
  EXPECT_EQ(Check().reason(), v1::TRIGGER_REASON_ENOUGH_DATA);
  EXPECT_EQ(Check().new_interactions(), 5);
  EXPECT_EQ(Check(0, 6).reason(), v1::TRIGGER_REASON_NOT_YET);
  clock_.Advance(absl::Hours(24 * 11));
  EXPECT_EQ(Check(0, 6).reason(), v1::TRIGGER_REASON_OVERDUE);
}

TEST_F(TrainingTest, CountsWhatIsOldAndWasReactedToLate) {
  for (int i = 0; i < 5; ++i) {
    Log({.id = "late" + std::to_string(i), .input = "late question " + std::to_string(i)});
  }
  Built(BuildRequest("later"));
  v1::OpenTrainingRunRequest request = OpenRequest("r1");
  request.set_dataset_version_id("later");
  ASSERT_OK(Open(request));
  Lease("t");
  ASSERT_OK(Complete(Success("r1", "t", "m1")));
  clock_.Advance(absl::Hours(24 * 3));
  EXPECT_EQ(Check().new_interactions(), 0);
  for (int i = 0; i < 5; ++i) Accept("late" + std::to_string(i));
  AwaitFeed();
  EXPECT_EQ(Check().new_interactions(), 5);
  EXPECT_EQ(Check().reason(), v1::TRIGGER_REASON_ENOUGH_DATA);
}

TEST_F(TrainingTest, CountsWhatWasTrainedOnNoSecondTimeUnlessItIsCorrected) {
  ASSERT_OK(Open(OpenRequest("r1")));
  Lease("t");
  ASSERT_OK(Complete(Success("r1", "t", "m1")));
  clock_.Advance(absl::Hours(24 * 3));
  React("i0", [](ingest::v1::Signal& signal) { signal.mutable_thumbs()->set_up(true); });
  AwaitFeed();
  EXPECT_EQ(Check().new_interactions(), 0);
  React("i1", [](ingest::v1::Signal& signal) {
    signal.mutable_correction()->set_ideal_output("the right answer");
  });
  AwaitFeed();
  EXPECT_EQ(Check().new_interactions(), 1);
}

TEST_F(TrainingTest, CountsACorrectionAgainWhereItsCallsAreNew) {
  const auto correct = [this](bool with_call) {
    React("i0", [&](ingest::v1::Signal& signal) {
      auto& messages = *signal.mutable_correction()->mutable_ideal_messages();
      if (with_call) {
        messages.Add()->set_role(common::v1::ROLE_ASSISTANT);
        messages[0].add_parts()->mutable_tool_call()->set_name("look_up");
      }
      AddText(common::v1::ROLE_ASSISTANT, "the right answer", messages);
      signal.mutable_correction()->set_ideal_output("the right answer");
    });
  };
  correct(/*with_call=*/false);
  Built(BuildRequest("corrected"));
  v1::OpenTrainingRunRequest request = OpenRequest("r1");
  request.set_dataset_version_id("corrected");
  ASSERT_OK(Open(request));
  Lease("t");
  ASSERT_OK(Complete(Success("r1", "t", "m1")));
  Accept("i0");
  AwaitFeed();
  EXPECT_EQ(Check().new_interactions(), 0) << "it was trained on";
  correct(/*with_call=*/true);
  AwaitFeed();
  EXPECT_EQ(Check().new_interactions(), 1);
  const v1::GetScoreResponse score = ScoreOf("i0");
  EXPECT_EQ(score.correction(), "the right answer");
  ASSERT_EQ(score.correction_messages_size(), 2);
  EXPECT_EQ(score.correction_messages(0).parts(0).tool_call().name(), "look_up");
}

TEST_F(TrainingTest, NeitherCountsNorUsesWhatIngestMarkedAsNoise) {
  for (int i = 0; i < 5; ++i) {
    const std::string id = "noise-" + std::to_string(i);
    ingest::v1::FeedEntry entry = InteractionEntry({.id = id, .input = "probe " + id});
    entry.mutable_marks()->add_noise(ingest::v1::NOISE_TEST_TRAFFIC);
    ingest_.Add(entry);
    Accept(id);
  }
  AwaitFeed();
  EXPECT_EQ(Check().new_interactions(), 20);
  Restart();
  EXPECT_EQ(Check().new_interactions(), 20);
  const v1::DatasetVersion version = Built(BuildRequest("without-noise"));
  EXPECT_EQ(version.train_rows() + version.eval_rows(), 20);
  ASSERT_EQ(version.removed_by_reason_size(), 1);
  EXPECT_EQ(version.removed_by_reason(0).reason(), v1::REMOVAL_REASON_NOISE);
  EXPECT_EQ(version.removed_by_reason(0).rows(), 5);
}

TEST_F(TrainingTest, DoesNotCountAFailedRunAsTraining) {
  ASSERT_OK(Open(OpenRequest("r1")));
  Lease("t");
  v1::CompleteTrainingRunRequest failure;
  failure.set_training_run_id("r1");
  failure.set_trainer("t");
  failure.mutable_failure()->set_message("out of memory");
  ASSERT_OK(Complete(failure));
  EXPECT_EQ(Run("r1").state(), v1::TRAINING_RUN_STATE_FAILED);
  EXPECT_EQ(Run("r1").failure(), "out of memory");
  EXPECT_EQ(Check().reason(), v1::TRIGGER_REASON_OVERDUE);
}

}  // namespace
}  // namespace flywheel::curation
