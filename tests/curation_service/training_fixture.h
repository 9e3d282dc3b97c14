// Test fixture: a curation service with a dataset version, and its training calls.
#ifndef FLYWHEEL_TESTS_CURATION_SERVICE_TRAINING_FIXTURE_H_
#define FLYWHEEL_TESTS_CURATION_SERVICE_TRAINING_FIXTURE_H_

#include <string>
#include <vector>

#include "tests/curation_service/curation_fixture.h"

namespace flywheel::curation {

class TrainingTest : public CurationTest {
 protected:
  TrainingTest() {
    for (int i = 0; i < 20; ++i) LogAccepted("i" + std::to_string(i));
    Built(BuildRequest("dataset"));
  }

  void LogAccepted(const std::string& id) {
    Log({.id = id, .input = "question " + id});
    Accept(id);
  }

  v1::OpenTrainingRunRequest OpenRequest(const std::string& id) {
    v1::OpenTrainingRunRequest request;
    request.set_training_run_id(id);
    request.set_dataset_version_id("dataset");
    return request;
  }
  grpc::Status Open(const v1::OpenTrainingRunRequest& request) {
    return Call(&v1::CurationService::Stub::OpenTrainingRun, request, opened_);
  }
  void Force(const std::string& id) {
    v1::OpenTrainingRunRequest request = OpenRequest(id);
    request.set_force_reason("test");
    ASSERT_OK(Open(request));
  }

  v1::LeaseTrainingRunResponse Lease(const std::string& trainer,
                                     const std::vector<std::string>& agents = {kAgent}) {
    v1::LeaseTrainingRunRequest request;
    request.set_trainer(trainer);
    request.mutable_agents()->Assign(agents.begin(), agents.end());
    request.mutable_lease_duration()->set_seconds(60);
    v1::LeaseTrainingRunResponse response;
    EXPECT_OK(Call(&v1::CurationService::Stub::LeaseTrainingRun, request, response));
    return response;
  }

  v1::CompleteTrainingRunRequest Success(const std::string& id, const std::string& trainer,
                                         const std::string& model_version) {
    v1::CompleteTrainingRunRequest request;
    request.set_training_run_id(id);
    request.set_trainer(trainer);
    request.mutable_success()->set_model_version(model_version);
    request.mutable_success()->set_artifact_uri("file:///model");
    (*request.mutable_success()->mutable_metrics())["loss"] = 0.25;
    return request;
  }
  grpc::Status Complete(const v1::CompleteTrainingRunRequest& request) {
    return Call(&v1::CurationService::Stub::CompleteTrainingRun, request, completed_);
  }

  grpc::Status Cancel(const std::string& id, const std::string& reason) {
    v1::CancelTrainingRunRequest request;
    request.set_training_run_id(id);
    request.set_reason(reason);
    return Call(&v1::CurationService::Stub::CancelTrainingRun, request, cancelled_);
  }

  v1::TriggerDecision Check(double performance_change = 0, int64_t min_new = 5) {
    v1::CheckTrainingTriggerRequest request;
    request.set_agent(kAgent);
    request.set_performance_change(performance_change);
    request.mutable_policy()->set_min_new_interactions(min_new);
    v1::CheckTrainingTriggerResponse response;
    EXPECT_OK(Call(&v1::CurationService::Stub::CheckTrainingTrigger, request, response));
    return response.decision();
  }

  v1::TrainingRun Run(const std::string& id) {
    v1::GetTrainingRunRequest request;
    request.set_training_run_id(id);
    v1::GetTrainingRunResponse response;
    EXPECT_OK(Call(&v1::CurationService::Stub::GetTrainingRun, request, response));
    return response.training_run();
  }

  v1::OpenTrainingRunResponse opened_;
  v1::CompleteTrainingRunResponse completed_;
  v1::CancelTrainingRunResponse cancelled_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_TESTS_CURATION_SERVICE_TRAINING_FIXTURE_H_
