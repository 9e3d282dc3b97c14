// Calls about runs that go on for long: outputs in a stream, and runs that are watched.
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "tests/eval_gate_service/runs_fixture.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using RunStreamsTest = RunsFixture;

TEST_F(RunStreamsTest, TakeManyBatchesInOneStreamAndAnswerEach) {
  constexpr int kBatches = 100;
  constexpr int kPerBatch = 100;
  MakeSuite(kBatches * kPerBatch);
  ASSERT_OK(StartRun("r1", "m1"));
  grpc::ClientContext context;
  const auto stream = run_stub_->StreamOutputs(&context);
  v1::StreamOutputsResponse answer;
  v1::StreamOutputsRequest empty;
  empty.mutable_batch()->set_run_id("r1");
  ASSERT_TRUE(stream->Write(empty));
  ASSERT_TRUE(stream->Read(&answer));
  EXPECT_EQ(answer.reason(), common::v1::ERROR_REASON_EMPTY_BATCH);
  EXPECT_FALSE(answer.has_result());
  for (int b = 0; b < kBatches; ++b) {
    v1::StreamOutputsRequest request;
    request.mutable_batch()->set_run_id("r1");
    for (int i = b * kPerBatch; i < (b + 1) * kPerBatch; ++i) {
      *request.mutable_batch()->add_outputs() = Output(i, "answer " + CaseId(i));
    }
    ASSERT_TRUE(stream->Write(request));
    ASSERT_TRUE(stream->Read(&answer));
    ASSERT_EQ(answer.reason(), common::v1::ERROR_REASON_UNSPECIFIED) << answer.message();
    EXPECT_EQ(answer.result().results_size(), kPerBatch);
    EXPECT_EQ(answer.result().missing(), kPerBatch * (kBatches - b - 1));
  }
  stream->WritesDone();
  EXPECT_FALSE(stream->Read(&answer));
  ASSERT_OK(stream->Finish());
  ASSERT_OK(FinishRun("r1"));
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
}

TEST_F(RunStreamsTest, AreWatchedToTheirEnd) {
  MakeSuite(4);
  ASSERT_OK(StartRun("r1", "m1"));
  grpc::ClientContext context;
  v1::WatchRunRequest request;
  request.set_run_id("r1");
  const auto reader = run_stub_->WatchRun(&context, request);
  v1::WatchRunResponse message;
  ASSERT_TRUE(reader->Read(&message));
  EXPECT_EQ(message.run().answered(), 0);
  ASSERT_OK(SendAll("r1", 4));
  ASSERT_TRUE(reader->Read(&message));
  EXPECT_EQ(message.run().answered(), 4);
  ASSERT_OK(FinishRun("r1"));
  ASSERT_TRUE(reader->Read(&message));
  EXPECT_EQ(message.run().state(), v1::RUN_STATE_FINISHED);
  EXPECT_FALSE(reader->Read(&message));
  EXPECT_OK(reader->Finish());
}

// What one project holds for hours keeps nobody else out.
TEST_F(RunStreamsTest, AreWatchedByAnotherProjectHoweverManyOneWatches) {
  constexpr size_t kShare = 15;
  StartRunsOfTwoProjects();
  v1::WatchRunRequest request;
  request.set_run_id("r1");
  v1::WatchRunResponse message;
  std::array<grpc::ClientContext, kShare + 2> contexts;
  contexts.back().AddMetadata("x-flywheel-project", "other");
  std::vector<std::unique_ptr<grpc::ClientReader<v1::WatchRunResponse>>> readers;
  for (grpc::ClientContext& context : contexts) {
    readers.push_back(run_stub_->WatchRun(&context, request));
    const bool is_over = readers.size() == kShare + 1;
    EXPECT_EQ(readers.back()->Read(&message), !is_over) << readers.size();
  }
  const grpc::Status refused = readers[kShare]->Finish();
  EXPECT_THAT(refused, HasReason(Reason::kBusy));
  EXPECT_THAT(refused.error_message(),
              HasSubstr("WatchRun for one project, of 32 places with 15 taken and 1 kept for "
                        "others: 15 run already"));
  for (grpc::ClientContext& context : contexts) context.TryCancel();
}

TEST_F(RunStreamsTest, AreSentByAnotherProjectHoweverManyOneSends) {
  constexpr size_t kShare = 15;
  StartRunsOfTwoProjects();
  std::array<grpc::ClientContext, kShare + 2> contexts;
  contexts.back().AddMetadata("x-flywheel-project", "other");
  v1::StreamOutputsRequest empty;
  empty.mutable_batch()->set_run_id("r1");
  v1::StreamOutputsResponse answer;
  using Stream = grpc::ClientReaderWriter<v1::StreamOutputsRequest, v1::StreamOutputsResponse>;
  std::vector<std::unique_ptr<Stream>> streams;
  for (grpc::ClientContext& context : contexts) {
    streams.push_back(run_stub_->StreamOutputs(&context));
    streams.back()->Write(empty);
    const bool is_over = streams.size() == kShare + 1;
    EXPECT_EQ(streams.back()->Read(&answer), !is_over) << streams.size();
  }
  EXPECT_THAT(streams[kShare]->Finish(), HasReason(Reason::kBusy));
  for (grpc::ClientContext& context : contexts) context.TryCancel();
}

// A key that may judge nothing holds no place of those that may.
TEST_F(RunStreamsTest, EndAStreamWhoseFirstBatchTheyDoNotTake) {
  api_keys_file_ = directory_.path() + "/keys";
  std::ofstream(api_keys_file_) << "owner key-of-the-head-of-qa default owner\n"
                                << "release key-of-the-release-ci default operator\n"
                                << "nightly key-of-the-nightly-ci default operator\n";
  Restart();
  key_ = "key-of-the-head-of-qa";
  MakeSuite(1);
  v1::SetReleasePolicyRequest policy = PolicyRequest();
  policy.mutable_policy()->add_judges("release");
  ASSERT_OK(SetPolicy(policy));
  key_ = "key-of-the-release-ci";
  ASSERT_OK(StartRun("r1", "m1"));
  const auto send = [this](const std::string& key, const std::string& run_id) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + key);
    const auto stream = run_stub_->StreamOutputs(&context);
    v1::StreamOutputsRequest request;
    request.mutable_batch()->set_run_id(run_id);
    *request.mutable_batch()->add_outputs() = Output(0, "answer " + CaseId(0));
    stream->Write(request);
    v1::StreamOutputsResponse answer;
    if (stream->Read(&answer)) {
      stream->WritesDone();
      EXPECT_FALSE(stream->Read(&answer));
    }
    return stream->Finish();
  };
  EXPECT_THAT(send("key-of-the-nightly-ci", "r1"), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(send("key-of-the-release-ci", "r2"), HasReason(Reason::kNotFound));
  EXPECT_THAT(send("key-of-the-release-ci", "no id"), HasReason(Reason::kInvalidArgument));
  EXPECT_OK(send("key-of-the-release-ci", "r1"));
  EXPECT_EQ(Get("r1").answered(), 1);
}

}  // namespace
}  // namespace flywheel::evalgate
