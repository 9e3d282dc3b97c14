// Test fixture: an experiment service that follows the feed of a real ingest service.
#ifndef FLYWHEEL_TESTS_EXPERIMENT_SERVICE_FEED_FIXTURE_H_
#define FLYWHEEL_TESTS_EXPERIMENT_SERVICE_FEED_FIXTURE_H_

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "cli/free_port.h"
#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "flywheel/ingest/v1/privacy_service.grpc.pb.h"
#include "ingest_service/ingest_server.h"
#include "shared/rpc/channel.h"
#include "shared/time/poll.h"
#include "tests/experiment_service/service_fixture.h"
#include "tests/integration/http_client.h"

namespace flywheel::experiment {

// Both services over real sockets and real SQLite files. The experiment "exp" randomises users, and
// takes all of its outcomes from the feed: escalations an interaction, thumbs of whoever gave one,
// failures, and latency.
class FeedFixture : public ServiceFixture {
 protected:
  static constexpr int kEscalated = 0;
  static constexpr int kThumbs = 1;
  static constexpr int kFailed = 2;
  static constexpr int kLatency = 3;

  void SetUp() override {
    StartIngest();
    metrics_port_ = cli::FindFreePorts(1)->at(0);
    metrics_listen_ = "127.0.0.1:" + std::to_string(metrics_port_);
    ServiceFixture::SetUp();
    PromoteFirstVersion();
  }
  void TearDown() override {
    server_.reset();
    ingest_.reset();
  }

  void StartIngest() {
    ingest::IngestConfig config;
    config.server.service = "ingest";
    config.server.listen = "127.0.0.1:0";
    config.server.data_dir = ingest_directory_.path();
    config.erasure_readers = {"experiment"};
    ASSERT_OK(rpc::FinishServerConfig(config.server));
    auto ingest = ingest::IngestServer::Start(config, &clock_);
    ASSERT_OK(ingest);
    ingest_ = *std::move(ingest);
    ingest_address_ = "127.0.0.1:" + std::to_string(ingest_->port());
    channel_ = *rpc::Channel::Open({ingest_address_, "", ""});
  }

  static v1::Metric SignalMetric(const std::string& name, v1::SignalKind kind, bool every) {
    v1::Metric metric;
    metric.set_name(name);
    metric.set_left_out(true);
    metric.mutable_source()->mutable_signal()->add_kinds(kind);
    metric.mutable_source()->mutable_signal()->set_every_interaction(every);
    return metric;
  }
  static v1::CreateExperimentRequest FedComparison() {
    v1::CreateExperimentRequest request = Comparison("exp");
    v1::AnalysisPlan& plan = *request.mutable_plan();
    *plan.mutable_primary() = SignalMetric("escalated", v1::SIGNAL_KIND_ESCALATION, true);
    plan.mutable_primary()->set_direction(v1::DIRECTION_LOWER_IS_BETTER);
    *plan.add_guardrails() = SignalMetric("thumbs", v1::SIGNAL_KIND_THUMBS_UP, false);
    v1::Metric& failed = *plan.add_guardrails();
    failed.set_name("failed");
    failed.set_left_out(true);
    failed.mutable_source()->mutable_failure();
    v1::Metric& latency = *plan.add_guardrails();
    latency.set_name("latency");
    latency.set_left_out(true);
    latency.mutable_source()->set_number(v1::INTERACTION_NUMBER_LATENCY_SECONDS);
    return request;
  }

  // What the agent logs of an answer to this user, whom it asked Assign about.
  ingest::v1::Interaction AnswerTo(const std::string& user, const std::string& id) {
    const v1::AssignResponse assigned = Assign(user);
    ingest::v1::Interaction interaction;
    interaction.set_interaction_id(id);
    interaction.set_agent("helper");
    interaction.set_user_id(user);
    interaction.set_session_id("session of " + user);
    interaction.set_model_version(assigned.model_version());
    interaction.set_assignment_token(assigned.assignment_token());
    interaction.set_input("where is my card");
    interaction.set_output("on its way");
    *interaction.mutable_start_time() = rpc::ToProto(clock_.Now());
    interaction.mutable_latency()->set_seconds(2);
    return interaction;
  }
  void Log(const ingest::v1::Interaction& interaction) {
    ingest::v1::LogInteractionsRequest request;
    *request.add_interactions() = interaction;
    ingest::v1::LogInteractionsResponse response;
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(20));
    ASSERT_OK(ingest::v1::IngestService::NewStub(channel_.get())
                  ->LogInteractions(&context, request, &response));
    ASSERT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_STORED)
        << response.results(0).message();
  }
  // A signal about an interaction; its kind, or another target, is for `fill` to set.
  void Signal(const std::string& id, const std::string& interaction_id,
              const std::function<void(ingest::v1::Signal&)>& fill) {
    ingest::v1::RecordSignalsRequest request;
    ingest::v1::Signal& signal = *request.add_signals();
    signal.set_signal_id(id);
    signal.set_interaction_id(interaction_id);
    signal.set_actor(ingest::v1::ACTOR_USER);
    *signal.mutable_event_time() = rpc::ToProto(clock_.Now());
    fill(signal);
    ingest::v1::RecordSignalsResponse response;
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(20));
    ASSERT_OK(ingest::v1::IngestService::NewStub(channel_.get())
                  ->RecordSignals(&context, request, &response));
    ASSERT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_STORED)
        << response.results(0).message();
  }
  void Escalate(const std::string& id, const std::string& interaction_id) {
    Signal(id, interaction_id, [](auto& signal) { signal.mutable_escalation(); });
  }
  void Thumb(const std::string& id, const std::string& interaction_id, bool up, int revision = 0) {
    Signal(id, interaction_id, [&](auto& signal) {
      signal.mutable_thumbs()->set_up(up);
      signal.set_revision(revision);
    });
  }

  // Of a metric, over both arms: outcomes, and the units' values together.
  struct Sum {
    int64_t outcomes = 0;
    double values = 0;

    friend bool operator==(const Sum& a, const Sum& b) {
      return a.outcomes == b.outcomes && std::abs(a.values - b.values) < 1e-9;
    }
    friend void PrintTo(const Sum& sum, std::ostream* out) {
      *out << sum.outcomes << " outcomes, " << sum.values;
    }
  };
  Sum SumOf(int metric) {
    const v1::Analysis analysis = Analyze("exp");
    Sum sum;
    for (const v1::ArmResult& arm : analysis.arms()) {
      const v1::ArmMetric& of = arm.metrics(metric);
      sum.outcomes += of.outcomes();
      if (of.units() > 0) sum.values += of.mean() * static_cast<double>(of.units());
    }
    return sum;
  }
  int64_t ExposedUnits() {
    const v1::Analysis analysis = Analyze("exp");
    return analysis.arms(0).exposed_units() + analysis.arms(1).exposed_units();
  }
  // That the metric comes to show this.
  void Await(int metric, const Sum& want) {
    const bool came = PollUntil([&] { return SumOf(metric) == want; }, absl::Seconds(20));
    ASSERT_TRUE(came) << "got " << ::testing::PrintToString(SumOf(metric)) << ", want "
                      << ::testing::PrintToString(want);
  }
  // That everything of the feed so far was read: another user's answer, which comes last, is there.
  void AwaitFeed() {
    constexpr int kSlow = 1'000;
    const double before = SumOf(kLatency).values;
    const std::string name = "last-" + std::to_string(++sentinels_);
    ingest::v1::Interaction last = AnswerTo(name, name);
    last.mutable_latency()->set_seconds(kSlow);
    Log(last);
    ASSERT_TRUE(
        PollUntil([&] { return SumOf(kLatency).values >= before + kSlow; }, absl::Seconds(20)));
  }
  // That so many come to be counted.
  void AwaitCounted(const std::string& outcome, double want) {
    EXPECT_TRUE(PollUntil([&] { return Counted(outcome) == want; }, absl::Seconds(20)))
        << outcome << ": got " << Counted(outcome) << ", want " << want;
  }
  // Of flywheel_items_total{method="ReadFeed"}.
  double Counted(const std::string& outcome) {
    const std::string text = integration::HttpGet(metrics_port_, "/metrics");
    const std::string line =
        "flywheel_items_total{method=\"ReadFeed\",outcome=\"" + outcome + "\"} ";
    const size_t at = text.find(line);
    return at == std::string::npos ? 0 : std::stod(text.substr(at + line.size(), 20));
  }

  testing::TempDir ingest_directory_;
  std::unique_ptr<ingest::IngestServer> ingest_;
  rpc::Channel channel_ = *rpc::Channel::Open({"127.0.0.1:1", "", ""});
  int metrics_port_ = 0;
  int sentinels_ = 0;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_TESTS_EXPERIMENT_SERVICE_FEED_FIXTURE_H_
