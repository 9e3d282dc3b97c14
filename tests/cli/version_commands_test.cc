// `flywheel verdict` and `flywheel export`: what a release pipeline and a trainer ask.
#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <string>

#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "shared/rpc/status_to_grpc.h"
#include "tests/cli/command_fixture.h"

namespace flywheel::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using VersionCommandsTest = CommandFixture;

TEST_F(VersionCommandsTest, SaysForWhichAgentAVersionWasNotJudged) {
  StartServices({Service::kEvalGate});
  EXPECT_EQ(RunFlywheel({"verdict", "v1", "--agent", "support", "--no-baseline", "--address",
                         services_->at(Service::kEvalGate).address})
                .output,
            "v1: NOT JUDGED for agent 'support', so it may not ship. Judge it with "
            "JudgeVersion.\n");
}

TEST_F(VersionCommandsTest, SaysInItsOwnWordsThatTheEvalSideNeedsAnotherKey) {
  StartServices({Service::kCuration}, "board a-key-of-no-other-use acme reader\n");
  const CommandResult refused = RunFlywheel({"export", "d1", "--split", "eval", "--key-file",
                                             Write("key", "a-key-of-no-other-use"), "--address",
                                             services_->at(Service::kCuration).address});
  EXPECT_EQ(refused.ending, "exit code 1");
  EXPECT_THAT(refused.output, AllOf(HasSubstr("--split train"), Not(HasSubstr("SPLIT_TRAIN"))));
}

TEST_F(VersionCommandsTest, SaysNoForAVersionThatNobodyJudgedAndForAGateThatIsDown) {
  StartServices({Service::kCuration, Service::kEvalGate});
  const std::string gate = services_->at(Service::kEvalGate).address;
  const CommandResult verdict =
      RunFlywheel({"verdict", "v1", "--agent", "support", "--baseline", "v0", "--address", gate});
  EXPECT_EQ(verdict.ending, "exit code 4");
  EXPECT_THAT(verdict.output, HasSubstr("NOT JUDGED"));
  const std::string curation = services_->at(Service::kCuration).address;
  const CommandResult dataset = RunFlywheel({"export", "d1", "--address", curation});
  EXPECT_EQ(dataset.ending, "exit code 1");
  EXPECT_THAT(dataset.output, HasSubstr("d1"));
  services_->Stop();
  EXPECT_EQ(
      RunFlywheel({"verdict", "v1", "--agent", "support", "--baseline", "v0", "--address", gate})
          .ending,
      "exit code 3");
  EXPECT_EQ(RunFlywheel({"export", "d1", "--address", curation}).ending, "exit code 3");
}

// A call without credentials.
template <typename Stub, typename Request, typename Response>
void Call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
          const std::string& text) {
  grpc::ClientContext context;
  Request request;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
  Response response;
  ASSERT_OK(rpc::FromGrpcStatus((stub.*method)(&context, request, &response)));
}

TEST_F(VersionCommandsTest, SaysOfADiskThatIsFullThatTheExportIsNotComplete) {
  StartServices({Service::kIngest, Service::kCuration});
  const std::string curation = services_->at(Service::kCuration).address;
  using curation::v1::CurationService;
  using ingest::v1::IngestService;
  const auto channel = [](const std::string& address) {
    return grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
  };
  // A dataset version of one row.
  const auto log = IngestService::NewStub(channel(services_->at(Service::kIngest).address));
  Call(*log, &IngestService::Stub::LogInteractions, R"(interactions {
      interaction_id: "i1" session_id: "s1" agent: "support" input: "hi" output: "ho"
      start_time { seconds: 1700000000 } })");
  Call(*log, &IngestService::Stub::RecordSignals, R"(signals {
      signal_id: "t1" interaction_id: "i1" actor: ACTOR_USER thumbs { up: true }
      event_time { seconds: 1700000001 } })");
  const auto build = CurationService::NewStub(channel(curation));
  Call(*build, &CurationService::Stub::BuildDatasetVersion,
       R"(dataset_version_id: "d1" min_feed_token: "f1_0000000000000002"
          options { agent: "support" })");
  const auto export_to = [&](const std::string& output) {
    return RunBinary("/bin/sh", {"-c", fmt::format("exec {}/flywheel export d1 --address {} {}",
                                                   BinDir(), curation, output)});
  };
  EXPECT_THAT(export_to("").output, HasSubstr(R"({"messages")"));
  const CommandResult full = export_to(">/dev/full");
  EXPECT_EQ(full.ending, "exit code 1");
  EXPECT_EQ(full.output,
            "error: the disk is full (standard output: No space left on device). The export is not "
            "complete. Make space, then run it again.\n");
  const CommandResult unwritable = export_to("1</dev/null");
  EXPECT_EQ(unwritable.ending, "exit code 1") << "no service is to blame";
  EXPECT_EQ(unwritable.output,
            "error: standard output: Bad file descriptor. The export is not complete.\n");
}

}  // namespace
}  // namespace flywheel::cli
