// Keys while a service runs: taken away and given by SIGHUP, and files that others may touch.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

#include "shared/time/poll.h"
#include "tests/integration/http_client.h"
#include "tests/integration/local_service.h"

namespace flywheel::integration {
namespace {

using cli::Service;
using ingest::v1::IngestService;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kOld[] = "old-key-of-the-shop-1";
constexpr char kNew[] = "new-key-of-the-shop-2";
constexpr absl::Duration kSoon = absl::Seconds(20);

class ApiKeysOfAService : public LocalServiceTest {
 protected:
  void Write(const std::string& keys, mode_t mode = 0600) {
    std::ofstream(keys_) << keys;
    ASSERT_EQ(chmod(keys_.c_str(), mode), 0);
  }

  void Start(const std::string& keys) {
    Write(keys);
    auto options = Options(dir_.path(), {Service::kIngest});
    options.metrics = true;
    options.extra_arguments[Service::kIngest] = {"--api-keys-file", keys_};
    auto started = cli::LocalServices::Start(options);
    ASSERT_OK(started);
    services_ = *std::move(started);
    channel_ = *rpc::Channel::Open({services_->at(Service::kIngest).address, "", ""});
  }

  static std::string Line(const std::string& id, const std::string& key,
                          const std::string& roles = "reader") {
    return id + " " + key + " shop " + roles + "\n";
  }

  void HangUp() const { ASSERT_EQ(kill(services_->pid(Service::kIngest), SIGHUP), 0); }

  grpc::Status Stats(const std::string& key) {
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(20));
    context.AddMetadata("authorization", "Bearer " + key);
    ingest::v1::GetStatsResponse response;
    return IngestService::NewStub(channel_.get())->GetStats(&context, {}, &response);
  }

  bool AwaitLog(const std::string& words) {
    return PollUntil([&] { return Log().find(words) != std::string::npos; }, kSoon);
  }
  std::string Log() const { return cli::ReadAll(services_->at(Service::kIngest).log_file); }

  std::string Metrics() const {
    const std::string& address = services_->at(Service::kIngest).metrics_address;
    return HttpGet(std::stoi(address.substr(address.rfind(':') + 1)), "/metrics");
  }

  const std::string keys_ = dir_.path() + "/keys";
};

TEST_F(ApiKeysOfAService, AreReadAgainOnSighup) {
  ASSERT_NO_FATAL_FAILURE(Start(Line("old", kOld)));
  EXPECT_OK(Stats(kOld));
  EXPECT_THAT(Stats(kNew), testing::HasReason(Reason::kUnauthenticated));
  // Whoever reads already is asked again, too.
  grpc::ClientContext context;
  channel_.Prepare(context, absl::Seconds(60));
  context.AddMetadata("authorization", std::string("Bearer ") + kOld);
  ingest::v1::ReadFeedRequest follow;
  follow.set_follow(true);
  const auto reader = IngestService::NewStub(channel_.get())->ReadFeed(&context, follow);
  ingest::v1::ReadFeedResponse page;
  ASSERT_TRUE(reader->Read(&page));

  Write(Line("new", kNew));
  HangUp();
  EXPECT_TRUE(PollUntil([this] { return Stats(kNew).ok(); }, kSoon));
  EXPECT_THAT(Stats(kOld), testing::HasReason(Reason::kUnauthenticated));
  while (reader->Read(&page)) {
  }
  EXPECT_THAT(reader->Finish(), testing::HasReason(Reason::kUnauthenticated));
  EXPECT_THAT(Log(), HasSubstr("event=keys_reloaded keys=1"));
}

TEST_F(ApiKeysOfAService, AreAskedForBetweenTheMessagesOfALongAnswer) {
  ASSERT_NO_FATAL_FAILURE(Start(Line("old", kOld) + Line("new", kNew, "writer")));
  // About twenty messages of the feed, far more than fits on the way to a client that reads one.
  constexpr int kInteractions = 40;
  for (int i = 0; i < kInteractions; ++i) {
    ingest::v1::LogInteractionsRequest request;
    ingest::v1::Interaction& interaction = *request.add_interactions();
    interaction.set_interaction_id("long-" + std::to_string(i));
    interaction.set_agent("agent");
    interaction.mutable_start_time()->set_seconds(1'700'000'000);
    interaction.set_output(std::string(500'000, 'x'));
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(20));
    context.AddMetadata("authorization", std::string("Bearer ") + kNew);
    ingest::v1::LogInteractionsResponse response;
    ASSERT_OK(
        IngestService::NewStub(channel_.get())->LogInteractions(&context, request, &response));
  }
  grpc::ClientContext context;
  channel_.Prepare(context, absl::Seconds(60));
  context.AddMetadata("authorization", std::string("Bearer ") + kOld);
  const auto reader = IngestService::NewStub(channel_.get())->ReadFeed(&context, {});
  ingest::v1::ReadFeedResponse page;
  ASSERT_TRUE(reader->Read(&page));

  Write(Line("new", kNew, "writer"));
  HangUp();
  EXPECT_TRUE(PollUntil([this] { return !Stats(kOld).ok(); }, kSoon));
  int entries = page.entries_size();
  while (reader->Read(&page)) entries += page.entries_size();
  EXPECT_THAT(reader->Finish(), testing::HasReason(Reason::kUnauthenticated));
  EXPECT_LT(entries, kInteractions);
}

TEST_F(ApiKeysOfAService, StayWhereTheNewFileCannotBeUsed) {
  ASSERT_NO_FATAL_FAILURE(Start(Line("old", kOld)));
  Write("no line of this is a key\n");
  HangUp();
  EXPECT_TRUE(AwaitLog("event=keys_not_reloaded")) << Log();
  EXPECT_OK(Stats(kOld));
  EXPECT_THAT(Metrics(), HasSubstr("flywheel_api_keys_stale 1"));

  Write(Line("new", kNew), 0666);
  HangUp();
  EXPECT_TRUE(AwaitLog("which others may write")) << Log();
  EXPECT_OK(Stats(kOld));
  EXPECT_THAT(Log(), Not(HasSubstr(kNew)));

  Write(Line("new", kNew));
  HangUp();
  EXPECT_TRUE(PollUntil([this] { return Stats(kNew).ok(); }, kSoon));
  EXPECT_THAT(Metrics(), HasSubstr("flywheel_api_keys_stale 0"));
}

TEST_F(ApiKeysOfAService, EndAtTheirTimeAndGoOnWithALaterOne) {
  ASSERT_NO_FATAL_FAILURE(Start(Line("old", kOld, "reader expires=2020-01-01T00:00:00Z")));
  const grpc::Status refused = Stats(kOld);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_THAT(refused, testing::HasReason(Reason::kKeyExpired));
  EXPECT_THAT(Log(), HasSubstr("event=key_expired key=old project=shop"));
  EXPECT_THAT(Metrics(), HasSubstr("flywheel_api_keys_expiring 1"));
  Write(Line("old", kOld, "reader expires=2100-01-01T00:00:00Z"));
  HangUp();
  EXPECT_TRUE(PollUntil([this] { return Stats(kOld).ok(); }, kSoon));
  EXPECT_THAT(Metrics(), HasSubstr("flywheel_api_keys_expiring 0"));
}

TEST_F(ApiKeysOfAService, ThatOthersMayReadAreSaidInTheLog) {
  Write(Line("old", kOld), 0644);
  auto options = Options(dir_.path(), {Service::kIngest});
  options.extra_arguments[Service::kIngest] = {"--api-keys-file", keys_};
  auto started = cli::LocalServices::Start(options);
  ASSERT_OK(started);
  services_ = *std::move(started);
  EXPECT_THAT(Log(), HasSubstr("event=secret_file_open flag=--api-keys-file"));
}

TEST_F(ApiKeysOfAService, AreNotTakenTwiceInOneCall) {
  ASSERT_NO_FATAL_FAILURE(Start(Line("old", kOld)));
  grpc::ClientContext context;
  channel_.Prepare(context, absl::Seconds(20));
  context.AddMetadata("authorization", std::string("Bearer ") + kOld);
  context.AddMetadata("authorization", std::string("Bearer ") + kNew);
  ingest::v1::GetStatsResponse response;
  EXPECT_THAT(IngestService::NewStub(channel_.get())->GetStats(&context, {}, &response),
              testing::HasReason(Reason::kInvalidArgument));
  const std::string& address = services_->at(Service::kIngest).otlp_http_address;
  HttpClient client(std::stoi(address.substr(address.rfind(':') + 1)));
  const std::string keys =
      std::string("Authorization: Bearer ") + kOld + "\r\nauthorization: Bearer " + kNew + "\r\n";
  EXPECT_TRUE(client.Send(HttpPost("/v1/traces", "application/json", "{}", keys)));
  EXPECT_EQ(client.Read().status, 400);
}

}  // namespace
}  // namespace flywheel::integration
