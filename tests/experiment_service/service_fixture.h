// Test fixture: a running experiment service and a client of it.
#ifndef FLYWHEEL_TESTS_EXPERIMENT_SERVICE_SERVICE_FIXTURE_H_
#define FLYWHEEL_TESTS_EXPERIMENT_SERVICE_SERVICE_FIXTURE_H_

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "experiment_service/experiment_server.h"
#include "flywheel/experiment/v1/experiment_service.grpc.pb.h"
#include "shared/rpc/field_checks.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"
#include "shared/time/clock.h"
#include "tests/experiment_service/fake_gate.h"

namespace flywheel::experiment {

// Of the metric that decides, in both arms.
inline int64_t OutcomesIn(const v1::Analysis& analysis) {
  return analysis.arms(0).metrics(0).outcomes() + analysis.arms(1).metrics(0).outcomes();
}
inline int64_t UnitsIn(const v1::Analysis& analysis) {
  return analysis.arms(0).metrics(0).units() + analysis.arms(1).metrics(0).units();
}

// The service over a real socket and a real SQLite file, as project "default" unless a test names
// another one. The gate passes "v2" and has judged nothing else.
class ServiceFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    gate_.Judge("v2", evalgate::v1::DECISION_PASS);
    StartServer();
  }

  void StartServer() {
    ExperimentConfig config;
    config.server.service = "experiment";
    config.server.listen = "127.0.0.1:" + std::to_string(port_);
    config.server.data_dir = directory_->path();
    config.eval_gate_address = gate_.address();
    config.server.api_keys_file = api_keys_file_;
    config.server.metrics_listen = metrics_listen_;
    config.ingest_address = ingest_address_;
    config.outcome_days = outcome_days_;
    config.least_group_size = least_group_size_;
    config.segment_epsilon = segment_epsilon_;
    config.segment_epsilon_budget = segment_epsilon_budget_;
    config.new_salt = new_salt_;
    ASSERT_OK(rpc::FinishServerConfig(config.server));
    auto server = ExperimentServer::Start(config, &clock_);
    ASSERT_OK(server);
    server_ = *std::move(server);
    stub_ = v1::ExperimentService::NewStub(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials()));
  }

  void Restart() {
    server_->Stop(absl::Seconds(5));
    server_.reset();
    StartServer();
  }

  void RestartEmpty() {
    server_.reset();
    directory_ = std::make_unique<testing::TempDir>();
    StartServer();
  }

  // Calls `method` of the stub: Call(&Stub::GetExperiment, request, &response).
  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (v1::ExperimentService::Stub::*method)(grpc::ClientContext*,
                                                                        const Request&, Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    if (!project_.empty()) context.AddMetadata("x-flywheel-project", project_);
    if (!key_.empty()) context.AddMetadata("authorization", "Bearer " + key_);
    return (stub_.get()->*method)(&context, request, response);
  }
  // The same where only the status matters.
  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (v1::ExperimentService::Stub::*method)(grpc::ClientContext*,
                                                                        const Request&, Response*),
                    const Request& request) {
    Response ignored;
    return Call(method, request, &ignored);
  }

  static v1::PromoteVersionRequest Promotion(const std::string& promotion_id,
                                             const std::string& version) {
    v1::PromoteVersionRequest request;
    request.set_promotion_id(promotion_id);
    request.set_agent("helper");
    request.set_model_version(version);
    return request;
  }
  static v1::PromoteVersionRequest Waived(const std::string& promotion_id,
                                          const std::string& version) {
    v1::PromoteVersionRequest request = Promotion(promotion_id, version);
    request.mutable_waiver()->set_owner("ada");
    request.mutable_waiver()->set_reason("the first one");
    return request;
  }
  void PromoteFirstVersion() {
    ASSERT_OK(Call(&v1::ExperimentService::Stub::PromoteVersion, Waived("p-first", "v1")));
  }

  // v1 against v2, half each.
  static v1::CreateExperimentRequest Comparison(const std::string& experiment_id) {
    v1::CreateExperimentRequest request;
    request.set_experiment_id(experiment_id);
    request.set_agent("helper");
    request.mutable_plan()->mutable_primary()->set_name("accepted");
    request.mutable_plan()->mutable_primary()->set_left_out(true);
    // A test does not wait for weeks.
    request.mutable_plan()->mutable_min_duration()->set_seconds(0);
    for (const bool control : {true, false}) {
      v1::Arm* arm = request.add_arms();
      arm->set_arm_id(control ? "control" : "treatment");
      arm->set_model_version(control ? "v1" : "v2");
      arm->set_weight(1);
      arm->set_control(control);
    }
    return request;
  }
  grpc::Status Create(const v1::CreateExperimentRequest& request) {
    return Call(&v1::ExperimentService::Stub::CreateExperiment, request);
  }

  v1::AssignResponse Assign(const std::string& unit_id) {
    v1::AssignRequest request;
    request.set_agent("helper");
    request.set_user_id(unit_id);
    v1::AssignResponse response;
    EXPECT_OK(Call(&v1::ExperimentService::Stub::Assign, request, &response));
    return response;
  }

  v1::UnitOutcome OutcomeOf(const std::string& outcome_id, const std::string& unit_id,
                            double value) {
    v1::UnitOutcome outcome;
    outcome.set_outcome_id(outcome_id);
    outcome.set_experiment_id("exp");
    outcome.set_user_id(unit_id);
    outcome.set_metric("accepted");
    outcome.set_value(value);
    *outcome.mutable_event_time() = rpc::ToProto(clock_.Now());
    return outcome;
  }
  // An outcome of a unit that is assigned first.
  v1::UnitOutcome Served(const std::string& outcome_id, const std::string& unit_id, double value) {
    Assign(unit_id);
    return OutcomeOf(outcome_id, unit_id, value);
  }
  std::vector<common::v1::ItemResult> Record(const std::vector<v1::UnitOutcome>& outcomes) {
    v1::RecordOutcomesRequest request;
    for (const v1::UnitOutcome& outcome : outcomes) *request.add_outcomes() = outcome;
    v1::RecordOutcomesResponse response;
    EXPECT_OK(Call(&v1::ExperimentService::Stub::RecordOutcomes, request, &response));
    return {response.results().begin(), response.results().end()};
  }
  // Assigns units from `first` on, and gives each one outcome by its arm.
  void Serve(int first, int units,
             const std::function<double(const std::string& arm, int unit)>& value) {
    std::vector<v1::UnitOutcome> outcomes;
    for (int i = first; i < first + units; ++i) {
      const std::string unit = "user-" + std::to_string(i);
      outcomes.push_back(
          OutcomeOf("o-" + std::to_string(i), unit, value(Assign(unit).arm_id(), i)));
    }
    for (const common::v1::ItemResult& result : Record(outcomes)) {
      ASSERT_EQ(result.status(), common::v1::ITEM_STATUS_STORED) << result.message();
    }
  }

  v1::Analysis Analyze(const std::string& experiment_id) {
    v1::AnalyzeRequest request;
    request.set_experiment_id(experiment_id);
    v1::AnalyzeResponse response;
    EXPECT_OK(Call(&v1::ExperimentService::Stub::Analyze, request, &response));
    return response.analysis();
  }

  std::unique_ptr<testing::TempDir> directory_ = std::make_unique<testing::TempDir>();
  FakeClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  FakeGate gate_;
  std::string project_;
  // What the next StartServer asks for, and what the next call has.
  std::string api_keys_file_;
  std::string metrics_listen_;
  std::string ingest_address_;
  int64_t outcome_days_ = 0;
  int64_t least_group_size_ = 0;
  double segment_epsilon_ = 0;
  double segment_epsilon_budget_ = 0;
  int port_ = 0;  // 0: any.
  // Without a salt, so that every run deals the same arms.
  SaltSource new_salt_ = [] { return std::string(); };
  std::string key_;
  std::unique_ptr<ExperimentServer> server_;
  std::unique_ptr<v1::ExperimentService::Stub> stub_;
};

using Stub = v1::ExperimentService::Stub;

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_TESTS_EXPERIMENT_SERVICE_SERVICE_FIXTURE_H_
