// Whose key built a dataset version, and opened, leased and ended a training run.
#include <fstream>

#include "flywheel/audit/v1/audit_service.grpc.pb.h"
#include "shared/rpc/feed_token.h"
#include "tests/curation_service/curation_fixture.h"

namespace flywheel::curation {
namespace {

using Stub = v1::CurationService::Stub;
using testing::HasReason;

constexpr char kRelease[] = "key-of-the-release-ci";
constexpr char kTrainer[] = "key-of-the-trainer-01";
constexpr char kOtherTrainer[] = "key-of-the-trainer-02";

class WhoTest : public CurationTest {
 protected:
  WhoTest()
      : CurationTest([](CurationConfig& config) {
          config.server.api_keys_file = config.server.data_dir + "/keys";
          std::ofstream(config.server.api_keys_file)
              << "release " << kRelease << " default operator\n"
              << "gpu-1 " << kTrainer << " default trainer\n"
              << "gpu-2 " << kOtherTrainer << " default trainer\n";
        }) {
    key_ = kRelease;
    AddAccepted(20);
    dataset_ = Built(BuildRequest("dataset"));
  }

  void Open(const std::string& id) {
    v1::OpenTrainingRunRequest request;
    request.set_training_run_id(id);
    request.set_dataset_version_id("dataset");
    request.set_force_reason("test");
    v1::OpenTrainingRunResponse response;
    ASSERT_OK(Call(&Stub::OpenTrainingRun, request, response));
  }

  v1::TrainingRun Lease(const char* key) {
    key_ = key;
    v1::LeaseTrainingRunRequest request;
    request.set_trainer("trainer");
    request.add_agents(kAgent);
    v1::LeaseTrainingRunResponse response;
    EXPECT_OK(Call(&Stub::LeaseTrainingRun, request, response));
    return response.training_run();
  }

  grpc::Status Fail(const char* key, const std::string& id) {
    key_ = key;
    v1::CompleteTrainingRunRequest request;
    request.set_training_run_id(id);
    request.set_trainer("trainer");
    request.mutable_failure()->set_message("out of memory");
    v1::CompleteTrainingRunResponse response;
    return Call(&Stub::CompleteTrainingRun, request, response);
  }

  v1::TrainingRun Run(const std::string& id) {
    v1::GetTrainingRunRequest request;
    request.set_training_run_id(id);
    v1::GetTrainingRunResponse response;
    EXPECT_OK(Call(&Stub::GetTrainingRun, request, response));
    return response.training_run();
  }

  v1::DatasetVersion dataset_;
};

TEST_F(WhoTest, ADatasetVersionNamesTheKeyThatBuiltIt) {
  EXPECT_EQ(dataset_.created_by(), "release");
  Restart();
  v1::GetDatasetVersionRequest request;
  request.set_dataset_version_id("dataset");
  v1::GetDatasetVersionResponse response;
  ASSERT_OK(Call(&Stub::GetDatasetVersion, request, response));
  EXPECT_EQ(response.dataset_version().created_by(), "release");
}

TEST_F(WhoTest, ABuildNamesTheKeyThatCancelledIt) {
  v1::BuildDatasetVersionRequest request = BuildRequest("waits");
  request.set_min_feed_token(rpc::FeedToken(1'000'000));
  v1::BuildDatasetVersionResponse begun;
  ASSERT_OK(Begin(request, begun));
  v1::CancelDatasetBuildRequest cancel;
  cancel.set_dataset_version_id("waits");
  cancel.set_reason("test");
  v1::CancelDatasetBuildResponse cancelled;
  key_ = kTrainer;
  EXPECT_THAT(Call(&Stub::CancelDatasetBuild, cancel, cancelled),
              HasReason(Reason::kPermissionDenied));
  key_ = kRelease;
  ASSERT_OK(Call(&Stub::CancelDatasetBuild, cancel, cancelled));
  EXPECT_EQ(cancelled.dataset_version().cancelled_by(), "release");
  Restart();
  EXPECT_EQ(Watch("waits").cancelled_by(), "release");
  const auto audit = ::flywheel::audit::v1::AuditService::NewStub(grpc::CreateChannel(
      "127.0.0.1:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials()));
  ::flywheel::audit::v1::ListAuditEventsRequest list;
  list.set_method("CancelDatasetBuild");
  list.set_key_id("release");
  ::flywheel::audit::v1::ListAuditEventsResponse events;
  grpc::ClientContext context;
  context.AddMetadata("authorization", std::string("Bearer ") + kRelease);
  ASSERT_OK(audit->ListAuditEvents(&context, list, &events));
  ASSERT_EQ(events.events_size(), 1);
  EXPECT_EQ(events.events(0).resource_id(), "waits");
}

TEST_F(WhoTest, ATrainingRunNamesTheKeysThatOpenedLeasedAndEndedIt) {
  Open("run");
  const v1::TrainingRun leased = Lease(kTrainer);
  EXPECT_EQ(leased.created_by(), "release");
  EXPECT_EQ(leased.leased_by(), "gpu-1");
  EXPECT_EQ(leased.completed_by(), "");
  ASSERT_OK(Fail(kTrainer, "run"));
  Restart();
  EXPECT_EQ(Run("run").completed_by(), "gpu-1");
  EXPECT_EQ(Run("run").leased_by(), "") << "nobody holds it any more";
  key_ = kRelease;
  Open("other");
  v1::CancelTrainingRunRequest cancel;
  cancel.set_training_run_id("other");
  cancel.set_reason("test");
  v1::CancelTrainingRunResponse cancelled;
  ASSERT_OK(Call(&Stub::CancelTrainingRun, cancel, cancelled));
  EXPECT_EQ(Run("other").completed_by(), "release");
}

TEST_F(WhoTest, ATrainerIsKnownByItsKeyAndNotByWhatItSays) {
  Open("run");
  EXPECT_EQ(Lease(kTrainer).training_run_id(), "run");
  EXPECT_EQ(Lease(kOtherTrainer).training_run_id(), "") << "the same name with another key";
  const grpc::Status refused = Fail(kOtherTrainer, "run");
  EXPECT_THAT(refused, HasReason(Reason::kLeaseLost));
  EXPECT_THAT(refused.error_message(), ::testing::HasSubstr("with the key 'gpu-1'"));
  EXPECT_EQ(Lease(kTrainer).training_run_id(), "run");
  EXPECT_OK(Fail(kTrainer, "run"));
}

}  // namespace
}  // namespace flywheel::curation
