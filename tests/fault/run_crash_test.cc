// The gate is killed while runs take outputs, finish and are judged, and while people are erased:
// the verdict is that of a twin which nothing disturbed, and what is left is what it was.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "examples/support_agent/random.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "flywheel/evalgate/v1/release_log_service.grpc.pb.h"
#include "flywheel/evalgate/v1/run_service.grpc.pb.h"
#include "shared/time/poll.h"
#include "tests/eval_gate_service/fake_curation.h"
#include "tests/integration/local_service.h"

namespace flywheel::fault {
namespace {

namespace v1 = evalgate::v1;
using cli::Service;
using Gate = v1::EvalGateService;
using Runs = v1::RunService;

constexpr int kCases = 2'000;
constexpr int kCasesPerBatch = 100;
constexpr char kBaseline[] = "baseline";

// FLYWHEEL_CRASH_ROUNDS makes it as long as one likes.
int Rounds() {
  const char* const wanted = std::getenv("FLYWHEEL_CRASH_ROUNDS");
  return wanted == nullptr ? 6 : std::max(1, std::atoi(wanted));
}

std::string CaseId(int i) { return fmt::format("case-{:05}", i); }

class RunCrash : public integration::LocalServiceTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(StartAlone(Service::kEvalGate));
    evalgate::FakeCuration::Rows rows;
    for (int i = 0; i < kCases; ++i) {
      rows.push_back(evalgate::MakeRow(CaseId(i), fmt::format("cohort-{}", i % 5)));
    }
    curation_ = std::make_unique<evalgate::FakeCuration>(services_->at(Service::kCuration).address);
    curation_->Put("default", "d1", rows);
    v1::CreateSuiteRequest suite;
    suite.set_suite_id("s1");
    suite.set_dataset_version_id("d1");
    Insist<Gate, v1::CreateSuiteResponse>(&Gate::Stub::CreateSuite, suite);
  }

  // Asks until it is answered, as a pipeline does whose gate goes away.
  template <typename Service, typename Response, typename Request>
  Response Insist(grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&,
                                                        Response*),
                  const Request& request) {
    Response response;
    grpc::Status status;
    const bool answered = PollUntil(
        [&] {
          status = Call<Service>(method, request, &response);
          return status.ok() || status.error_code() != grpc::StatusCode::UNAVAILABLE;
        },
        absl::Seconds(60));
    EXPECT_TRUE(answered);
    EXPECT_OK(rpc::FromGrpcStatus(status));
    return response;
  }

  // A whole run and its verdict. Every version answers alike: the baseline a bit better.
  v1::Verdict Judge(const std::string& version) {
    v1::StartRunRequest start;
    start.set_run_id("run-of-" + version);
    start.set_suite_id("s1");
    start.set_model_version(version);
    Insist<Runs, v1::StartRunResponse>(&Runs::Stub::StartRun, start);
    const int every = version == kBaseline ? 50 : 20;
    for (int from = 0; from < kCases; from += kCasesPerBatch) {
      v1::SubmitOutputsRequest submit;
      submit.set_run_id(start.run_id());
      for (int i = from; i < from + kCasesPerBatch; ++i) {
        v1::CaseOutput& output = *submit.add_outputs();
        output.set_case_id(CaseId(i));
        output.set_output((i % every == 7 ? "wrong " : "answer ") + CaseId(i));
      }
      const auto sent = Insist<Runs, v1::SubmitOutputsResponse>(&Runs::Stub::SubmitOutputs, submit);
      for (const auto& result : sent.results()) {
        EXPECT_TRUE(result.status() == common::v1::ITEM_STATUS_STORED ||
                    result.status() == common::v1::ITEM_STATUS_REPLAYED)
            << result.DebugString();
      }
    }
    v1::FinishRunRequest finish;
    finish.set_run_id(start.run_id());
    Insist<Runs, v1::FinishRunResponse>(&Runs::Stub::FinishRun, finish);
    if (version == kBaseline) return {};
    v1::JudgeVersionRequest judge;
    judge.set_verdict_id("verdict-of-" + version);
    judge.set_suite_id("s1");
    judge.set_model_version(version);
    judge.set_baseline_model_version(kBaseline);
    return Insist<Gate, v1::JudgeVersionResponse>(&Gate::Stub::JudgeVersion, judge).verdict();
  }

  std::unique_ptr<evalgate::FakeCuration> curation_;
};

// What is no name of its own.
std::string Judged(v1::Verdict verdict) {
  verdict.clear_verdict_id();
  verdict.clear_model_version();
  verdict.clear_run_id();
  verdict.clear_create_time();
  return verdict.DebugString();
}

TEST_F(RunCrash, ChangesNoVerdict) {
  Judge(kBaseline);
  const std::string undisturbed = Judged(Judge("twin"));
  ASSERT_NE(undisturbed.find("DECISION_"), std::string::npos);
  example::Random random(20'261'130);
  int kills = 0;
  const int rounds = Rounds();
  for (int round = 0; round < rounds; ++round) {
    // Two runs at once, of two versions.
    std::vector<v1::Verdict> verdicts(2);
    std::atomic<size_t> judged = 0;
    std::vector<std::thread> pipelines;
    for (size_t i = 0; i < verdicts.size(); ++i) {
      pipelines.emplace_back([&, i] {
        verdicts[i] = Judge(fmt::format("version-{}-{}", round, i));
        ++judged;
      });
    }
    const auto all_judged = [&] { return judged == verdicts.size(); };
    while (!PollUntil(all_judged, absl::Milliseconds(120 * random.Uniform()))) {
      services_->Kill(Service::kEvalGate);
      ASSERT_OK(services_->Restart(Service::kEvalGate));
      ++kills;
    }
    for (std::thread& pipeline : pipelines) pipeline.join();
    for (const v1::Verdict& verdict : verdicts) EXPECT_EQ(Judged(verdict), undisturbed);
  }
  EXPECT_GE(kills, rounds);
  fmt::print("{} rounds, {} kills, {} verdicts equal\n", rounds, kills, 2 * rounds);
}

// Outputs follow their cases in many writes.
TEST_F(RunCrash, LeavesNobodyWhoIsErasedAndTheOthersAsTheyWere) {
  constexpr int kVersions = 6;
  constexpr int kErased = 500;
  Judge(kBaseline);
  for (int i = 1; i < kVersions; ++i) Judge(fmt::format("version-{}", i));
  std::set<std::string> hers;
  for (int i = 0; i < kErased; ++i) hers.insert(CaseId(3 * i));
  curation_->Erase("default", "e1", hers);
  example::Random random(20'261'130);
  int kills = 0;
  const auto reported = [&] { return curation_->HasReport(); };
  // No sooner than it begins, and so often that it ends.
  while (kills < 8 && !PollUntil(reported, absl::Milliseconds(20 + 150 * random.Uniform()))) {
    services_->Kill(Service::kEvalGate);
    ASSERT_OK(services_->Restart(Service::kEvalGate));
    ++kills;
  }
  ASSERT_TRUE(PollUntil(reported, absl::Seconds(60)));
  v1::VerifyReleaseLogRequest request;
  grpc::ClientContext context;
  channel_.Prepare(context, absl::Seconds(60));
  const auto stub = v1::ReleaseLogService::NewStub(channel_.get());
  const auto reader = stub->VerifyReleaseLog(&context, request);
  v1::VerifyReleaseLogResponse response;
  while (reader->Read(&response)) continue;
  EXPECT_OK(rpc::FromGrpcStatus(reader->Finish()));
  const v1::ReleaseLogState& state = response.state();
  EXPECT_TRUE(state.whole()) << state.DebugString();
  EXPECT_EQ(state.cases().checked(), kCases - kErased);
  EXPECT_EQ(state.cases().erased(), kErased);
  EXPECT_EQ(state.outputs().checked(), kVersions * (kCases - kErased));
  EXPECT_EQ(state.outputs().erased(), kVersions * kErased);
  EXPECT_GE(kills, 1);
  fmt::print("{} kills\n", kills);
}

}  // namespace
}  // namespace flywheel::fault
