// Personal data through a door of every service, and a search for it in the files of all of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "flywheel/evalgate/v1/release_policy_service.grpc.pb.h"
#include "flywheel/evalgate/v1/run_service.grpc.pb.h"
#include "flywheel/experiment/v1/experiment_service.grpc.pb.h"
#include "shared/rpc/field_checks.h"
#include "tests/ingest_service/conversation.h"
#include "tests/integration/await_dataset.h"
#include "tests/integration/local_service.h"

namespace flywheel::integration {
namespace {

using cli::Service;
using curation::v1::CurationService;
using evalgate::v1::EvalGateService;
using evalgate::v1::ReleasePolicyService;
using evalgate::v1::RunService;
using experiment::v1::ExperimentService;
using ingest::v1::IngestService;

constexpr int kKnownPeople = 20;

class PrivateValues : public LocalServiceTest {
 protected:
  void SetUp() override {
    auto started =
        cli::LocalServices::Start(Options(dir_.path(), {Service::kIngest, Service::kCuration,
                                                        Service::kEvalGate, Service::kExperiment}));
    ASSERT_OK(started);
    services_ = *std::move(started);
  }

  void Reach(Service service) {
    channel_ = *rpc::Channel::Open({services_->at(service).address, "", ""});
  }

  // What is said at a door: words that stay, and a value that may not.
  std::string Said(const std::string& door) {
    doors_.insert(door);
    return Marker(door) + " write to " + Value(door);
  }
  static std::string Marker(const std::string& door) { return "said-at-the-" + door + "-door"; }
  static std::string Value(const std::string& door) {
    return "rosa.keller." + door + "@example.org";
  }

  // Exchanges that make rows of a dataset, each with a value in all of its texts.
  void LogPeople() {
    Reach(Service::kIngest);
    ingest::v1::LogInteractionsRequest log;
    ingest::v1::RecordSignalsRequest record;
    for (int i = 0; i < kKnownPeople; ++i) {
      ingest::v1::Interaction& interaction = *log.add_interactions();
      interaction = MakeInteraction("i-" + std::to_string(i));
      interaction.set_session_id("s-" + std::to_string(i));
      interaction.set_input(Said("input") + " " + std::to_string(i));
      interaction.set_output(Said("output") + " " + std::to_string(i));
      ingest::UseTool({.name = "look_up",
                       .arguments_json = "{\"note\":\"" + Said("arguments") + "\"}",
                       .content = "{\"note\":\"" + Said("result") + "\"}"},
                      interaction);
      ingest::v1::Signal& signal = *record.add_signals();
      signal.set_signal_id("signal-" + std::to_string(i));
      signal.set_interaction_id(interaction.interaction_id());
      signal.set_actor(ingest::v1::ACTOR_USER);
      *signal.mutable_event_time() = interaction.start_time();
      signal.mutable_correction()->set_ideal_output(Said("correction") + " " + std::to_string(i));
    }
    ingest::v1::LogInteractionsResponse logged;
    ASSERT_OK(Call<IngestService>(&IngestService::Stub::LogInteractions, log, &logged));
    ingest::v1::RecordSignalsResponse recorded;
    ASSERT_OK(Call<IngestService>(&IngestService::Stub::RecordSignals, record, &recorded));
    commit_token_ = recorded.commit_token();
  }

  void BuildDatasetAndSuite() {
    Reach(Service::kCuration);
    curation::v1::BuildDatasetVersionRequest build;
    build.set_dataset_version_id("d1");
    build.set_min_feed_token(commit_token_);
    build.mutable_options()->set_agent("support");
    build.mutable_options()->set_eval_share(0.5);
    curation::v1::BuildDatasetVersionResponse built;
    ASSERT_OK(Call<CurationService>(&CurationService::Stub::BuildDatasetVersion, build, &built));
    AwaitDataset(channel_.get(), "d1");
    Reach(Service::kEvalGate);
    evalgate::v1::CreateSuiteRequest suite;
    suite.set_suite_id("suite");
    suite.set_dataset_version_id("d1");
    evalgate::v1::CreateSuiteResponse made;
    ASSERT_OK(Call<EvalGateService>(&EvalGateService::Stub::CreateSuite, suite, &made));
  }

  std::string FirstCase() {
    evalgate::v1::ReadSuiteCasesRequest read;
    read.set_suite_id("suite");
    grpc::ClientContext context;
    const auto stub = EvalGateService::NewStub(channel_.get());
    const auto reader = stub->ReadSuiteCases(&context, read);
    evalgate::v1::ReadSuiteCasesResponse cases;
    EXPECT_TRUE(reader->Read(&cases));
    return cases.cases_size() == 0 ? "" : cases.cases(0).case_id();
  }

  // An output, why its run ends, and why a verdict is waived.
  void SayToTheGate() {
    Reach(Service::kEvalGate);
    evalgate::v1::StartRunRequest start;
    start.set_run_id("run");
    start.set_suite_id("suite");
    start.set_model_version("m1");
    evalgate::v1::StartRunResponse started;
    ASSERT_OK(Call<RunService>(&RunService::Stub::StartRun, start, &started));
    evalgate::v1::SubmitOutputsRequest submit;
    submit.set_run_id("run");
    submit.add_outputs()->set_case_id(FirstCase());
    submit.mutable_outputs(0)->set_output(Said("gate-output"));
    evalgate::v1::SubmitOutputsResponse submitted;
    ASSERT_OK(Call<RunService>(&RunService::Stub::SubmitOutputs, submit, &submitted));
    evalgate::v1::AbortRunRequest abort;
    abort.set_run_id("run");
    abort.set_reason(Said("abort-reason"));
    evalgate::v1::AbortRunResponse aborted;
    ASSERT_OK(Call<RunService>(&RunService::Stub::AbortRun, abort, &aborted));
    evalgate::v1::WaiveVerdictsRequest waive;
    waive.mutable_waiver()->set_waiver_id("waiver");
    waive.mutable_waiver()->set_agent("support");
    waive.mutable_waiver()->set_model_version("m1");
    waive.mutable_waiver()->set_owner("operator");
    waive.mutable_waiver()->set_reason(Said("waiver-reason"));
    *waive.mutable_waiver()->mutable_expire_time() = rpc::ToProto(absl::Now() + absl::Hours(24));
    evalgate::v1::WaiveVerdictsResponse waived;
    ASSERT_OK(
        Call<ReleasePolicyService>(&ReleasePolicyService::Stub::WaiveVerdicts, waive, &waived));
  }

  // Why a version serves and an experiment runs without a verdict, and why it was stopped.
  void SayToTheExperiment() {
    Reach(Service::kExperiment);
    experiment::v1::PromoteVersionRequest promote;
    promote.set_promotion_id("p1");
    promote.set_agent("support");
    promote.set_model_version("m0");
    promote.mutable_waiver()->set_owner("operator");
    promote.mutable_waiver()->set_reason(Said("promotion-reason"));
    (*promote.mutable_labels())["note"] = Said("promotion-label");
    experiment::v1::PromoteVersionResponse promoted;
    ASSERT_OK(
        Call<ExperimentService>(&ExperimentService::Stub::PromoteVersion, promote, &promoted));
    experiment::v1::CreateExperimentRequest create;
    create.set_experiment_id("exp");
    create.set_agent("support");
    create.mutable_plan()->mutable_primary()->set_name("accepted");
    create.mutable_plan()->mutable_primary()->set_left_out(true);
    for (const bool control : {true, false}) {
      experiment::v1::Arm& arm = *create.add_arms();
      arm.set_arm_id(control ? "control" : "treatment");
      arm.set_model_version(control ? "m0" : "m1");
      arm.set_weight(1);
      arm.set_control(control);
    }
    create.mutable_waiver()->set_owner("operator");
    create.mutable_waiver()->set_reason(Said("experiment-waiver"));
    experiment::v1::CreateExperimentResponse created;
    ASSERT_OK(
        Call<ExperimentService>(&ExperimentService::Stub::CreateExperiment, create, &created));
    experiment::v1::StopExperimentRequest stop;
    stop.set_experiment_id("exp");
    stop.set_reason(Said("stop-reason"));
    experiment::v1::StopExperimentResponse stopped;
    ASSERT_OK(Call<ExperimentService>(&ExperimentService::Stub::StopExperiment, stop, &stopped));
  }

  // The files of all services in which a text stands.
  std::vector<std::string> FilesWith(const std::string& text) const {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(dir_.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes(std::istreambuf_iterator<char>(file), {});
      if (bytes.find(text) != bytes.npos) files.push_back(entry.path().filename().string());
    }
    return files;
  }

  std::set<std::string> doors_;
  std::string commit_token_;
};

TEST_F(PrivateValues, AreInNoFileOfAnyServiceWhateverTheirDoor) {
  ASSERT_NO_FATAL_FAILURE(LogPeople());
  ASSERT_NO_FATAL_FAILURE(BuildDatasetAndSuite());
  ASSERT_NO_FATAL_FAILURE(SayToTheGate());
  ASSERT_NO_FATAL_FAILURE(SayToTheExperiment());
  for (const std::string& door : doors_) {
    // That what is said there is stored at all, and that the search finds it.
    EXPECT_THAT(FilesWith(Marker(door)), ::testing::Not(::testing::IsEmpty())) << door;
    EXPECT_THAT(FilesWith(Value(door)), ::testing::IsEmpty()) << door;
  }
  EXPECT_EQ(doors_.size(), 12u);
}

}  // namespace
}  // namespace flywheel::integration
