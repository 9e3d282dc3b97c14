// Test fixture: a curation server over a real socket, with a feed that the test writes.
#ifndef FLYWHEEL_TESTS_CURATION_SERVICE_CURATION_FIXTURE_H_
#define FLYWHEEL_TESTS_CURATION_SERVICE_CURATION_FIXTURE_H_

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "curation_service/curation_server.h"
#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "shared/rpc/feed_token.h"
#include "shared/testing/feed_sequence.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"
#include "shared/time/poll.h"
#include "tests/curation_service/fake_ingest.h"

namespace flywheel::curation {

inline constexpr char kAgent[] = "support";

// What an interaction is made from; everything that a test does not care about has a value.
struct Said {
  std::string id;
  std::string input = "where is my parcel";
  std::string output = "on its way";
  std::string session = "";
  std::string user = "u_someone";
  std::string agent = kAgent;
};

inline ingest::v1::FeedEntry InteractionEntry(const Said& said) {
  ingest::v1::FeedEntry entry;
  ingest::v1::Interaction& interaction = *entry.mutable_interaction();
  interaction.set_interaction_id(said.id);
  interaction.set_session_id(said.session);
  interaction.set_user_id(said.user);
  interaction.set_agent(said.agent);
  interaction.set_model_version("model-1");
  interaction.set_input(said.input);
  interaction.set_output(said.output);
  return entry;
}

// Adds a message of one text.
inline void AddText(common::v1::Role role, const std::string& text,
                    google::protobuf::RepeatedPtrField<common::v1::Message>& messages) {
  common::v1::Message& message = *messages.Add();
  message.set_role(role);
  message.add_parts()->set_text(text);
}

// A signal of a user about an interaction; its kind is for the caller to set.
inline ingest::v1::FeedEntry SignalEntry(const std::string& signal_id,
                                         const std::string& interaction_id) {
  ingest::v1::FeedEntry entry;
  ingest::v1::Signal& signal = *entry.mutable_signal();
  signal.set_signal_id(signal_id);
  signal.set_interaction_id(interaction_id);
  signal.mutable_event_time()->set_seconds(1'700'000'000);
  signal.set_actor(ingest::v1::ACTOR_USER);
  return entry;
}

class CurationTest : public ::testing::Test {
 protected:
  CurationTest() { Start(); }
  // With another configuration, also after a restart.
  explicit CurationTest(std::function<void(CurationConfig&)> configure)
      : configure_(std::move(configure)) {
    Start();
  }

  void Start() {
    CurationConfig config;
    config.server.service = "curation";
    config.server.listen = "127.0.0.1:0";
    config.server.data_dir = data_.path();
    config.ingest_address = ingest_.address();
    if (configure_) configure_(config);
    ASSERT_OK(rpc::FinishServerConfig(config.server));
    auto server = CurationServer::Start(config, &clock_);
    ASSERT_OK(server);
    server_ = *std::move(server);
    stub_ = v1::CurationService::NewStub(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials()));
  }

  void Restart() {
    server_->Stop(absl::Seconds(5));
    // The store belongs to one server at a time.
    server_.reset();
    Start();
  }

  // Adds a record and waits until curation has read it.
  int64_t Feed(const ingest::v1::FeedEntry& entry) {
    const int64_t sequence = ingest_.Add(entry);
    AwaitSequence(sequence);
    return sequence;
  }
  void Log(const Said& said) { ingest_.Add(InteractionEntry(said)); }

  // A signal with the next free id.
  void React(const std::string& interaction_id,
             const std::function<void(ingest::v1::Signal&)>& fill) {
    ingest::v1::FeedEntry entry = SignalEntry("s" + std::to_string(++signals_), interaction_id);
    fill(*entry.mutable_signal());
    last_ = ingest_.Add(entry);
  }
  void Accept(const std::string& id) {
    React(id, [](auto& signal) { signal.mutable_accepted(); });
  }
  // Accepted interactions with inputs and sessions of their own.
  void AddAccepted(int count, const std::string& prefix = "a") {
    for (int i = 0; i < count; ++i) {
      const std::string id = prefix + std::to_string(i);
      Log({.id = id, .input = "question " + id, .output = "answer " + id});
      Accept(id);
    }
  }
  void Correct(const std::string& id, const std::string& text) {
    React(id, [&](auto& signal) { signal.mutable_correction()->set_ideal_output(text); });
  }
  void Reject(const std::string& id) {
    React(id, [](auto& signal) { signal.mutable_thumbs()->set_up(false); });
  }
  void ApproveAsStaff(const std::string& id) {
    React(id, [](auto& signal) {
      signal.set_actor(ingest::v1::ACTOR_STAFF);
      signal.mutable_thumbs()->set_up(true);
    });
  }

  void AwaitSequence(int64_t sequence) {
    ASSERT_TRUE(
        PollUntil([&] { return testing::FeedSequence(Progress().feed_token()) >= sequence; },
                  absl::Seconds(30), absl::Milliseconds(1)))
        << "curation did not read up to " << sequence;
  }
  // All that the test has added so far.
  void AwaitFeed() { AwaitSequence(last_); }

  template <typename Request, typename Response>
  using Method = grpc::Status (v1::CurationService::Stub::*)(grpc::ClientContext*, const Request&,
                                                             Response*);

  // One unary call, as a project where it is given.
  template <typename Request, typename Response>
  grpc::Status Call(Method<Request, Response> method, const Request& request, Response& response,
                    const std::string& project = "") {
    grpc::ClientContext context;
    if (!project.empty()) context.AddMetadata("x-flywheel-project", project);
    if (!key_.empty()) context.AddMetadata("authorization", "Bearer " + key_);
    return (stub_.get()->*method)(&context, request, &response);
  }

  v1::GetProgressResponse Progress() {
    v1::GetProgressResponse response;
    EXPECT_OK(Call(&v1::CurationService::Stub::GetProgress, v1::GetProgressRequest(), response));
    return response;
  }

  v1::GetScoreResponse ScoreOf(const std::string& interaction_id) {
    v1::GetScoreRequest request;
    request.set_interaction_id(interaction_id);
    v1::GetScoreResponse response;
    EXPECT_OK(Call(&v1::CurationService::Stub::GetScore, request, response));
    return response;
  }

  // A request for all that the test has added so far.
  v1::BuildDatasetVersionRequest BuildRequest(const std::string& id) {
    v1::BuildDatasetVersionRequest request;
    request.set_dataset_version_id(id);
    request.mutable_options()->set_agent(kAgent);
    request.set_min_feed_token(rpc::FeedToken(last_));
    return request;
  }
  // Begins a build and waits for its end, which may be a failure.
  grpc::Status Build(const v1::BuildDatasetVersionRequest& request,
                     v1::BuildDatasetVersionResponse& response) {
    grpc::Status status = Begin(request, response);
    if (status.ok()) *response.mutable_dataset_version() = Watch(request.dataset_version_id());
    return status;
  }
  grpc::Status Begin(const v1::BuildDatasetVersionRequest& request,
                     v1::BuildDatasetVersionResponse& response, const std::string& project = "") {
    return Call(&v1::CurationService::Stub::BuildDatasetVersion, request, response, project);
  }
  v1::DatasetVersion Built(const v1::BuildDatasetVersionRequest& request) {
    v1::BuildDatasetVersionResponse response;
    EXPECT_OK(Build(request, response));
    const v1::DatasetVersion& version = response.dataset_version();
    EXPECT_EQ(version.state(), v1::DATASET_VERSION_STATE_READY) << version.failure().message();
    return version;
  }
  // The last that a watcher of a version is told.
  v1::DatasetVersion Watch(const std::string& id) {
    v1::WatchDatasetVersionRequest request;
    request.set_dataset_version_id(id);
    grpc::ClientContext context;
    if (!key_.empty()) context.AddMetadata("authorization", "Bearer " + key_);
    const auto reader = stub_->WatchDatasetVersion(&context, request);
    v1::WatchDatasetVersionResponse response;
    while (reader->Read(&response)) {
    }
    EXPECT_OK(reader->Finish());
    return response.dataset_version();
  }

  std::vector<v1::DatasetRow> Rows(const std::string& version, bool include_negatives = true,
                                   v1::Split split = v1::SPLIT_UNSPECIFIED) {
    v1::ReadDatasetRowsRequest request;
    request.set_dataset_version_id(version);
    request.set_include_negatives(include_negatives);
    request.set_split(split);
    grpc::ClientContext context;
    const auto reader = stub_->ReadDatasetRows(&context, request);
    v1::ReadDatasetRowsResponse response;
    std::vector<v1::DatasetRow> rows;
    while (reader->Read(&response)) {
      EXPECT_LE(response.rows_size(), 500);
      rows.insert(rows.end(), response.rows().begin(), response.rows().end());
    }
    EXPECT_OK(reader->Finish());
    return rows;
  }

  const std::function<void(CurationConfig&)> configure_;
  testing::TempDir data_;
  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  FakeIngest ingest_;
  std::unique_ptr<CurationServer> server_;
  std::unique_ptr<v1::CurationService::Stub> stub_;
  // What the next call has, where the server has keys.
  std::string key_;
  int signals_ = 0;
  int64_t last_ = 0;
};

// What was removed for a reason.
inline int64_t Removed(const v1::DatasetVersion& version, v1::RemovalReason reason) {
  for (const v1::RemovalCount& count : version.removed_by_reason()) {
    if (count.reason() == reason) return count.rows();
  }
  return 0;
}

}  // namespace flywheel::curation

#endif  // FLYWHEEL_TESTS_CURATION_SERVICE_CURATION_FIXTURE_H_
