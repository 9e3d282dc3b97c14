#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "shared/rpc/feed_token.h"
#include "shared/status/errors.h"
#include "shared/testing/feed_sequence.h"
#include "tests/ingest_service/ingest_fixture.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;

class FeedTest : public IngestTest {
 protected:
  // Everything after `cursor`, read to the end.
  std::vector<v1::FeedEntry> Read(int64_t cursor, int32_t max_entries, int64_t* next_cursor) {
    v1::ReadFeedRequest request;
    request.set_cursor(rpc::FeedToken(cursor));
    request.set_max_entries(max_entries);
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(20));
    const auto reader = stub_->ReadFeed(&context, request);
    std::vector<v1::FeedEntry> entries;
    v1::ReadFeedResponse response;
    while (reader->Read(&response)) {
      EXPECT_LE(response.entries_size(), max_entries);
      entries.insert(entries.end(), response.entries().begin(), response.entries().end());
      *next_cursor = testing::FeedSequence(response.next_cursor());
    }
    EXPECT_OK(reader->Finish());
    return entries;
  }
};

TEST_F(FeedTest, GivesInteractionsAndSignalsInCommitOrder) {
  Record({Signal("early", "a")});
  Log({Interaction("a"), Interaction("b")});
  Record({Signal("late", "b")});
  int64_t cursor = 0;
  const auto entries = Read(0, 2, &cursor);
  ASSERT_EQ(entries.size(), 4u);
  EXPECT_EQ(entries[0].signal().signal_id(), "early");
  EXPECT_EQ(entries[1].interaction().interaction_id(), "a");
  EXPECT_EQ(entries[2].interaction().interaction_id(), "b");
  EXPECT_EQ(entries[3].signal().signal_id(), "late");
  for (size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(entries[i].sequence(), static_cast<int64_t>(i) + 1);
    EXPECT_EQ(entries[i].project(), "default");
  }
  EXPECT_EQ(cursor, 4);
}

TEST_F(FeedTest, BringsTheAssignmentToken) {
  v1::Interaction interaction = Interaction("a");
  interaction.set_assignment_token("Ab-_9");
  Log({interaction});
  int64_t cursor = 0;
  const auto entries = Read(0, 2, &cursor);
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].interaction().assignment_token(), "Ab-_9");
}

TEST_F(FeedTest, GoesOnAfterACursorWithEachRecordOnce) {
  Log({Interaction("a"), Interaction("b"), Interaction("c")});
  int64_t cursor = 0;
  const auto rest = Read(2, 10, &cursor);
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].interaction().interaction_id(), "c");
  EXPECT_TRUE(Read(cursor, 10, &cursor).empty());
}

TEST_F(FeedTest, EndsAMessageByItsBytesAndLosesNothing) {
  std::vector<v1::Interaction> large;
  for (int i = 0; i < 12; ++i) {
    large.push_back(Interaction("large-" + std::to_string(i)));
    large.back().set_output(std::string(600'000, 'x'));
  }
  Log(large);
  std::vector<v1::Signal> signals;
  for (int i = 0; i < 12; ++i) {
    signals.push_back(
        Signal("s" + std::to_string(i), large[static_cast<size_t>(i)].interaction_id()));
  }
  Record(signals);
  Log({Interaction("last")});
  v1::ReadFeedRequest request;
  grpc::ClientContext context;
  channel_.Prepare(context, absl::Seconds(20));
  const auto reader = stub_->ReadFeed(&context, request);
  v1::ReadFeedResponse response;
  int64_t expected = 1;
  int messages = 0;
  while (reader->Read(&response)) {
    EXPECT_LT(response.ByteSizeLong(), 2u << 20);
    for (const auto& entry : response.entries()) EXPECT_EQ(entry.sequence(), expected++);
    ++messages;
  }
  EXPECT_OK(reader->Finish());
  EXPECT_EQ(expected, 26);
  EXPECT_GE(messages, 6);
  EXPECT_TRUE(response.caught_up());
}

TEST_F(FeedTest, AFollowerGetsWhatIsCommittedWhileItWaits) {
  v1::ReadFeedRequest request;
  request.set_follow(true);
  grpc::ClientContext context;
  channel_.Prepare(context, absl::Seconds(20));
  const auto reader = stub_->ReadFeed(&context, request);
  v1::ReadFeedResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_TRUE(response.caught_up());
  EXPECT_EQ(response.entries_size(), 0);
  std::thread writer([&] { Log({Interaction("a")}); });
  ASSERT_TRUE(reader->Read(&response));
  writer.join();
  ASSERT_EQ(response.entries_size(), 1);
  EXPECT_EQ(response.entries(0).interaction().interaction_id(), "a");
  context.TryCancel();
  while (reader->Read(&response)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(FeedTest, AFollowerIsToldThatTheServerStops) {
  v1::ReadFeedRequest request;
  request.set_follow(true);
  grpc::ClientContext context;
  channel_.Prepare(context, absl::Seconds(20));
  const auto reader = stub_->ReadFeed(&context, request);
  v1::ReadFeedResponse response;
  ASSERT_TRUE(reader->Read(&response));
  std::thread stopper([&] { server_->Stop(absl::Seconds(5)); });
  while (reader->Read(&response)) {
  }
  EXPECT_THAT(reader->Finish(), HasReason(Reason::kShuttingDown));
  stopper.join();
}

TEST_F(FeedTest, ShowsAProjectItsOwnRecordsAndAServiceAllOfThem) {
  const std::string keys = dir_.path() + "/keys";
  std::ofstream(keys)
      << "shop key-of-the-shop-1234 shop writer\nbank key-of-the-bank-1234 bank writer\n"
         "curation key-of-curation-1234 * service\n";
  config_.server.api_keys_file = keys;
  Start();
  for (const char* key : {"key-of-the-shop-1234", "key-of-the-bank-1234"}) {
    v1::LogInteractionsRequest request;
    *request.add_interactions() = Interaction("same-id");
    v1::LogInteractionsResponse response;
    ASSERT_OK(Call(&v1::IngestService::Stub::LogInteractions, request, &response, key));
    EXPECT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_STORED);
  }
  const auto projects = [&](const std::string& key, bool all_projects,
                            std::optional<Reason> refusal = std::nullopt) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + key);
    v1::ReadFeedRequest request;
    request.set_all_projects(all_projects);
    const auto reader = stub_->ReadFeed(&context, request);
    std::string text;
    v1::ReadFeedResponse response;
    while (reader->Read(&response)) {
      for (const auto& entry : response.entries()) text += entry.project() + " ";
    }
    const grpc::Status end = reader->Finish();
    if (refusal.has_value()) {
      EXPECT_THAT(end, HasReason(*refusal));
    } else {
      EXPECT_OK(end);
    }
    return text;
  };
  EXPECT_EQ(projects("key-of-the-shop-1234", false), "shop ");
  EXPECT_EQ(projects("key-of-curation-1234", true), "shop bank ");
  // Less than was asked for would be a gap that nobody sees.
  EXPECT_EQ(projects("key-of-the-shop-1234", true, Reason::kPermissionDenied), "");
}

TEST_F(FeedTest, RefusesACursorBeyondTheNewestRecord) {
  Log({Interaction("a")});
  v1::ReadFeedRequest request;
  request.set_cursor(rpc::FeedToken(2));
  grpc::ClientContext context;
  const auto reader = stub_->ReadFeed(&context, request);
  v1::ReadFeedResponse response;
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_THAT(reader->Finish(), HasReason(Reason::kCursorAhead));
}

TEST_F(FeedTest, BoundsTheNumberOfFollowersAndHasRoomAgainWhenOneLeaves) {
  struct Follower {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<v1::ReadFeedResponse>> reader;
  };
  v1::ReadFeedRequest request;
  request.set_follow(true);
  v1::ReadFeedResponse response;
  std::vector<std::unique_ptr<Follower>> followers;
  for (int i = 0; i < 8; ++i) {
    followers.push_back(std::make_unique<Follower>());
    followers.back()->reader = stub_->ReadFeed(&followers.back()->context, request);
    ASSERT_TRUE(followers.back()->reader->Read(&response));
  }
  grpc::ClientContext context;
  const auto refused = stub_->ReadFeed(&context, request);
  EXPECT_FALSE(refused->Read(&response));
  const grpc::Status end = refused->Finish();
  EXPECT_THAT(end, HasReason(Reason::kBusy));
  EXPECT_TRUE(errors::RetryDelayOf(rpc::FromGrpcStatus(end)).has_value());
  // No tenant keeps out who reads for all of them.
  grpc::ClientContext other;
  v1::ReadFeedRequest all;
  all.set_all_projects(true);
  EXPECT_TRUE(stub_->ReadFeed(&other, all)->Read(&response));
  other.TryCancel();
  Log({Interaction("a")});

  followers.front()->context.TryCancel();
  const absl::Time deadline = absl::Now() + absl::Seconds(10);
  bool has_room = false;
  while (!has_room && absl::Now() < deadline) {
    grpc::ClientContext next;
    has_room = stub_->ReadFeed(&next, request)->Read(&response);
    next.TryCancel();
  }
  EXPECT_TRUE(has_room);
  for (const auto& follower : followers) follower->context.TryCancel();
}

}  // namespace
}  // namespace flywheel::ingest
