// Test fixture: a real gate behind a real socket, with a fake curation and a fake clock.
#ifndef FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVAL_GATE_FIXTURE_H_
#define FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVAL_GATE_FIXTURE_H_

#include <fmt/format.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "eval_gate_service/eval_gate_server.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "flywheel/evalgate/v1/release_policy_service.grpc.pb.h"
#include "flywheel/evalgate/v1/run_service.grpc.pb.h"
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
    config.server.api_keys_file = api_keys_file_;
    ASSERT_OK(rpc::FinishServerConfig(config.server));
    auto server = EvalGateServer::Start(config, server_clock_);
    ASSERT_OK(server);
    server_ = *std::move(server);
    const auto channel = grpc::CreateChannel(fmt::format("127.0.0.1:{}", server_->port()),
                                             grpc::InsecureChannelCredentials());
    stub_ = v1::EvalGateService::NewStub(channel);
    policy_stub_ = v1::ReleasePolicyService::NewStub(channel);
    run_stub_ = v1::RunService::NewStub(channel);
  }

  void Restart() {
    stub_.reset();
    policy_stub_.reset();
    run_stub_.reset();
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

  // Any unary call, for `project_` with `key_`.
  template <typename Stub, typename Request, typename Response>
  grpc::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response& response) {
    grpc::ClientContext context;
    if (!project_.empty()) context.AddMetadata("x-flywheel-project", project_);
    if (!key_.empty()) context.AddMetadata("authorization", "Bearer " + key_);
    response.Clear();
    if constexpr (std::is_same_v<Stub, v1::EvalGateService::Stub>) {
      return (stub_.get()->*method)(&context, request, &response);
    } else if constexpr (std::is_same_v<Stub, v1::RunService::Stub>) {
      return (run_stub_.get()->*method)(&context, request, &response);
    } else {
      return (policy_stub_.get()->*method)(&context, request, &response);
    }
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

  static v1::UploadedCase UploadedCase(const std::string& case_id) {
    v1::UploadedCase one;
    one.set_case_id(case_id);
    one.set_input("question " + case_id);
    one.add_ideal_outputs("answer " + case_id);
    return one;
  }

  static v1::UploadSuiteRequest Header(const std::string& suite_id) {
    v1::UploadSuiteRequest request;
    request.mutable_header()->set_suite_id(suite_id);
    request.mutable_header()->set_agent("helper");
    return request;
  }

  // What UploadSuite says of these messages, sent one after the other; the answer is in
  // `uploaded_`.
  grpc::Status Send(const std::vector<v1::UploadSuiteRequest>& messages) {
    grpc::ClientContext context;
    if (!project_.empty()) context.AddMetadata("x-flywheel-project", project_);
    if (!key_.empty()) context.AddMetadata("authorization", "Bearer " + key_);
    uploaded_.Clear();
    const auto writer = stub_->UploadSuite(&context, &uploaded_);
    for (const v1::UploadSuiteRequest& message : messages) {
      if (!writer->Write(message)) break;
    }
    writer->WritesDone();
    return writer->Finish();
  }

  // The same of a header and cases, two in a message.
  grpc::Status Upload(const v1::UploadSuiteRequest& header,
                      const std::vector<v1::UploadedCase>& cases) {
    std::vector<v1::UploadSuiteRequest> messages = {header};
    for (const v1::UploadedCase& one : cases) {
      if (messages.size() == 1 || messages.back().cases_size() == 2) messages.emplace_back();
      *messages.back().add_cases() = one;
    }
    if (messages.size() == 1) messages.emplace_back();
    messages.back().set_last(true);
    return Send(messages);
  }

  // The one run of a version on a suite, which Submit starts.
  std::string RunId(const std::string& model_version, const std::string& suite_id = "s1") {
    const auto found = run_ids_.find({suite_id, model_version});
    if (found != run_ids_.end()) return found->second;
    return run_ids_[{suite_id, model_version}] = fmt::format("run-{}", run_ids_.size());
  }

  v1::SubmitOutputsRequest OutputsRequest(const std::string& model_version,
                                          const std::string& suite_id = "s1") {
    v1::SubmitOutputsRequest request;
    request.set_run_id(RunId(model_version, suite_id));
    return request;
  }

  // What StartRun says; the answer is in `started_`.
  grpc::Status StartRun(const std::string& run_id, const std::string& model_version,
                        const std::string& suite_id = "s1", int attempts_per_case = 0) {
    v1::StartRunRequest request;
    request.set_run_id(run_id);
    request.set_suite_id(suite_id);
    request.set_model_version(model_version);
    request.set_attempts_per_case(attempts_per_case);
    return Call(&v1::RunService::Stub::StartRun, request, started_);
  }

  // What FinishRun says; the answer is in `finished_`.
  grpc::Status FinishRun(const std::string& run_id) {
    v1::FinishRunRequest request;
    request.set_run_id(run_id);
    return Call(&v1::RunService::Stub::FinishRun, request, finished_);
  }

  // Those of Submit that are whole; the others go on.
  void FinishRuns(const std::string& suite_id) {
    for (const auto& [of, run_id] : run_ids_) {
      if (of.first == suite_id) (void)FinishRun(run_id);
    }
  }

  static void AddOutput(const std::string& case_id, const std::string& output,
                        v1::SubmitOutputsRequest& request) {
    auto* added = request.add_outputs();
    added->set_case_id(case_id);
    added->set_output(output);
  }

  // What StartRun says where it refuses, else SubmitOutputs; the answer is in `outputs_`.
  grpc::Status Submit(const v1::SubmitOutputsRequest& request) {
    for (const auto& [of, run_id] : run_ids_) {
      if (run_id != request.run_id()) continue;
      grpc::Status started = StartRun(run_id, of.second, of.first);
      if (!started.ok()) return started;
    }
    return Call(&v1::RunService::Stub::SubmitOutputs, request, outputs_);
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

  // What JudgeVersion says of the runs that are whole; the answer is in `judged_`.
  grpc::Status Judge(const std::string& verdict_id, const std::string& model_version,
                     const std::string& baseline = "", const std::string& suite_id = "s1") {
    v1::JudgeVersionRequest request;
    request.set_verdict_id(verdict_id);
    request.set_suite_id(suite_id);
    request.set_model_version(model_version);
    request.set_baseline_model_version(baseline);
    if (bar_) *request.mutable_bar() = *bar_;
    FinishRuns(suite_id);
    return Call(&v1::EvalGateService::Stub::JudgeVersion, request, judged_);
  }

  v1::GetShipDecisionResponse ShipDecision(const std::string& model_version,
                                           const std::string& agent = "helper",
                                           const std::string& baseline = "") {
    v1::GetShipDecisionRequest request;
    request.set_model_version(model_version);
    request.set_agent(agent);
    request.set_baseline_model_version(baseline);
    v1::GetShipDecisionResponse response;
    EXPECT_OK(Call(&v1::EvalGateService::Stub::GetShipDecision, request, response));
    return response;
  }

  // A policy of one suite, with `bar_` where there is one.
  v1::SetReleasePolicyRequest PolicyRequest(int64_t policy_version = 1,
                                            const std::string& suite_name = "s1") {
    v1::SetReleasePolicyRequest request;
    v1::ReleasePolicy& policy = *request.mutable_policy();
    policy.set_agent(agent_);
    policy.set_policy_version(policy_version);
    v1::SuiteRequirement& suite = *policy.add_suites();
    suite.set_suite_name(suite_name);
    if (bar_) *suite.mutable_bar() = *bar_;
    policy.set_reason("what users need");
    return request;
  }

  // What SetReleasePolicy says; the answer is in `policy_`. Judgements then name no bar.
  grpc::Status SetPolicy(const v1::SetReleasePolicyRequest& request) {
    bar_.reset();
    return Call(&v1::ReleasePolicyService::Stub::SetReleasePolicy, request, policy_);
  }

  // What ApproveBaseline says; the answer is in `approved_`.
  grpc::Status Approve(const std::string& model_version, const std::string& approval_id = "") {
    v1::ApproveBaselineRequest request;
    v1::BaselineApproval& approval = *request.mutable_approval();
    approval.set_approval_id(approval_id.empty() ? "approve-" + model_version : approval_id);
    approval.set_agent(agent_);
    approval.set_model_version(model_version);
    approval.set_reason("it serves");
    return Call(&v1::ReleasePolicyService::Stub::ApproveBaseline, request, approved_);
  }

  v1::WaiveVerdictsRequest WaiverRequest(const std::string& model_version,
                                         absl::Duration duration = absl::Hours(24)) {
    v1::WaiveVerdictsRequest request;
    v1::VerdictWaiver& waiver = *request.mutable_waiver();
    waiver.set_waiver_id("waive-" + model_version);
    waiver.set_agent(agent_);
    waiver.set_model_version(model_version);
    waiver.set_owner("the owner");
    waiver.set_reason("known, and mended by hand");
    waiver.mutable_expire_time()->set_seconds(absl::ToUnixSeconds(clock_.Now() + duration));
    return request;
  }

  // What WaiveVerdicts says; the answer is in `waived_`.
  grpc::Status Waive(const v1::WaiveVerdictsRequest& request) {
    return Call(&v1::ReleasePolicyService::Stub::WaiveVerdicts, request, waived_);
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
  std::unique_ptr<v1::ReleasePolicyService::Stub> policy_stub_;
  std::unique_ptr<v1::RunService::Stub> run_stub_;
  // By suite and version.
  std::map<std::pair<std::string, std::string>, std::string> run_ids_;
  // Of the next explorations; the default where there is none.
  std::optional<v1::Bar> bar_;
  std::string project_;
  // Whose policy, baseline and waivers are set.
  std::string agent_ = "helper";
  // What the next Start asks for, and what the next call has.
  std::string api_keys_file_;
  std::string key_;
  v1::CreateSuiteResponse suite_;
  v1::UploadSuiteResponse uploaded_;
  v1::StartRunResponse started_;
  v1::SubmitOutputsResponse outputs_;
  v1::FinishRunResponse finished_;
  v1::JudgeVersionResponse judged_;
  v1::SetReleasePolicyResponse policy_;
  v1::ApproveBaselineResponse approved_;
  v1::WaiveVerdictsResponse waived_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVAL_GATE_FIXTURE_H_
