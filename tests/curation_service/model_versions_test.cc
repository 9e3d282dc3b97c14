// Model versions: registered by name, or by the training run that makes them.
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "tests/curation_service/training_fixture.h"

namespace flywheel::curation {
namespace {

using ::flywheel::testing::HasReason;
using ::testing::HasSubstr;
using Stub = v1::CurationService::Stub;

class ModelVersionTest : public TrainingTest {
 protected:
  v1::RegisterVersionRequest RegisterRequest(const std::string& version,
                                             const std::string& base = "") {
    v1::RegisterVersionRequest request;
    request.set_agent(kAgent);
    request.set_model_version(version);
    request.set_base_model_version(base);
    return request;
  }
  grpc::Status Register(const v1::RegisterVersionRequest& request,
                        const std::string& project = "") {
    return Call(&Stub::RegisterVersion, request, registered_, project);
  }
  grpc::Status Get(const std::string& version, const std::string& agent = kAgent,
                   const std::string& project = "") {
    v1::GetVersionRequest request;
    request.set_agent(agent);
    request.set_model_version(version);
    return Call(&Stub::GetVersion, request, got_, project);
  }
  std::vector<std::string> List(v1::ListVersionsRequest request) {
    std::vector<std::string> names;
    do {
      v1::ListVersionsResponse response;
      EXPECT_OK(Call(&Stub::ListVersions, request, response));
      for (const auto& version : response.model_versions()) {
        names.push_back(version.agent() + "/" + version.model_version());
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return names;
  }

  v1::RegisterVersionResponse registered_;
  v1::GetVersionResponse got_;
};

TEST_F(ModelVersionTest, KeepsAllThatItIsToldAcrossARestart) {
  ASSERT_OK(Register(RegisterRequest("v1")));
  v1::RegisterVersionRequest request = RegisterRequest("v1-short", "v1");
  request.set_artifact_uri("s3://models/v1");
  request.set_prompt_version("prompt-7");
  request.set_retrieval_version("index-3");
  request.set_description("answers in one line");
  (*request.mutable_labels())["git_sha"] = "0a1b";
  (*request.mutable_labels())["empty"] = "";
  ASSERT_OK(Register(request));
  EXPECT_FALSE(registered_.replayed());
  Restart();
  ASSERT_OK(Get("v1-short"));
  const v1::ModelVersion& version = got_.model_version();
  // Not by their bytes: labels have no order there.
  EXPECT_TRUE(
      google::protobuf::util::MessageDifferencer::Equals(version, registered_.model_version()));
  EXPECT_EQ(version.agent(), kAgent);
  EXPECT_EQ(version.base_model_version(), "v1");
  EXPECT_EQ(version.artifact_uri(), "s3://models/v1");
  EXPECT_EQ(version.prompt_version(), "prompt-7");
  EXPECT_EQ(version.retrieval_version(), "index-3");
  EXPECT_EQ(version.training_run_id(), "");
  EXPECT_EQ(version.description(), "answers in one line");
  EXPECT_EQ(version.labels().size(), 2);
  EXPECT_EQ(version.labels().at("git_sha"), "0a1b");
  EXPECT_EQ(version.create_time().seconds(), 1'700'000'000);
}

TEST_F(ModelVersionTest, ReplaysARegistrationAndNamesWhatAnotherOneChanges) {
  ASSERT_OK(Register(RegisterRequest("v1")));
  const v1::ModelVersion first = registered_.model_version();
  clock_.Advance(absl::Hours(1));
  ASSERT_OK(Register(RegisterRequest("v1")));
  EXPECT_TRUE(registered_.replayed());
  EXPECT_EQ(registered_.model_version().SerializeAsString(), first.SerializeAsString());
  v1::RegisterVersionRequest other = RegisterRequest("v1");
  other.set_prompt_version("prompt-8");
  (*other.mutable_labels())["owner"] = "ada";
  const grpc::Status status = Register(other);
  EXPECT_THAT(status, HasReason(Reason::kAlreadyExistsWithOtherContent));
  EXPECT_THAT(status.error_message(), HasSubstr("prompt_version, labels of model version 'v1'"));
  ASSERT_OK(Get("v1"));
  EXPECT_EQ(got_.model_version().SerializeAsString(), first.SerializeAsString());
}

TEST_F(ModelVersionTest, BelongsToItsAgentAndProject) {
  v1::RegisterVersionRequest request = RegisterRequest("v1");
  ASSERT_OK(Register(request));
  request.set_agent("another");
  request.set_prompt_version("p");
  ASSERT_OK(Register(request)) << "two agents may have a v1 each";
  ASSERT_OK(Get("v1", "another"));
  EXPECT_EQ(got_.model_version().prompt_version(), "p");
  EXPECT_THAT(Get("v1", kAgent, "other"), HasReason(Reason::kNotFound));
  EXPECT_THAT(Get("v2"), HasReason(Reason::kNotFound));
  request.set_model_version("v2");
  request.set_base_model_version("v1");
  ASSERT_OK(Register(request));
  request.set_agent(kAgent);
  request.set_base_model_version("v2");
  EXPECT_THAT(Register(request), HasReason(Reason::kNotFound)) << "the base is another agent's";
  request.set_base_model_version("v1");
  EXPECT_THAT(Register(request, "other"), HasReason(Reason::kNotFound));
}

TEST_F(ModelVersionTest, IsListedTheNewestFirst) {
  for (int i = 1; i <= 5; ++i) ASSERT_OK(Register(RegisterRequest("v" + std::to_string(i))));
  v1::RegisterVersionRequest request = RegisterRequest("w1");
  request.set_agent("another");
  ASSERT_OK(Register(request));
  v1::ListVersionsRequest list;
  list.set_page_size(2);
  EXPECT_THAT(List(list), ::testing::ElementsAre("another/w1", "support/v5", "support/v4",
                                                 "support/v3", "support/v2", "support/v1"));
  list.set_agent(kAgent);
  EXPECT_THAT(List(list), ::testing::ElementsAre("support/v5", "support/v4", "support/v3",
                                                 "support/v2", "support/v1"));
  list.set_agent("nobody");
  EXPECT_THAT(List(list), ::testing::IsEmpty());
}

TEST_F(ModelVersionTest, ARunRegistersWhatComesOfIt) {
  ASSERT_OK(Register(RegisterRequest("m0")));
  Force("r1");
  Lease("t");
  v1::CompleteTrainingRunRequest report = Success("r1", "t", "m1");
  report.mutable_success()->set_base_model_version("m0");
  report.mutable_success()->set_prompt_version("prompt-7");
  report.mutable_success()->set_retrieval_version("index-3");
  report.mutable_success()->set_description("lora");
  (*report.mutable_success()->mutable_labels())["gpu"] = "a100";
  ASSERT_OK(Complete(report));
  ASSERT_OK(Get("m1"));
  const v1::ModelVersion& version = got_.model_version();
  EXPECT_EQ(version.training_run_id(), "r1");
  EXPECT_EQ(version.artifact_uri(), "file:///model");
  EXPECT_EQ(version.base_model_version(), "m0");
  EXPECT_EQ(version.prompt_version(), "prompt-7");
  EXPECT_EQ(version.retrieval_version(), "index-3");
  EXPECT_EQ(version.description(), "lora");
  EXPECT_EQ(version.labels().at("gpu"), "a100");
  EXPECT_EQ(version.create_time().seconds(), completed_.training_run().complete_time().seconds());
  ASSERT_OK(Complete(report));
  EXPECT_TRUE(completed_.replayed());
  report.mutable_success()->set_prompt_version("prompt-8");
  EXPECT_THAT(Complete(report), HasReason(Reason::kAlreadyExistsWithOtherContent));
}

TEST_F(ModelVersionTest, AFailureRegistersNothing) {
  Force("r1");
  Lease("t");
  v1::CompleteTrainingRunRequest report;
  report.set_training_run_id("r1");
  report.set_trainer("t");
  report.mutable_failure()->set_message("out of memory");
  ASSERT_OK(Complete(report));
  EXPECT_THAT(List({}), ::testing::IsEmpty());
  v1::RegisterVersionRequest late = RegisterRequest("m1");
  late.set_training_run_id("r1");
  EXPECT_THAT(Register(late), HasReason(Reason::kAlreadyEnded));
}

TEST_F(ModelVersionTest, ARunCompletesWithTheVersionThatWasRegisteredForItAlone) {
  Force("r1");
  Lease("t");
  v1::RegisterVersionRequest planned = RegisterRequest("m1");
  planned.set_training_run_id("r1");
  planned.set_artifact_uri("file:///model");
  ASSERT_OK(Register(planned));
  planned.set_model_version("m2");
  EXPECT_THAT(Register(planned), HasReason(Reason::kAlreadyEnded)) << "a run has one version";
  const grpc::Status other_name = Complete(Success("r1", "t", "m3"));
  EXPECT_THAT(other_name, HasReason(Reason::kAlreadyEnded));
  EXPECT_THAT(other_name.error_message(), HasSubstr("model version 'm1'"));
  v1::CompleteTrainingRunRequest elsewhere = Success("r1", "t", "m1");
  elsewhere.mutable_success()->set_artifact_uri("file:///elsewhere");
  const grpc::Status other_content = Complete(elsewhere);
  EXPECT_THAT(other_content, HasReason(Reason::kAlreadyExistsWithOtherContent));
  EXPECT_THAT(other_content.error_message(), HasSubstr("artifact_uri of model version 'm1'"));
  EXPECT_EQ(Run("r1").state(), v1::TRAINING_RUN_STATE_LEASED) << "the trainer may report again";
  ASSERT_OK(Complete(Success("r1", "t", "m1")));
  EXPECT_THAT(List({}), ::testing::ElementsAre("support/m1"));
}

TEST_F(ModelVersionTest, ANameThatNoRunWasPlannedForIsTaken) {
  v1::RegisterVersionRequest by_hand = RegisterRequest("m1");
  by_hand.set_artifact_uri("file:///model");
  ASSERT_OK(Register(by_hand));
  Force("r1");
  Lease("t");
  const grpc::Status status = Complete(Success("r1", "t", "m1"));
  EXPECT_THAT(status, HasReason(Reason::kAlreadyExistsWithOtherContent));
  EXPECT_THAT(status.error_message(), HasSubstr("training_run_id of model version 'm1'"));
  v1::CompleteTrainingRunRequest unknown_base = Success("r1", "t", "m2");
  unknown_base.mutable_success()->set_base_model_version("nobody");
  EXPECT_THAT(Complete(unknown_base), HasReason(Reason::kNotFound));
  ASSERT_OK(Complete(Success("r1", "t", "m2")));
}

TEST_F(ModelVersionTest, IsRegisteredForNoRunThatIsAnothersOrOver) {
  v1::RegisterVersionRequest request = RegisterRequest("m1");
  request.set_training_run_id("missing");
  EXPECT_THAT(Register(request), HasReason(Reason::kNotFound));
  Force("r1");
  request.set_training_run_id("r1");
  request.set_agent("another");
  const grpc::Status other_agent = Register(request);
  EXPECT_THAT(other_agent, HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(other_agent.error_message(), HasSubstr("want a run of agent 'another'"));
  request.set_agent(kAgent);
  ASSERT_OK(Cancel("r1", "wrong dataset"));
  EXPECT_THAT(Register(request), HasReason(Reason::kAlreadyEnded));
  Force("r2");
  Lease("t");
  ASSERT_OK(Complete(Success("r2", "t", "m2")));
  request.set_training_run_id("r2");
  EXPECT_THAT(Register(request), HasReason(Reason::kAlreadyEnded)) << "m2 came of it";
}

}  // namespace
}  // namespace flywheel::curation
