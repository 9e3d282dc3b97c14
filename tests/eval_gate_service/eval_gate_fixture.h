// Test fixture: a real gate behind a real socket, with a fake curation and a fake clock.
#ifndef FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVAL_GATE_FIXTURE_H_
#define FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVAL_GATE_FIXTURE_H_

#include <fmt/format.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "eval_gate_service/eval_gate_server.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"
#include "tests/eval_gate_service/fake_curation.h"

namespace flywheel::evalgate {

class EvalGateTest : public ::testing::Test {
 protected:
  EvalGateTest() { Start(); }

  void Start() {
    EvalGateConfig config;
    config.server.listen = "127.0.0.1:0";
    config.server.data_dir = directory_.path();
    config.curation_address = curation_.address();
    config.least_bar = least_bar_;
    config.server.api_keys_file = api_keys_file_;
    ASSERT_OK(rpc::FinishServerConfig(config.server));
    auto server = EvalGateServer::Start(config, server_clock_);
    ASSERT_OK(server);
    server_ = *std::move(server);
    stub_ = v1::EvalGateService::NewStub(grpc::CreateChannel(
        fmt::format("127.0.0.1:{}", server_->port()), grpc::InsecureChannelCredentials()));
  }

  void Restart() {
    stub_.reset();
    server_.reset();
    Start();
  }

  // Curation gets a dataset version with `count` eval rows.
  void PutRows(int count, const std::string& cohort = "", const std::string& dataset = "d1") {
    FakeCuration::Rows rows;
    for (int i = 0; i < count; ++i) rows.push_back(MakeRow(CaseId(i), cohort));
    curation_.Put("default", dataset, rows);
  }

  static std::string CaseId(int i) { return fmt::format("case-{:05}", i); }

  // Any unary call, for `project_`.
  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (v1::EvalGateService::Stub::*method)(grpc::ClientContext*,
                                                                      const Request&, Response*),
                    const Request& request, Response& response) {
    grpc::ClientContext context;
    if (!project_.empty()) context.AddMetadata("x-flywheel-project", project_);
    if (!key_.empty()) context.AddMetadata("authorization", "Bearer " + key_);
    response.Clear();
    return (stub_.get()->*method)(&context, request, &response);
  }

  static v1::CreateSuiteRequest SuiteRequest(const std::string& suite_id,
                                             const std::string& dataset = "d1") {
    v1::CreateSuiteRequest request;
    request.set_suite_id(suite_id);
    request.set_dataset_version_id(dataset);
    return request;
  }

  // What CreateSuite says; the answer is in `suite_`.
  grpc::Status Create(const v1::CreateSuiteRequest& request) {
    return Call(&v1::EvalGateService::Stub::CreateSuite, request, suite_);
  }

  static v1::SubmitOutputsRequest OutputsRequest(const std::string& model_version,
                                                 const std::string& suite_id = "s1") {
    v1::SubmitOutputsRequest request;
    request.set_suite_id(suite_id);
    request.set_model_version(model_version);
    return request;
  }

  static void AddOutput(const std::string& case_id, const std::string& output,
                        v1::SubmitOutputsRequest& request) {
    auto* added = request.add_outputs();
    added->set_case_id(case_id);
    added->set_output(output);
  }

  // What SubmitOutputs says; the answer is in `outputs_`.
  grpc::Status Submit(const v1::SubmitOutputsRequest& request) {
    return Call(&v1::EvalGateService::Stub::SubmitOutputs, request, outputs_);
  }

  // Answers to all of `count` cases, of which the first `wrong` are wrong.
  void SubmitAll(const std::string& model_version, int count, int wrong = 0,
                 const std::string& suite_id = "s1") {
    v1::SubmitOutputsRequest request = OutputsRequest(model_version, suite_id);
    for (int i = 0; i < count; ++i) {
      AddOutput(CaseId(i), (i < wrong ? "wrong " : "answer ") + CaseId(i), request);
    }
    ASSERT_OK(Submit(request));
  }

  // What JudgeVersion says; the answer is in `judged_`.
  grpc::Status Judge(const std::string& verdict_id, const std::string& model_version,
                     const std::string& baseline = "", const std::string& suite_id = "s1") {
    v1::JudgeVersionRequest request;
    request.set_verdict_id(verdict_id);
    request.set_suite_id(suite_id);
    request.set_model_version(model_version);
    request.set_baseline_model_version(baseline);
    return Call(&v1::EvalGateService::Stub::JudgeVersion, request, judged_);
  }

  // Without a `baseline` none is asked about.
  v1::GetShipDecisionResponse ShipDecision(const std::string& model_version,
                                           const std::string& agent = "helper",
                                           const std::string& baseline = "") {
    v1::GetShipDecisionRequest request;
    request.set_model_version(model_version);
    request.set_agent(agent);
    if (baseline.empty()) {
      request.set_no_baseline(true);
    } else {
      request.set_baseline_model_version(baseline);
    }
    v1::GetShipDecisionResponse response;
    EXPECT_OK(Call(&v1::EvalGateService::Stub::GetShipDecision, request, response));
    return response;
  }

  // A suite "s1" of `count` cases.
  void MakeSuite(int count, const std::string& cohort = "") {
    PutRows(count, cohort);
    ASSERT_OK(Create(SuiteRequest("s1")));
  }

  testing::TempDir directory_;
  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  // What the next Start tells the gate the time by.
  const Clock* server_clock_ = &clock_;
  FakeCuration curation_;
  std::unique_ptr<EvalGateServer> server_;
  std::unique_ptr<v1::EvalGateService::Stub> stub_;
  // What the next Start tells the gate.
  LeastBar least_bar_;
  std::string project_;
  // What the next Start asks for, and what the next call has.
  std::string api_keys_file_;
  std::string key_;
  v1::CreateSuiteResponse suite_;
  v1::SubmitOutputsResponse outputs_;
  v1::JudgeVersionResponse judged_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVAL_GATE_FIXTURE_H_
