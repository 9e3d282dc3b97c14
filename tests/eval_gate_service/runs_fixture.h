// Test fixture: a gate, and the calls about runs on its suite "s1".
#ifndef FLYWHEEL_TESTS_EVAL_GATE_SERVICE_RUNS_FIXTURE_H_
#define FLYWHEEL_TESTS_EVAL_GATE_SERVICE_RUNS_FIXTURE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {

class RunsFixture : public EvalGateTest {
 protected:
  using Stub = v1::RunService::Stub;

  grpc::Status Abort(const std::string& run_id, const std::string& reason = "the job was ended") {
    v1::AbortRunRequest request;
    request.set_run_id(run_id);
    request.set_reason(reason);
    return Call(&Stub::AbortRun, request, aborted_);
  }

  // A run "r1" in the project "other", and one in the default project.
  void StartRunsOfTwoProjects() {
    for (const char* project : {"other", ""}) {
      project_ = project;
      curation_.Put(project_.empty() ? "default" : project_, "d1", {MakeRow(CaseId(0))});
      ASSERT_OK(Create(SuiteRequest("s1")));
      ASSERT_OK(StartRun("r1", "m1"));
    }
  }

  v1::Run Get(const std::string& run_id) {
    v1::GetRunRequest request;
    request.set_run_id(run_id);
    v1::GetRunResponse response;
    EXPECT_OK(Call(&Stub::GetRun, request, response));
    return response.run();
  }

  static v1::CaseOutput Output(int i, const std::string& text, int attempt = 0) {
    v1::CaseOutput output;
    output.set_case_id(CaseId(i));
    output.set_output(text);
    output.set_attempt(attempt);
    return output;
  }

  grpc::Status Send(const std::string& run_id, const std::vector<v1::CaseOutput>& outputs) {
    v1::SubmitOutputsRequest request;
    request.set_run_id(run_id);
    for (const v1::CaseOutput& one : outputs) *request.add_outputs() = one;
    return Call(&Stub::SubmitOutputs, request, outputs_);
  }

  // Right answers to `count` cases, each `attempts` times.
  grpc::Status SendAll(const std::string& run_id, int count, int attempts = 1) {
    std::vector<v1::CaseOutput> outputs;
    for (int i = 0; i < count; ++i) {
      for (int k = 1; k <= attempts; ++k) outputs.push_back(Output(i, "answer " + CaseId(i), k));
    }
    return Send(run_id, outputs);
  }

  std::vector<std::string> Ids(const v1::ListRunsRequest& request) {
    v1::ListRunsResponse response;
    EXPECT_OK(Call(&Stub::ListRuns, request, response));
    std::vector<std::string> ids;
    for (const v1::Run& run : response.runs()) ids.push_back(run.run_id());
    return ids;
  }

  v1::ListCaseResultsResponse Results(const std::string& version, v1::CaseFilter filter,
                                      const std::string& baseline = "") {
    v1::ListCaseResultsRequest request;
    request.set_suite_id("s1");
    request.set_model_version(version);
    request.set_baseline_model_version(baseline);
    request.set_filter(filter);
    v1::ListCaseResultsResponse response;
    EXPECT_OK(Call(&v1::EvalGateService::Stub::ListCaseResults, request, response));
    return response;
  }

  // What GetRun says that passed; -1 where it does not say it.
  int64_t Passed(const std::string& run_id) {
    v1::GetRunRequest request;
    request.set_run_id(run_id);
    v1::GetRunResponse response;
    EXPECT_OK(Call(&Stub::GetRun, request, response));
    return response.has_passed() ? response.passed() : -1;
  }

  v1::AbortRunResponse aborted_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_TESTS_EVAL_GATE_SERVICE_RUNS_FIXTURE_H_
