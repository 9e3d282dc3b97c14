// Names that a terminal would obey: refused at every door, and shown where a store has them.
#include <gmock/gmock.h>

#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "flywheel/evalgate/v1/release_policy_service.grpc.pb.h"
#include "flywheel/evalgate/v1/run_service.grpc.pb.h"
#include "flywheel/experiment/v1/experiment_service.grpc.pb.h"
#include "shared/sql/connection.h"
#include "tests/ingest_service/conversation.h"
#include "tests/integration/local_service.h"

namespace flywheel::integration {
namespace {

using cli::Service;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// Sets the title of a terminal, clears it, and turns the text around.
constexpr char kHostile[] =
    "\x1b]0;PWNED\a\x1b[2J\xc2\x9b"
    "31m\u202e";
constexpr char kShown[] = "\\x1b]0;PWNED\\x07\\x1b[2J\\u009b31m\\u202e";

class Escapes : public LocalServiceTest {
 protected:
  // The refusal, which shows the name without what it does.
  void ExpectRefused(const grpc::Status& grpc_status, const std::string& field) {
    const absl::Status status = rpc::FromGrpcStatus(grpc_status);
    EXPECT_THAT(status, testing::HasReason(Reason::kInvalidArgument)) << field;
    EXPECT_THAT(errors::MessageOf(status),
                AllOf(HasSubstr(field), HasSubstr("\\x1b]0;PWNED"), Not(HasSubstr("\x1b"))));
  }
};

TEST_F(Escapes, InNamesAreRefusedByIngest) {
  ASSERT_NO_FATAL_FAILURE(StartAlone(Service::kIngest));
  using ingest::v1::IngestService;
  ingest::v1::LogInteractionsRequest request;
  for (int i = 0; i < 5; ++i) {
    *request.add_interactions() = MakeInteraction(std::to_string(i));
  }
  request.mutable_interactions(0)->set_agent(kHostile);
  request.mutable_interactions(1)->set_model_version(kHostile);
  ingest::UseTool({kHostile}, *request.mutable_interactions(2));
  (*request.mutable_interactions(3)->mutable_attributes())[kHostile] = "value";
  // A text may be anything.
  request.mutable_interactions(4)->set_input(kHostile);
  ingest::v1::LogInteractionsResponse response;
  ASSERT_OK(Call<IngestService>(&IngestService::Stub::LogInteractions, request, &response));
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(response.results(i).status(), common::v1::ITEM_STATUS_REJECTED) << i;
    EXPECT_THAT(response.results(i).message(), Not(HasSubstr("\x1b")));
  }
  EXPECT_EQ(response.results(4).status(), common::v1::ITEM_STATUS_STORED);
}

TEST_F(Escapes, InNamesAreRefusedByCuration) {
  ASSERT_NO_FATAL_FAILURE(StartAlone(Service::kCuration));
  using curation::v1::CurationService;
  curation::v1::BuildDatasetVersionRequest build;
  build.set_dataset_version_id("d1");
  build.mutable_options()->set_agent(kHostile);
  curation::v1::BuildDatasetVersionResponse built;
  ExpectRefused(Call<CurationService>(&CurationService::Stub::BuildDatasetVersion, build, &built),
                "options.agent");
  curation::v1::LeaseTrainingRunRequest lease;
  lease.set_trainer(kHostile);
  lease.add_agents(kHostile);
  curation::v1::LeaseTrainingRunResponse leased;
  ExpectRefused(Call<CurationService>(&CurationService::Stub::LeaseTrainingRun, lease, &leased),
                "trainer");
  lease.set_trainer("trainer");
  ExpectRefused(Call<CurationService>(&CurationService::Stub::LeaseTrainingRun, lease, &leased),
                "agents[0]");
}

TEST_F(Escapes, InNamesAreRefusedByTheGate) {
  ASSERT_NO_FATAL_FAILURE(StartAlone(Service::kEvalGate));
  using evalgate::v1::EvalGateService;
  using evalgate::v1::RunService;
  evalgate::v1::StartRunRequest start;
  start.set_run_id("run");
  start.set_suite_id("suite");
  start.set_model_version(kHostile);
  evalgate::v1::StartRunResponse started;
  ExpectRefused(Call<RunService>(&RunService::Stub::StartRun, start, &started), "model_version");
  evalgate::v1::JudgeVersionRequest judge;
  judge.set_verdict_id("verdict");
  judge.set_suite_id("suite");
  judge.set_model_version("v2");
  judge.set_baseline_model_version(kHostile);
  evalgate::v1::JudgeVersionResponse judged;
  ExpectRefused(Call<EvalGateService>(&EvalGateService::Stub::JudgeVersion, judge, &judged),
                "baseline_model_version");
  using evalgate::v1::ReleasePolicyService;
  evalgate::v1::WaiveVerdictsRequest waive;
  waive.mutable_waiver()->set_waiver_id("waiver");
  waive.mutable_waiver()->set_agent("router");
  waive.mutable_waiver()->set_model_version("v2");
  waive.mutable_waiver()->set_owner(kHostile);
  waive.mutable_waiver()->set_reason("the outage");
  waive.mutable_waiver()->mutable_expire_time()->set_seconds(1'800'000'000);
  evalgate::v1::WaiveVerdictsResponse waived;
  ExpectRefused(
      Call<ReleasePolicyService>(&ReleasePolicyService::Stub::WaiveVerdicts, waive, &waived),
      "waiver.owner");
}

TEST_F(Escapes, InNamesAreRefusedByTheExperiment) {
  ASSERT_NO_FATAL_FAILURE(StartAlone(Service::kExperiment));
  using experiment::v1::ExperimentService;
  experiment::v1::PromoteVersionRequest promote;
  promote.set_promotion_id("p1");
  promote.set_agent(kHostile);
  promote.set_model_version("v1");
  promote.mutable_waiver()->set_owner("ada");
  promote.mutable_waiver()->set_reason("the first version");
  experiment::v1::PromoteVersionResponse promoted;
  const auto call = [&] {
    return Call<ExperimentService>(&ExperimentService::Stub::PromoteVersion, promote, &promoted);
  };
  ExpectRefused(call(), "agent");
  promote.set_agent("router");
  promote.set_model_version(kHostile);
  ExpectRefused(call(), "model_version");
  promote.set_model_version("v1");
  promote.mutable_waiver()->set_owner(kHostile);
  ExpectRefused(call(), "waiver.owner");
}

TEST_F(Escapes, ThatAStoreHasAreShownByTheCommand) {
  ASSERT_NO_FATAL_FAILURE(StartAlone(Service::kExperiment));
  using experiment::v1::ExperimentService;
  experiment::v1::PromoteVersionRequest promote;
  promote.set_promotion_id("p1");
  promote.set_agent("router");
  promote.set_model_version("v1");
  promote.mutable_waiver()->set_owner("ada");
  promote.mutable_waiver()->set_reason("the first version");
  experiment::v1::PromoteVersionResponse promoted;
  ASSERT_OK(Call<ExperimentService>(&ExperimentService::Stub::PromoteVersion, promote, &promoted));
  const cli::LocalService place = services_->at(Service::kExperiment);
  services_->Kill(Service::kExperiment);
  {
    // As a version of before may have stored it.
    auto connection = sql::Connection::Open(place.data_dir + "/experiment.db", sql::Access::kWrite);
    ASSERT_OK(connection);
    ASSERT_OK((*connection)
                  ->Prepare("UPDATE promotions SET model_version = ?")
                  .Bind(std::string_view(kHostile))
                  .Run());
  }
  ASSERT_OK(services_->Restart(Service::kExperiment));
  for (const bool json : {false, true}) {
    std::vector<std::string> arguments = {"status", "--agent", "router", "--experiment-address",
                                          place.address};
    if (json) arguments.push_back("--json");
    const std::string output = cli::RunFlywheel(arguments).output;
    EXPECT_THAT(output, HasSubstr(json ? "\\u001b]0;PWNED" : kShown));
    for (const char* raw : {"\x1b", "\a", "\xc2\x9b", "\u202e"}) {
      EXPECT_THAT(output, Not(HasSubstr(raw)));
    }
  }
}

}  // namespace
}  // namespace flywheel::integration
