// A recogniser of somebody else beside ingest: what it finds is replaced, and what it has not seen
// is not stored.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "flywheel/ingest/v1/privacy_service.grpc.pb.h"
#include "shared/status/errors.h"
#include "shared/time/poll.h"
#include "tests/ingest_service/otlp/otlp_fixture.h"
#include "tests/ingest_service/privacy/fake_recogniser.h"

namespace flywheel::ingest {
namespace {

using redaction::v1::RecogniseResponse;
using ::testing::Contains;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class RecogniserTest : public OtlpTest {
 protected:
  void SetUp() override {
    fake_.Know("Quillfeather", "NAME");
    config_.recogniser.address = fake_.address();
    config_.recogniser.timeout_seconds = 20;
    OtlpTest::SetUp();
  }

  void Restart(double timeout_seconds) {
    config_.recogniser.timeout_seconds = timeout_seconds;
    Start();
  }

  v1::Interaction Saying(const std::string& id, const std::string& input) const {
    v1::Interaction interaction = Interaction(id);
    interaction.set_input(input);
    return interaction;
  }

  grpc::Status TryLog(const v1::Interaction& interaction) {
    v1::LogInteractionsRequest request;
    *request.add_interactions() = interaction;
    v1::LogInteractionsResponse response;
    return Call(&v1::IngestService::Stub::LogInteractions, request, &response);
  }

  void ExpectRefused(const v1::Interaction& interaction) {
    const grpc::Status status = TryLog(interaction);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
    EXPECT_THAT(status, HasReason(Reason::kRecogniserUnavailable));
    EXPECT_THAT(status.error_message(), Not(HasSubstr("Quillfeather")));
    EXPECT_EQ(Stats().interactions(), 0);
  }

  grpc::Status Scan(const v1::ScanTextRequest& request, v1::ScanTextResponse* response) {
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(60));
    return v1::PrivacyService::NewStub(channel_.get())->ScanText(&context, request, response);
  }

  // Of an item that is refused alone.
  void ExpectItemRefused(FakeRecogniser::Change change) {
    fake_.Spoil(std::move(change));
    const auto response = Log({Saying("i-1", "it is Quillfeather, J\u00f6rg")});
    ASSERT_EQ(response.results_size(), 1);
    EXPECT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_REJECTED);
    EXPECT_EQ(response.results(0).reason(), common::v1::ERROR_REASON_RECOGNISER_UNAVAILABLE);
    EXPECT_EQ(Stats().interactions(), 0);
  }

  FakeRecogniser fake_;
};

TEST_F(RecogniserTest, ItsSpansAreReplacedAsOursAre) {
  fake_.Know("zeppelin pilot", "OCCUPATION");
  v1::Interaction interaction =
      Saying("i-1", "ask Quillfeather, the zeppelin pilot, a@example.com");
  (*interaction.mutable_attributes())["note"] = "Quillfeather again";
  Log({interaction});
  const v1::Interaction stored = Get("i-1").interaction();
  EXPECT_EQ(stored.input(), "ask [NAME_1], the [OCCUPATION_1], [EMAIL_1]");
  EXPECT_EQ(stored.attributes().at("note"), "[NAME_1] again");
}

TEST_F(RecogniserTest, OfJsonItSeesEachStringAndJsonStaysJson) {
  v1::Interaction interaction = Interaction("i-1");
  (*interaction.mutable_attributes())["arguments"] =
      R"({"who": "line\n\"Quillfeather\"", "count": 3})";
  Log({interaction});
  EXPECT_EQ(Get("i-1").interaction().attributes().at("arguments"),
            R"({"who": "line\n\"[NAME_1]\"", "count": 3})");
  ASSERT_THAT(fake_.calls(), SizeIs(1));
  EXPECT_THAT(fake_.calls()[0], Contains("line\n\"Quillfeather\""));
  EXPECT_THAT(fake_.calls()[0], Not(Contains("who")));
}

TEST_F(RecogniserTest, AScanAsksItToo) {
  v1::ScanTextRequest request;
  request.add_texts()->set_text(
      "it is Quill\x01"
      "feather, a@example.com");
  v1::ScanTextResponse scanned;
  ASSERT_OK(Scan(request, &scanned));
  EXPECT_EQ(scanned.texts(0).stored_text(), "it is [NAME_1], [EMAIL_1]");
  ASSERT_EQ(scanned.texts(0).findings_size(), 2);
  EXPECT_EQ(scanned.texts(0).findings(0).recogniser(), "own");
  EXPECT_EQ(scanned.texts(0).findings(1).recogniser(), "email");
  fake_.Spoil([](RecogniseResponse& response) { response.clear_results(); });
  EXPECT_THAT(Scan(request, &scanned), HasReason(Reason::kRecogniserUnavailable));
}

TEST_F(RecogniserTest, PlaceholdersInsideOfASpanStay) {
  fake_.Know("Quillfeather [NAME_7] lives", "NAME");
  Log({Saying("i-1", "Quillfeather [NAME_7] lives")});
  EXPECT_EQ(Get("i-1").interaction().input(), "[NAME_8] [NAME_7] [NAME_9]");
}

TEST_F(RecogniserTest, WhatItIsNotSureOfAndOtherTypesStay) {
  config_.recogniser.types = {"NAME"};
  Start();
  fake_.Know("perhaps", "NAME", .49);
  fake_.Know("zeppelin", "VEHICLE");
  Log({Saying("i-1", "perhaps Quillfeather's zeppelin")});
  EXPECT_EQ(Get("i-1").interaction().input(), "perhaps [NAME_1]'s zeppelin");
}

TEST_F(RecogniserTest, ABatchIsOneCallWithEqualTextsOnce) {
  std::vector<v1::Interaction> batch;
  for (int i = 0; i < 100; ++i) {
    batch.push_back(Saying("i-" + std::to_string(i), "question " + std::to_string(i % 50)));
  }
  const v1::LogInteractionsResponse logged = Log(batch);
  for (const auto& result : logged.results()) {
    EXPECT_EQ(result.status(), common::v1::ITEM_STATUS_STORED);
  }
  ASSERT_THAT(fake_.calls(), SizeIs(1));
  EXPECT_THAT(fake_.calls()[0], SizeIs(51));  // 50 questions, and one answer to all.
}

TEST_F(RecogniserTest, ALargeBatchIsAFewCallsOfAtMostAMebibyte) {
  std::vector<v1::Interaction> batch;
  for (int i = 0; i < 5; ++i) {
    batch.push_back(
        Saying("i-" + std::to_string(i), std::string(500'000, static_cast<char>('a' + i))));
  }
  Log(batch);
  const auto calls = fake_.calls();
  EXPECT_THAT(calls, SizeIs(3));
  for (const auto& call : calls) {
    size_t bytes = 0;
    for (const std::string& text : call) bytes += text.size();
    EXPECT_LE(bytes, size_t{1} << 20);
  }
}

TEST_F(RecogniserTest, IsAskedAboutSignals) {
  v1::Signal signal = Signal("s-1", "i-1");
  signal.set_comment("Quillfeather was kind");
  Record({signal});
  ASSERT_THAT(fake_.calls(), SizeIs(1));
  EXPECT_THAT(fake_.calls()[0], UnorderedElementsAre("Quillfeather was kind"));
}

TEST_F(RecogniserTest, WhileItIsDownNothingIsStoredAndAfterwardsAllIs) {
  fake_.Stop();
  ExpectRefused(Saying("i-1", "ask Quillfeather"));
  fake_.Start();
  EXPECT_TRUE(
      PollUntil([&] { return TryLog(Saying("i-1", "ask Quillfeather")).ok(); }, absl::Seconds(30)));
  EXPECT_EQ(Get("i-1").interaction().input(), "ask [NAME_1]");
}

TEST_F(RecogniserTest, WhileItIsSlowCallsAreRefusedWithinTheDeadline) {
  Restart(.3);
  fake_.HoldAnswers(true);
  const absl::Time begin = absl::Now();
  ExpectRefused(Saying("i-1", "ask Quillfeather"));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(10));
  fake_.HoldAnswers(false);
}

TEST_F(RecogniserTest, AnErrorOfItIsARefusalThatDoesNotRepeatItsWords) {
  fake_.Refuse({grpc::StatusCode::INTERNAL, "cannot read 'Quillfeather'"});
  ExpectRefused(Saying("i-1", "ask Quillfeather"));
}

TEST_F(RecogniserTest, AnAnswerOfAnotherLengthIsNone) {
  fake_.Spoil([](RecogniseResponse& response) { response.add_results(); });
  ExpectRefused(Saying("i-1", "ask Quillfeather"));
}

TEST_F(RecogniserTest, ASpanThatBreaksTheContractRefusesItsItem) {
  const auto with = [](auto change) {
    return [change](RecogniseResponse& response) {
      for (auto& result : *response.mutable_results()) {
        for (auto& span : *result.mutable_spans()) change(span);
      }
    };
  };
  ExpectItemRefused(with([](auto& span) { span.set_end(1'000); }));
  ExpectItemRefused(with([](auto& span) { span.set_begin(-1); }));
  ExpectItemRefused(with([](auto& span) { span.set_begin(span.end()); }));
  ExpectItemRefused(with([](auto& span) { span.set_end(22); }));  // Inside of the umlaut.
  ExpectItemRefused(with([](auto& span) { span.set_score(1.5); }));
  ExpectItemRefused(with([](auto& span) { span.set_type("name"); }));
}

TEST_F(RecogniserTest, OneBadAnswerDoesNotTakeItsBatchAlong) {
  fake_.Spoil([](RecogniseResponse& response) {
    for (auto& result : *response.mutable_results()) {
      for (auto& span : *result.mutable_spans()) span.set_end(1'000);
    }
  });
  const auto response = Log({Saying("i-1", "ask Quillfeather"), Saying("i-2", "ask nobody")});
  EXPECT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_REJECTED);
  EXPECT_EQ(response.results(1).status(), common::v1::ITEM_STATUS_STORED);
}

TEST_F(RecogniserTest, SpansAreSeenBeforeTheyWaitAndNotAgainLater) {
  Export(Chat(1, "ask Quillfeather"));
  const auto calls = fake_.calls();
  ASSERT_THAT(calls, SizeIs(1));
  EXPECT_THAT(calls[0], Contains("ask Quillfeather"));
  // What waits is replaced by now, so that it can go on without the recogniser.
  fake_.Stop();
  PassUntil(1);
  EXPECT_EQ(Get("otel-" + TraceHex(1)).interaction().input(), "ask [NAME_1]");
  EXPECT_THAT(fake_.calls(), SizeIs(1));
}

TEST_F(RecogniserTest, AnExportThatItHasNotSeenIsRefusedAsAWhole) {
  fake_.Stop();
  OtlpTracesAnswer answer;
  const grpc::Status status = Export(Chat(1, "ask Quillfeather").request(), &answer);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(status, HasReason(Reason::kRecogniserUnavailable));
  EXPECT_EQ(CountRows("otlp_spans"), 0);
}

TEST_F(RecogniserTest, IsRefusedWithRedactionOffAndBeyondLoopbackInClear) {
  config_.redaction.mode = "off";
  EXPECT_THAT(IngestServer::Start(config_, &clock_).status(),
              HasReason(Reason::kInvalidConfiguration));
  config_.redaction.mode = "on";
  config_.recogniser.address = "recogniser.example:7405";
  server_.reset();
  EXPECT_THAT(IngestServer::Start(config_, &clock_).status(),
              HasReason(Reason::kInvalidConfiguration));
}

}  // namespace
}  // namespace flywheel::ingest
