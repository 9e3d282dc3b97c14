#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "shared/sql/connection.h"
#include "shared/status/errors.h"
#include "shared/testing/feed_sequence.h"
#include "tests/ingest_service/ingest_fixture.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;

class StreamTest : public IngestTest {
 protected:
  struct Stream {
    grpc::ClientContext context;
    std::unique_ptr<
        grpc::ClientReaderWriter<v1::StreamInteractionsRequest, v1::StreamInteractionsResponse>>
        calls;
  };

  std::unique_ptr<Stream> Open(const std::string& key = "") {
    auto stream = std::make_unique<Stream>();
    stream->context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    if (!key.empty()) stream->context.AddMetadata("authorization", "Bearer " + key);
    stream->calls = stub_->StreamInteractions(&stream->context);
    return stream;
  }

  v1::StreamInteractionsRequest Message(int first, int count) const {
    v1::StreamInteractionsRequest request;
    for (int i = first; i < first + count; ++i) {
      *request.add_interactions() = Interaction("i" + std::to_string(i));
    }
    return request;
  }
};

TEST_F(StreamTest, AnswersEveryMessageInOrderAfterItsCommit) {
  const auto stream = Open();
  std::thread sender([&] {
    for (int message = 0; message < 50; ++message) {
      ASSERT_TRUE(stream->calls->Write(Message(message * 10, 10)));
    }
    stream->calls->WritesDone();
  });
  v1::StreamInteractionsResponse response;
  int64_t sequence = 0;
  int next = 0;
  while (stream->calls->Read(&response)) {
    ASSERT_EQ(response.results_size(), 10);
    for (const auto& result : response.results()) {
      EXPECT_EQ(result.id(), "i" + std::to_string(next++));
      EXPECT_EQ(result.status(), common::v1::ITEM_STATUS_STORED);
      EXPECT_EQ(result.sequence(), ++sequence);
    }
    EXPECT_EQ(testing::FeedSequence(response.commit_token()), sequence);
  }
  sender.join();
  EXPECT_OK(stream->calls->Finish());
  EXPECT_EQ(next, 500);
  EXPECT_EQ(Stats().interactions(), 500);
}

TEST_F(StreamTest, RefusesAMessageAndGoesOnWithTheNext) {
  const auto stream = Open();
  v1::StreamInteractionsRequest mixed = Message(0, 2);
  mixed.mutable_interactions(0)->clear_agent();
  ASSERT_TRUE(stream->calls->Write(v1::StreamInteractionsRequest()));
  ASSERT_TRUE(stream->calls->Write(mixed));
  ASSERT_TRUE(stream->calls->Write(Message(1, 1)));
  stream->calls->WritesDone();
  v1::StreamInteractionsResponse response;
  ASSERT_TRUE(stream->calls->Read(&response));
  EXPECT_EQ(response.reason(), common::v1::ERROR_REASON_EMPTY_BATCH);
  EXPECT_NE(response.message(), "");
  ASSERT_TRUE(stream->calls->Read(&response));
  ASSERT_EQ(response.results_size(), 2);
  EXPECT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_REJECTED);
  EXPECT_EQ(response.results(1).status(), common::v1::ITEM_STATUS_STORED);
  ASSERT_TRUE(stream->calls->Read(&response));
  EXPECT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_REPLAYED);
  EXPECT_FALSE(stream->calls->Read(&response));
  EXPECT_OK(stream->calls->Finish());
}

TEST_F(StreamTest, TellsBackPressureOfOneMessageAndEndsNothing) {
  config_.server.max_message_bytes = 4'096;
  config_.server.max_queued_bytes = 4'096;
  Start();
  auto other = sql::Connection::Open(dir_.path() + "/ingest.db", sql::Access::kWrite);
  ASSERT_OK(other);
  ASSERT_OK((*other)->Execute("BEGIN IMMEDIATE"));
  const auto large = [this](const std::string& id) {
    v1::Interaction interaction = Interaction(id);
    interaction.set_output(std::string(3'000, 'x'));
    return interaction;
  };
  // The store is locked, so one of two calls waits in the queue and the other says that it is full.
  absl::Notification full;
  std::once_flag told;
  std::vector<std::thread> callers;
  for (const char* id : {"a", "b"}) {
    callers.emplace_back([&, id] {
      v1::LogInteractionsRequest request;
      *request.add_interactions() = large(id);
      v1::LogInteractionsResponse response;
      if (Call(&v1::IngestService::Stub::LogInteractions, request, &response).ok()) return;
      // The one that waits may fail too, once it has waited for the lock in vain.
      std::call_once(told, [&] { full.Notify(); });
    });
  }
  ASSERT_TRUE(full.WaitForNotificationWithTimeout(absl::Seconds(4)));
  const auto stream = Open();
  v1::StreamInteractionsRequest request;
  *request.add_interactions() = large("c");
  ASSERT_TRUE(stream->calls->Write(request));
  v1::StreamInteractionsResponse response;
  ASSERT_TRUE(stream->calls->Read(&response));
  EXPECT_EQ(response.reason(), common::v1::ERROR_REASON_BACK_PRESSURE);
  EXPECT_GT(response.retry_delay().nanos(), 0);
  ASSERT_OK((*other)->Execute("ROLLBACK"));
  for (std::thread& caller : callers) caller.join();
  ASSERT_TRUE(stream->calls->Write(request));
  stream->calls->WritesDone();
  ASSERT_TRUE(stream->calls->Read(&response));
  ASSERT_EQ(response.results_size(), 1);
  EXPECT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_FALSE(stream->calls->Read(&response));
  EXPECT_OK(stream->calls->Finish());
}

TEST_F(StreamTest, ASenderThatReadsNoAnswersIsStoppedAndLosesNothing) {
  const auto stream = Open();
  std::atomic<int> written = 0;
  std::thread sender([&] {
    for (int message = 0; message < 400; ++message) {
      v1::StreamInteractionsRequest request = Message(message, 1);
      request.mutable_interactions(0)->set_output(std::string(100'000, 'x'));
      if (!stream->calls->Write(request)) return;
      ++written;
    }
    stream->calls->WritesDone();
  });
  v1::StreamInteractionsResponse response;
  int answered = 0;
  while (stream->calls->Read(&response)) {
    EXPECT_EQ(response.results(0).id(), "i" + std::to_string(answered++));
  }
  sender.join();
  EXPECT_OK(stream->calls->Finish());
  EXPECT_EQ(answered, 400);
  EXPECT_EQ(written, 400);
}

TEST_F(StreamTest, ManyStreamsThatBreakLeaveTheServiceWhole) {
  for (int round = 0; round < 30; ++round) {
    const auto stream = Open();
    for (int message = 0; message < 5; ++message) {
      ASSERT_TRUE(stream->calls->Write(Message(round * 100 + message * 10, 10)));
    }
    if (round % 2 == 0) {
      v1::StreamInteractionsResponse response;
      ASSERT_TRUE(stream->calls->Read(&response));
    }
    stream->context.TryCancel();
    EXPECT_EQ(stream->calls->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  const auto stream = Open();
  ASSERT_TRUE(stream->calls->Write(Message(9'999, 1)));
  v1::StreamInteractionsResponse response;
  ASSERT_TRUE(stream->calls->Read(&response));
  EXPECT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_STORED);
}

TEST_F(StreamTest, WhatABrokenStreamLeftWaitingIsWrittenWhenTheServerEnds) {
  auto other = sql::Connection::Open(dir_.path() + "/ingest.db", sql::Access::kWrite);
  ASSERT_OK(other);
  ASSERT_OK((*other)->Execute("BEGIN IMMEDIATE"));
  const auto stream = Open();
  ASSERT_TRUE(stream->calls->Write(Message(0, 1)));
  ASSERT_TRUE(stream->calls->Write(Message(1, 1)));
  stream->context.TryCancel();
  EXPECT_EQ(stream->calls->Finish().error_code(), grpc::StatusCode::CANCELLED);
  std::thread ender([&] { server_ = nullptr; });
  ASSERT_OK((*other)->Execute("ROLLBACK"));
  ender.join();
  // Nobody was told, so all or nothing of it may be there; sending it again is safe.
  Start();
  EXPECT_LE(Stats().interactions(), 2);
  EXPECT_EQ(Log({Interaction("i0"), Interaction("i1")}).results_size(), 2);
  EXPECT_EQ(Stats().interactions(), 2);
}

TEST_F(StreamTest, EndsOpenStreamsWhenTheServerStopsWithoutWaitingForThem) {
  const auto stream = Open();
  ASSERT_TRUE(stream->calls->Write(Message(0, 1)));
  v1::StreamInteractionsResponse response;
  ASSERT_TRUE(stream->calls->Read(&response));
  // A server that waited for the stream would be waited for by this test until its end.
  std::thread stopper([&] { server_->Stop(absl::Hours(24)); });
  EXPECT_FALSE(stream->calls->Read(&response));
  EXPECT_THAT(stream->calls->Finish(), HasReason(Reason::kShuttingDown));
  stopper.join();
}

TEST_F(StreamTest, WantsAWritersKey) {
  const std::string keys = dir_.path() + "/keys";
  std::ofstream(keys) << "board key-of-the-shop-1234 shop reader\n";
  config_.server.api_keys_file = keys;
  Start();
  for (const auto& [key, reason] : std::vector<std::pair<std::string, Reason>>{
           {"", Reason::kUnauthenticated}, {"key-of-the-shop-1234", Reason::kPermissionDenied}}) {
    const auto stream = Open(key);
    v1::StreamInteractionsResponse response;
    EXPECT_FALSE(stream->calls->Read(&response));
    EXPECT_THAT(stream->calls->Finish(), HasReason(reason));
  }
}

}  // namespace
}  // namespace flywheel::ingest
