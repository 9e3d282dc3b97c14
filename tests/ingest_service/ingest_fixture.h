// Test fixture: a real ingest service on a real socket, with a clock that tests drive.
#ifndef FLYWHEEL_TESTS_INGEST_SERVICE_INGEST_FIXTURE_H_
#define FLYWHEEL_TESTS_INGEST_SERVICE_INGEST_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "ingest_service/ingest_server.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/field_checks.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"
#include "shared/time/clock.h"

namespace flywheel::ingest {

class IngestTest : public ::testing::Test {
 protected:
  void SetUp() override {
    config_.server.service = "ingest";
    config_.server.listen = "127.0.0.1:0";
    config_.server.data_dir = dir_.path();
    Start();
  }

  // Stops what runs and starts again on the same data.
  void Start() {
    server_.reset();
    ASSERT_OK(rpc::FinishServerConfig(config_.server));
    auto started = IngestServer::Start(config_, &clock_);
    ASSERT_OK(started);
    server_ = *std::move(started);
    channel_ = *rpc::Channel::Open({"127.0.0.1:" + std::to_string(server_->port()), "", ""});
    stub_ = v1::IngestService::NewStub(channel_.get());
  }

  // A valid interaction.
  v1::Interaction Interaction(const std::string& id) const {
    v1::Interaction interaction;
    interaction.set_interaction_id(id);
    interaction.set_agent("support");
    interaction.set_input("where is my card");
    interaction.set_output("on its way");
    *interaction.mutable_start_time() = rpc::ToProto(clock_.Now());
    return interaction;
  }

  // A valid signal: a thumb up.
  v1::Signal Signal(const std::string& id, const std::string& interaction_id) const {
    v1::Signal signal;
    signal.set_signal_id(id);
    signal.set_interaction_id(interaction_id);
    signal.set_actor(v1::ACTOR_USER);
    signal.mutable_thumbs()->set_up(true);
    *signal.mutable_event_time() = rpc::ToProto(clock_.Now());
    return signal;
  }

  v1::LogInteractionsResponse Log(const std::vector<v1::Interaction>& interactions) {
    v1::LogInteractionsRequest request;
    for (const auto& interaction : interactions) *request.add_interactions() = interaction;
    v1::LogInteractionsResponse response;
    EXPECT_OK(Call(&v1::IngestService::Stub::LogInteractions, request, &response));
    return response;
  }

  v1::RecordSignalsResponse Record(const std::vector<v1::Signal>& signals) {
    v1::RecordSignalsRequest request;
    for (const auto& signal : signals) *request.add_signals() = signal;
    v1::RecordSignalsResponse response;
    EXPECT_OK(Call(&v1::IngestService::Stub::RecordSignals, request, &response));
    return response;
  }

  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (v1::IngestService::Stub::*method)(grpc::ClientContext*,
                                                                    const Request&, Response*),
                    const Request& request, Response* response, const std::string& key = "") {
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(60));
    if (!key.empty()) context.AddMetadata("authorization", "Bearer " + key);
    return ((*stub_).*method)(&context, request, response);
  }

  v1::GetStatsResponse Stats(const std::string& group = "") {
    v1::GetStatsRequest request;
    request.set_group_by_attribute(group);
    v1::GetStatsResponse response;
    EXPECT_OK(Call(&v1::IngestService::Stub::GetStats, request, &response));
    return response;
  }

  testing::TempDir dir_;
  FakeClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  IngestConfig config_;
  std::unique_ptr<IngestServer> server_;
  rpc::Channel channel_ = *rpc::Channel::Open({"127.0.0.1:1", "", ""});
  std::unique_ptr<v1::IngestService::Stub> stub_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_TESTS_INGEST_SERVICE_INGEST_FIXTURE_H_
