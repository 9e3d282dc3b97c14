// A person, a session and an interaction leave all services that have something of them, and the
// receipt says when.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "flywheel/evalgate/v1/run_service.grpc.pb.h"
#include "flywheel/ingest/v1/privacy_service.grpc.pb.h"
#include "shared/rpc/feed_token.h"
#include "shared/testing/feed_sequence.h"
#include "shared/time/poll.h"
#include "tests/integration/await_dataset.h"
#include "tests/integration/local_service.h"

namespace flywheel::integration {
namespace {

using cli::Service;
using curation::v1::CurationService;
using evalgate::v1::EvalGateService;
using evalgate::v1::RunService;
using ingest::v1::IngestService;
using ingest::v1::PrivacyService;

constexpr int kPeople = 40;

class Forgetting : public LocalServiceTest {
 protected:
  void SetUp() override {
    auto started = cli::LocalServices::Start(
        Options(dir_.path(), {Service::kIngest, Service::kCuration, Service::kEvalGate}));
    ASSERT_OK(started);
    services_ = *std::move(started);
  }

  // Whom Call speaks to from now on.
  void Reach(Service service) {
    channel_ = *rpc::Channel::Open({services_->at(service).address, "", ""});
  }

  // An exchange with each person, whose answer they take.
  int64_t LogPeople() {
    Reach(Service::kIngest);
    ingest::v1::LogInteractionsRequest log;
    ingest::v1::RecordSignalsRequest record;
    for (int i = 0; i < kPeople; ++i) {
      ingest::v1::Interaction& interaction = *log.add_interactions();
      interaction = MakeInteraction("i-" + Name(i));
      interaction.set_user_id("user " + Name(i));
      interaction.set_session_id("s-" + Name(i));
      interaction.set_input("asked by " + Name(i));
      interaction.set_output("told to " + Name(i));
      ingest::v1::Signal& signal = *record.add_signals();
      signal.set_signal_id("signal-" + Name(i));
      signal.set_interaction_id(interaction.interaction_id());
      signal.set_actor(ingest::v1::ACTOR_USER);
      *signal.mutable_event_time() = interaction.start_time();
      signal.mutable_accepted();
    }
    ingest::v1::LogInteractionsResponse logged;
    EXPECT_OK(Call<IngestService>(&IngestService::Stub::LogInteractions, log, &logged));
    ingest::v1::RecordSignalsResponse recorded;
    EXPECT_OK(Call<IngestService>(&IngestService::Stub::RecordSignals, record, &recorded));
    return testing::FeedSequence(recorded.commit_token());
  }

  void BuildVersion(int64_t feed_sequence) {
    Reach(Service::kCuration);
    curation::v1::BuildDatasetVersionRequest request;
    request.set_dataset_version_id("d1");
    request.set_min_feed_token(rpc::FeedToken(feed_sequence));
    request.mutable_options()->set_agent("support");
    request.mutable_options()->set_eval_share(0.5);
    curation::v1::BuildDatasetVersionResponse response;
    ASSERT_OK(
        Call<CurationService>(&CurationService::Stub::BuildDatasetVersion, request, &response));
    AwaitDataset(channel_.get(), "d1");
  }

  // A suite, and the names of three who are in it.
  std::vector<std::string> MakeSuite() {
    Reach(Service::kEvalGate);
    evalgate::v1::CreateSuiteRequest request;
    request.set_suite_id("suite");
    request.set_dataset_version_id("d1");
    evalgate::v1::CreateSuiteResponse response;
    EXPECT_OK(Call<EvalGateService>(&EvalGateService::Stub::CreateSuite, request, &response));
    evalgate::v1::ReadSuiteCasesRequest read;
    read.set_suite_id("suite");
    grpc::ClientContext context;
    const auto stub = EvalGateService::NewStub(channel_.get());
    const auto reader = stub->ReadSuiteCases(&context, read);
    evalgate::v1::ReadSuiteCasesResponse cases;
    EXPECT_TRUE(reader->Read(&cases));
    std::vector<std::string> names;
    for (int i = 0; i < 3; ++i) names.push_back(cases.cases(i).case_id().substr(2));
    return names;
  }

  void SubmitOutput(const std::string& name) {
    evalgate::v1::StartRunRequest start;
    start.set_run_id("run");
    start.set_suite_id("suite");
    start.set_model_version("m1");
    evalgate::v1::StartRunResponse started;
    ASSERT_OK(Call<RunService>(&RunService::Stub::StartRun, start, &started));
    evalgate::v1::SubmitOutputsRequest request;
    request.set_run_id("run");
    request.add_outputs()->set_case_id("i-" + name);
    request.mutable_outputs(0)->set_output("what m1 says to " + name);
    evalgate::v1::SubmitOutputsResponse response;
    ASSERT_OK(Call<RunService>(&RunService::Stub::SubmitOutputs, request, &response));
  }

  ingest::v1::Erasure Receipt(const std::string& erasure_id) {
    Reach(Service::kIngest);
    ingest::v1::GetErasureRequest request;
    request.set_erasure_id(erasure_id);
    ingest::v1::GetErasureResponse response;
    EXPECT_OK(Call<PrivacyService>(&PrivacyService::Stub::GetErasure, request, &response));
    return response.erasure();
  }

  // The receipt, once all have reported; not complete after half a minute.
  ingest::v1::Erasure AwaitReceipt(const std::string& erasure_id) {
    ingest::v1::Erasure receipt;
    PollUntil([&] { return (receipt = Receipt(erasure_id)).has_complete_time(); },
              absl::Seconds(30));
    return receipt;
  }

  void Erase(const ingest::v1::EraseRequest& request) {
    Reach(Service::kIngest);
    ingest::v1::EraseResponse response;
    ASSERT_OK(Call<PrivacyService>(&PrivacyService::Stub::Erase, request, &response));
  }

  void ExpectNothingOf(const std::string& name) const {
    for (const std::string text : {"asked by ", "told to ", "what m1 says to ", "i-"}) {
      EXPECT_THAT(FilesWith(text + name), ::testing::IsEmpty()) << text;
    }
  }

  evalgate::v1::Suite Suite() {
    Reach(Service::kEvalGate);
    evalgate::v1::GetSuiteRequest request;
    request.set_suite_id("suite");
    evalgate::v1::GetSuiteResponse suite;
    EXPECT_OK(Call<EvalGateService>(&EvalGateService::Stub::GetSuite, request, &suite));
    return suite.suite();
  }

  // The files below the data directories in which a text stands.
  std::vector<std::string> FilesWith(const std::string& text) const {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(dir_.path() + "/data")) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes(std::istreambuf_iterator<char>(file), {});
      if (bytes.find(text) != bytes.npos) files.push_back(entry.path().filename().string());
    }
    return files;
  }

  // None is the beginning of another.
  static std::string Name(int i) { return "person-" + std::to_string(1'000 + i); }
};

TEST_F(Forgetting, APersonLeavesEveryServiceWhateverIsDownMeanwhile) {
  ASSERT_NO_FATAL_FAILURE(BuildVersion(LogPeople()));
  const std::string name = MakeSuite().front();
  ASSERT_NO_FATAL_FAILURE(SubmitOutput(name));
  EXPECT_THAT(FilesWith("asked by " + name), ::testing::Contains(::testing::HasSubstr("eval")));

  services_->Kill(Service::kEvalGate);
  ingest::v1::EraseRequest request;
  request.set_erasure_id("ticket-7");
  request.set_user_id("user " + name);
  ASSERT_NO_FATAL_FAILURE(Erase(request));
  services_->Kill(Service::kCuration);
  EXPECT_FALSE(Receipt("ticket-7").has_complete_time());
  ASSERT_OK(services_->Restart(Service::kCuration));
  ASSERT_OK(services_->Restart(Service::kEvalGate));

  const ingest::v1::Erasure receipt = AwaitReceipt("ticket-7");
  ASSERT_TRUE(receipt.has_complete_time()) << receipt.DebugString();
  ASSERT_EQ(receipt.stores_size(), 3);
  EXPECT_EQ(receipt.stores(2).store(), "eval-gate");
  EXPECT_EQ(receipt.stores(2).rows(), 2) << "a case and an output";
  ExpectNothingOf(name);
  EXPECT_EQ(Suite().erased_cases(), 1);
}

TEST_F(Forgetting, ASessionAndAnInteractionLeaveFrozenRowsAndCasesToo) {
  ASSERT_NO_FATAL_FAILURE(BuildVersion(LogPeople()));
  const std::vector<std::string> names = MakeSuite();
  for (const std::string& name : names) ASSERT_NO_FATAL_FAILURE(SubmitOutput(name));

  ingest::v1::EraseRequest request;
  request.set_erasure_id("session");
  request.set_session_id("s-" + names[0]);
  ASSERT_NO_FATAL_FAILURE(Erase(request));
  request.set_erasure_id("interaction");
  request.set_interaction_id("i-" + names[1]);
  ASSERT_NO_FATAL_FAILURE(Erase(request));

  for (const char* erasure_id : {"session", "interaction"}) {
    const ingest::v1::Erasure receipt = AwaitReceipt(erasure_id);
    ASSERT_TRUE(receipt.has_complete_time()) << receipt.DebugString();
    EXPECT_EQ(receipt.interactions(), 1);
    EXPECT_EQ(receipt.signals(), 1);
  }
  ExpectNothingOf(names[0]);
  ExpectNothingOf(names[1]);
  EXPECT_THAT(FilesWith("s-" + names[0]), ::testing::IsEmpty());
  EXPECT_THAT(FilesWith("asked by " + names[2]), ::testing::Not(::testing::IsEmpty()));
  EXPECT_EQ(Suite().erased_cases(), 2);
}

}  // namespace
}  // namespace flywheel::integration
