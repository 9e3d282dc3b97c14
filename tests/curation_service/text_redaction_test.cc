// Personal data in every text that curation takes: nothing of it reaches the disk.
#include <gmock/gmock.h>

#include <string>

#include "tests/curation_service/training_fixture.h"
#include "tests/shared/personal_text.h"

namespace flywheel::curation {
namespace {

using testing::IsRedactedText;
using testing::kPersonalText;
using Stub = v1::CurationService::Stub;

class TextRedactionTest : public TrainingTest {
 protected:
  // A run that a trainer has.
  void OpenAndLease(const std::string& id) {
    v1::OpenTrainingRunRequest request = OpenRequest(id);
    request.set_force_reason(kPersonalText);
    (*request.mutable_labels())["why"] = kPersonalText;
    for (const bool again : {false, true}) {
      ASSERT_OK(Open(request));
      EXPECT_EQ(opened_.replayed(), again);
    }
    EXPECT_THAT(opened_.training_run().labels().at("why"), IsRedactedText());
    ASSERT_EQ(Lease("Grace Hopper").training_run().training_run_id(), id);
  }
};

TEST_F(TextRedactionTest, RunsKeepWhatTheirTextsSayAndNobodysData) {
  OpenAndLease("fails");
  v1::CompleteTrainingRunRequest failure;
  failure.set_training_run_id("fails");
  failure.set_trainer("Grace Hopper");
  failure.mutable_failure()->set_message(kPersonalText);
  for (const bool again : {false, true}) {
    ASSERT_OK(Complete(failure));
    EXPECT_EQ(completed_.replayed(), again);
  }
  EXPECT_THAT(completed_.training_run().failure(), IsRedactedText());

  OpenAndLease("succeeds");
  v1::CompleteTrainingRunRequest success = Success("succeeds", "Grace Hopper", "model-2");
  success.mutable_success()->set_description(kPersonalText);
  (*success.mutable_success()->mutable_labels())["why"] = kPersonalText;
  for (const bool again : {false, true}) {
    ASSERT_OK(Complete(success));
    EXPECT_EQ(completed_.replayed(), again);
  }
  EXPECT_EQ(completed_.training_run().artifact_uri(), "file:///model");
  EXPECT_EQ(completed_.training_run().metrics().at("loss"), 0.25);

  v1::OpenTrainingRunRequest cancelled = OpenRequest("cancelled");
  cancelled.set_force_reason(kPersonalText);
  ASSERT_OK(Open(cancelled));
  for (const bool again : {false, true}) {
    ASSERT_OK(Cancel("cancelled", kPersonalText));
    EXPECT_EQ(cancelled_.replayed(), again);
  }
  EXPECT_THAT(cancelled_.training_run().cancel_reason(), IsRedactedText());
  testing::ExpectNothingPersonalBelow(data_.path(), "Grace Hopper");
}

TEST_F(TextRedactionTest, SoDoVersionsOfModelsAndOfDatasets) {
  v1::RegisterVersionRequest version;
  version.set_agent(kAgent);
  version.set_model_version("model-3");
  version.set_artifact_uri("https://models.example.com/model-3");
  version.set_description(kPersonalText);
  (*version.mutable_labels())["why"] = kPersonalText;
  v1::BuildDatasetVersionRequest build = BuildRequest("labelled");
  (*build.mutable_labels())["why"] = kPersonalText;
  for (const bool again : {false, true}) {
    v1::RegisterVersionResponse registered;
    ASSERT_OK(Call(&Stub::RegisterVersion, version, registered));
    EXPECT_EQ(registered.replayed(), again);
    EXPECT_THAT(registered.model_version().description(), IsRedactedText());
    EXPECT_THAT(registered.model_version().labels().at("why"), IsRedactedText());
    EXPECT_EQ(registered.model_version().artifact_uri(), version.artifact_uri());
    v1::BuildDatasetVersionResponse begun;
    ASSERT_OK(Build(build, begun));
    EXPECT_EQ(begun.replayed(), again);
    EXPECT_THAT(begun.dataset_version().labels().at("why"), IsRedactedText());
  }
  // The same filter finds it that found it before.
  v1::ListDatasetVersionsRequest list;
  (*list.mutable_labels())["why"] = kPersonalText;
  v1::ListDatasetVersionsResponse found;
  ASSERT_OK(Call(&Stub::ListDatasetVersions, list, found));
  EXPECT_EQ(found.dataset_versions_size(), 1);
  testing::ExpectNothingPersonalBelow(data_.path(), "model-3");
}

}  // namespace
}  // namespace flywheel::curation
