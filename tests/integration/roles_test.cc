// What each role may do, by a call of every method with keys of it.
#include <gmock/gmock.h>

#include <fstream>
#include <string>

#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "flywheel/evalgate/v1/release_policy_service.grpc.pb.h"
#include "flywheel/evalgate/v1/run_service.grpc.pb.h"
#include "flywheel/experiment/v1/experiment_service.grpc.pb.h"
#include "flywheel/experiment/v1/ramp_service.grpc.pb.h"
#include "flywheel/ingest/v1/privacy_service.grpc.pb.h"
#include "shared/rpc/status_to_grpc.h"
#include "shared/status/errors.h"
#include "tests/integration/local_service.h"

namespace flywheel::integration {
namespace {

using cli::Service;
using curation::v1::CurationService;
using evalgate::v1::EvalGateService;
using evalgate::v1::ReleasePolicyService;
using evalgate::v1::RunService;
using experiment::v1::ExperimentService;
using experiment::v1::RampService;
using ingest::v1::IngestService;
using ingest::v1::PrivacyService;

constexpr char kAgentKey[] = "key-of-the-agent-prod";
constexpr char kTrainerKey[] = "key-of-the-trainer-01";
constexpr char kReleaseKey[] = "key-of-the-release-ci";
constexpr char kServiceKey[] = "key-of-the-experiment";
constexpr char kOwnerKey[] = "key-of-the-agent-owner";
constexpr char kIngestOnlyKey[] = "key-of-ingest-alone-1";

class Roles : public LocalServiceTest {
 protected:
  void SetUp() override {
    const std::string keys = dir_.path() + "/keys";
    std::ofstream(keys) << "agent " << kAgentKey << " shop writer\n"
                        << "trainer " << kTrainerKey << " shop trainer\n"
                        << "release " << kReleaseKey << " shop operator\n"
                        << "experiment " << kServiceKey << " shop service\n"
                        << "owner " << kOwnerKey << " shop owner\n"
                        << "ingest-only " << kIngestOnlyKey << " shop ingest=operator\n";
    auto options = Options(dir_.path(), {cli::kAllServices.begin(), cli::kAllServices.end()});
    for (const Service service : cli::kAllServices) {
      options.extra_arguments[service] = {"--api-keys-file", keys};
    }
    auto started = cli::LocalServices::Start(options);
    ASSERT_OK(started);
    services_ = *std::move(started);
  }

  // What an empty request is answered with: it is admitted where the answer is not a refusal.
  template <typename S, typename Request, typename Response>
  absl::Status Ask(Service service, const std::string& key,
                   grpc::Status (S::Stub::*method)(grpc::ClientContext*, const Request&,
                                                   Response*)) {
    const auto channel = rpc::Channel::Open({services_->at(service).address, "", ""});
    grpc::ClientContext context;
    channel->Prepare(context, absl::Seconds(20));
    context.AddMetadata("authorization", "Bearer " + key);
    Response response;
    const auto stub = S::NewStub(channel->get());
    return rpc::FromGrpcStatus((stub.get()->*method)(&context, Request(), &response));
  }

  template <typename S, typename Request, typename Response>
  void ExpectDecision(Service service, const char* name,
                      grpc::Status (S::Stub::*method)(grpc::ClientContext*, const Request&,
                                                      Response*)) {
    for (const char* key : {kAgentKey, kTrainerKey}) {
      EXPECT_EQ(errors::ReasonOf(Ask<S>(service, key, method)), Reason::kPermissionDenied)
          << name << " with " << key;
    }
    EXPECT_EQ(Ask<S>(service, kReleaseKey, method).code(), absl::StatusCode::kInvalidArgument)
        << name;
  }
};

TEST_F(Roles, TheKeysThatLogAndTrainDecideNothing) {
  using Curation = CurationService::Stub;
  using Gate = EvalGateService::Stub;
  using Runs = RunService::Stub;
  using Experiments = ExperimentService::Stub;
  using Ramps = RampService::Stub;
  using Privacy = PrivacyService::Stub;
  ExpectDecision<PrivacyService>(Service::kIngest, "Erase", &Privacy::Erase);
  ExpectDecision<PrivacyService>(Service::kIngest, "GetErasure", &Privacy::GetErasure);
  ExpectDecision<PrivacyService>(Service::kIngest, "SetLegalHold", &Privacy::SetLegalHold);
  ExpectDecision<CurationService>(Service::kCuration, "BuildDatasetVersion",
                                  &Curation::BuildDatasetVersion);
  ExpectDecision<CurationService>(Service::kCuration, "CancelDatasetBuild",
                                  &Curation::CancelDatasetBuild);
  ExpectDecision<CurationService>(Service::kCuration, "OpenTrainingRun",
                                  &Curation::OpenTrainingRun);
  ExpectDecision<CurationService>(Service::kCuration, "CancelTrainingRun",
                                  &Curation::CancelTrainingRun);
  ExpectDecision<CurationService>(Service::kCuration, "RegisterVersion",
                                  &Curation::RegisterVersion);
  ExpectDecision<EvalGateService>(Service::kEvalGate, "CreateSuite", &Gate::CreateSuite);
  ExpectDecision<RunService>(Service::kEvalGate, "StartRun", &Runs::StartRun);
  ExpectDecision<RunService>(Service::kEvalGate, "SubmitOutputs", &Runs::SubmitOutputs);
  ExpectDecision<RunService>(Service::kEvalGate, "FinishRun", &Runs::FinishRun);
  ExpectDecision<RunService>(Service::kEvalGate, "AbortRun", &Runs::AbortRun);
  ExpectDecision<EvalGateService>(Service::kEvalGate, "JudgeVersion", &Gate::JudgeVersion);
  ExpectDecision<ExperimentService>(Service::kExperiment, "CreateExperiment",
                                    &Experiments::CreateExperiment);
  ExpectDecision<ExperimentService>(Service::kExperiment, "StopExperiment",
                                    &Experiments::StopExperiment);
  ExpectDecision<ExperimentService>(Service::kExperiment, "PromoteVersion",
                                    &Experiments::PromoteVersion);
  ExpectDecision<ExperimentService>(Service::kExperiment, "RollbackVersion",
                                    &Experiments::RollbackVersion);
  ExpectDecision<RampService>(Service::kExperiment, "PauseRamp", &Ramps::PauseRamp);
  ExpectDecision<RampService>(Service::kExperiment, "ResumeRamp", &Ramps::ResumeRamp);
  ExpectDecision<RampService>(Service::kExperiment, "AdvanceRamp", &Ramps::AdvanceRamp);
}

TEST_F(Roles, WhoIsJudgedDoesNotSayByWhat) {
  using Policies = ReleasePolicyService::Stub;
  const auto expect = [&](const char* name, auto method, const char* key, Reason reason) {
    EXPECT_EQ(errors::ReasonOf(Ask<ReleasePolicyService>(Service::kEvalGate, key, method)), reason)
        << name << " with " << key;
  };
  for (const char* key : {kAgentKey, kTrainerKey, kReleaseKey, kServiceKey}) {
    expect("SetReleasePolicy", &Policies::SetReleasePolicy, key, Reason::kPermissionDenied);
    expect("WaiveVerdicts", &Policies::WaiveVerdicts, key, Reason::kPermissionDenied);
  }
  for (const char* key : {kAgentKey, kTrainerKey, kReleaseKey}) {
    expect("ApproveBaseline", &Policies::ApproveBaseline, key, Reason::kPermissionDenied);
  }
  // The experiment service approves what it promotes.
  expect("ApproveBaseline", &Policies::ApproveBaseline, kServiceKey, Reason::kInvalidArgument);
  expect("ApproveBaseline", &Policies::ApproveBaseline, kOwnerKey, Reason::kInvalidArgument);
  expect("SetReleasePolicy", &Policies::SetReleasePolicy, kOwnerKey, Reason::kInvalidArgument);
  expect("WaiveVerdicts", &Policies::WaiveVerdicts, kOwnerKey, Reason::kInvalidArgument);
}

TEST_F(Roles, EachDoesItsOwn) {
  const auto reason = [](const absl::Status& status) { return errors::ReasonOf(status); };
  EXPECT_EQ(reason(Ask<IngestService>(Service::kIngest, kAgentKey,
                                      &IngestService::Stub::LogInteractions)),
            Reason::kEmptyBatch);
  EXPECT_EQ(reason(Ask<ExperimentService>(Service::kExperiment, kAgentKey,
                                          &ExperimentService::Stub::RecordOutcomes)),
            Reason::kEmptyBatch);
  EXPECT_EQ(reason(Ask<CurationService>(Service::kCuration, kTrainerKey,
                                        &CurationService::Stub::LeaseTrainingRun)),
            Reason::kInvalidArgument);
  EXPECT_EQ(reason(Ask<CurationService>(Service::kCuration, kAgentKey,
                                        &CurationService::Stub::LeaseTrainingRun)),
            Reason::kPermissionDenied);
  EXPECT_EQ(reason(Ask<IngestService>(Service::kIngest, kTrainerKey,
                                      &IngestService::Stub::LogInteractions)),
            Reason::kPermissionDenied);
  EXPECT_EQ(reason(Ask<CurationService>(Service::kCuration, kReleaseKey,
                                        &CurationService::Stub::ReportErasure)),
            Reason::kPermissionDenied);
}

TEST_F(Roles, AKeyOfOneServiceDoesNothingInAnother) {
  EXPECT_OK(Ask<IngestService>(Service::kIngest, kIngestOnlyKey, &IngestService::Stub::GetStats));
  const absl::Status refused =
      Ask<EvalGateService>(Service::kEvalGate, kIngestOnlyKey, &EvalGateService::Stub::GetSuite);
  EXPECT_THAT(refused, testing::HasReason(Reason::kPermissionDenied));
  EXPECT_EQ(errors::MetadataOf(refused).at("role"), "none in eval-gate");
}

}  // namespace
}  // namespace flywheel::integration
