// Every service alone: it starts, serves what it can, and says which upstream is missing.
#include <gmock/gmock.h>

#include "cli/health.h"
#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "flywheel/experiment/v1/experiment_service.grpc.pb.h"
#include "shared/testing/feed_sequence.h"
#include "tests/integration/local_service.h"

namespace flywheel::integration {
namespace {

using cli::Service;
using ::testing::AllOf;
using ::testing::HasSubstr;

class Standalone : public LocalServiceTest {
 protected:
  // The refusal of a call that needs the upstream: which one, where, and when to come again.
  void ExpectUpstreamMissing(const grpc::Status& grpc_status, Service upstream) {
    const absl::Status status = rpc::FromGrpcStatus(grpc_status);
    EXPECT_THAT(status, testing::HasReason(Reason::kUpstreamUnavailable));
    EXPECT_THAT(errors::MessageOf(status), HasSubstr(services_->at(upstream).address));
    EXPECT_TRUE(errors::RetryDelayOf(status).has_value()) << status;
  }
};

TEST_F(Standalone, IngestTakesRecordsAndReadsThemBack) {
  ASSERT_NO_FATAL_FAILURE(StartAlone(Service::kIngest));
  EXPECT_OK(cli::CheckHealth(channel_, absl::Seconds(5)));
  using ingest::v1::IngestService;
  ingest::v1::LogInteractionsRequest log;
  *log.add_interactions() = MakeInteraction("a");
  ingest::v1::LogInteractionsResponse logged;
  ASSERT_OK(Call<IngestService>(&IngestService::Stub::LogInteractions, log, &logged));
  EXPECT_EQ(logged.results(0).status(), common::v1::ITEM_STATUS_STORED);
  ingest::v1::GetInteractionRequest get;
  get.set_interaction_id("a");
  ingest::v1::GetInteractionResponse got;
  ASSERT_OK(Call<IngestService>(&IngestService::Stub::GetInteraction, get, &got));
  EXPECT_EQ(got.interaction().output(), "on its way");
}

TEST_F(Standalone, CurationAnswersAndSaysThatIngestIsAway) {
  ASSERT_NO_FATAL_FAILURE(StartAlone(Service::kCuration));
  EXPECT_OK(cli::CheckHealth(channel_, absl::Seconds(5)));
  using curation::v1::CurationService;
  curation::v1::GetProgressResponse progress;
  ASSERT_OK(Call<CurationService>(&CurationService::Stub::GetProgress, {}, &progress));
  EXPECT_FALSE(progress.ingest_reachable());
  EXPECT_EQ(testing::FeedSequence(progress.feed_token()), 0);
  curation::v1::CheckTrainingTriggerRequest check;
  check.set_agent("support");
  curation::v1::CheckTrainingTriggerResponse trigger;
  ASSERT_OK(Call<CurationService>(&CurationService::Stub::CheckTrainingTrigger, check, &trigger));
  EXPECT_EQ(trigger.decision().reason(), curation::v1::TRIGGER_REASON_OVERDUE)
      << "never trained: " << trigger.ShortDebugString();
}

TEST_F(Standalone, TheGateAnswersAndMakesNoSuiteWithoutCuration) {
  ASSERT_NO_FATAL_FAILURE(StartAlone(Service::kEvalGate));
  EXPECT_OK(cli::CheckHealth(channel_, absl::Seconds(5)));
  using evalgate::v1::EvalGateService;
  evalgate::v1::GetShipDecisionRequest ask;
  ask.set_model_version("v1");
  ask.set_agent("support");
  evalgate::v1::GetShipDecisionResponse decision;
  ASSERT_OK(Call<EvalGateService>(&EvalGateService::Stub::GetShipDecision, ask, &decision));
  EXPECT_FALSE(decision.may_ship());
  EXPECT_EQ(decision.decision(), evalgate::v1::DECISION_NOT_CONFIGURED);
  evalgate::v1::CreateSuiteRequest create;
  create.set_suite_id("suite");
  create.set_dataset_version_id("dataset");
  evalgate::v1::CreateSuiteResponse created;
  ExpectUpstreamMissing(
      Call<EvalGateService>(&EvalGateService::Stub::CreateSuite, create, &created),
      Service::kCuration);
}

TEST_F(Standalone, ExperimentServesAnActiveVersionAndStartsNothingWithoutTheGate) {
  ASSERT_NO_FATAL_FAILURE(StartAlone(Service::kExperiment));
  EXPECT_OK(cli::CheckHealth(channel_, absl::Seconds(5)));
  using experiment::v1::ExperimentService;
  experiment::v1::PromoteVersionRequest promote;
  promote.set_promotion_id("first");
  promote.set_agent("support");
  promote.set_model_version("v0");
  promote.mutable_waiver()->set_owner("grace");
  promote.mutable_waiver()->set_reason("the first version");
  experiment::v1::PromoteVersionResponse promoted;
  ASSERT_OK(Call<ExperimentService>(&ExperimentService::Stub::PromoteVersion, promote, &promoted));
  experiment::v1::AssignRequest assign;
  assign.set_agent("support");
  assign.set_user_id("ada");
  experiment::v1::AssignResponse assigned;
  ASSERT_OK(Call<ExperimentService>(&ExperimentService::Stub::Assign, assign, &assigned));
  EXPECT_EQ(assigned.model_version(), "v0");

  experiment::v1::CreateExperimentRequest create;
  create.set_experiment_id("comparison");
  create.set_agent("support");
  for (const char* version : {"v0", "v1"}) {
    auto* arm = create.add_arms();
    arm->set_arm_id(version);
    arm->set_model_version(version);
    arm->set_weight(1);
    arm->set_control(std::string(version) == "v0");
  }
  create.mutable_plan()->mutable_primary()->set_name("accepted");
  create.mutable_plan()->mutable_primary()->set_left_out(true);
  experiment::v1::CreateExperimentResponse created;
  ExpectUpstreamMissing(
      Call<ExperimentService>(&ExperimentService::Stub::CreateExperiment, create, &created),
      Service::kEvalGate);

  // With a person's word it starts, and the command shows what stands of it.
  create.mutable_waiver()->set_owner("grace");
  create.mutable_waiver()->set_reason("the gate is away");
  ASSERT_OK(Call<ExperimentService>(&ExperimentService::Stub::CreateExperiment, create, &created));
  const std::string address = services_->at(Service::kExperiment).address;
  EXPECT_THAT(cli::RunFlywheel({"status", "--experiment-address", address}).output,
              AllOf(HasSubstr("STANDS"), HasSubstr("v1 CONTINUE")));
  EXPECT_THAT(cli::RunFlywheel({"status", "--json", "--experiment-address", address}).output,
              AllOf(HasSubstr(R"("stands":"CONTINUE")"), HasSubstr(R"("decision":0)")));
}

}  // namespace
}  // namespace flywheel::integration
