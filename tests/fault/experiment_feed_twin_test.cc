// An experiment service that is killed again and again while it follows ingest's feed, and its twin
// that nothing disturbs: what both read, both count the same, bit for bit.
#include <fmt/format.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/local_services.h"
#include "examples/support_agent/random.h"
#include "flywheel/experiment/v1/experiment_service.grpc.pb.h"
#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "shared/testing/status_matchers.h"
#include "tests/cli/command_runner.h"
#include "tests/fault/twins/fed_traffic.h"
#include "tests/fault/twins/stored_rows.h"
#include "tests/fault/twins/twin.h"
#include "tests/fault/twins/twins_fixture.h"

namespace flywheel::fault {
namespace {

namespace v1 = experiment::v1;

constexpr size_t kUnitsPerRound = 8;
constexpr int kLeastRounds = 40;

int64_t OutcomesOf(int metric, const v1::Analysis& analysis) {
  int64_t outcomes = 0;
  for (const v1::ArmResult& arm : analysis.arms()) outcomes += arm.metrics(metric).outcomes();
  return outcomes;
}

class ExperimentFeedTwins : public TwinsFixture {
 protected:
  void SetUp() override {
    cli::LocalServicesOptions options;
    options.data_dir = dir_.path() + "/services";
    options.binary_dir = cli::BinDir();
    options.services = {cli::Service::kIngest};
    options.free_ports = true;
    options.metrics = false;
    auto services = cli::LocalServices::Start(options);
    ASSERT_OK(services);
    services_ = *std::move(services);
    const std::string& address = services_->at(cli::Service::kIngest).address;
    ingest_ = ingest::v1::IngestService::NewStub(
        grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
    // In the past: ingest, whose clock is the machine's, takes nothing from the future.
    StartTwins(absl::FromUnixSeconds(1'700'000'000),
               {FedExperimentOf(kOrderly), FedExperimentOf(kHurried)}, address);
  }

  template <typename Method, typename Request, typename Response>
  void Send(Method method, const Request& request, Response response) {
    grpc::ClientContext context;
    ASSERT_OK((ingest_.get()->*method)(&context, request, &response));
    for (const auto& result : response.results()) {
      ASSERT_TRUE(result.status() == common::v1::ITEM_STATUS_STORED ||
                  result.status() == common::v1::ITEM_STATUS_REPLAYED)
          << result.ShortDebugString();
    }
  }
  void Log(const ingest::v1::LogInteractionsRequest& request) {
    Send(&ingest::v1::IngestService::Stub::LogInteractions, request,
         ingest::v1::LogInteractionsResponse());
  }
  void Log(const ingest::v1::RecordSignalsRequest& request) {
    Send(&ingest::v1::IngestService::Stub::RecordSignals, request,
         ingest::v1::RecordSignalsResponse());
  }

  // Answers in one commit, then their thumbs in another; each is waited for, so that both look at
  // the same moments.
  void ServeInOrder() {
    ingest::v1::LogInteractionsRequest answers;
    ingest::v1::RecordSignalsRequest thumbs;
    for (const Unit& unit : Assign(kOrderly, kUnitsPerRound)) {
      const int64_t number = next_answer_++;
      *answers.add_interactions() = AnswerTo(kOrderly, unit, number, clock_.Now());
      // In no order, but 50 or 15 of every hundred: so much harm is decided soon.
      const bool up = number * 37 % 100 < (unit.arm == "control" ? 50 : 15);
      *thumbs.add_signals() =
          ThumbAbout(answers.interactions(answers.interactions_size() - 1), up, clock_.Now());
    }
    Log(answers);
    AwaitOutcomes(kLatency);
    Log(thumbs);
    AwaitOutcomes(kThumbs);
  }
  void AwaitOutcomes(int metric) {
    AwaitBoth(kOrderly, [&](const v1::Analysis& analysis) {
      return OutcomesOf(metric, analysis) == next_answer_;
    });
  }

  // Nobody waits for these: the killed one reads some of them late, and many at once.
  void ServeHurriedly() {
    const std::vector<FeedRecord> records =
        traffic_.Draw(Assign(kHurried, kUnitsPerRound), clock_.Now());
    for (size_t i = 0; i < records.size();) {
      // As many of one kind as stand together are one call.
      ingest::v1::LogInteractionsRequest answers;
      ingest::v1::RecordSignalsRequest signals;
      for (const size_t kind = records[i].index(); i < records.size(); ++i) {
        if (records[i].index() != kind) break;
        if (const auto* answer = std::get_if<ingest::v1::Interaction>(&records[i])) {
          *answers.add_interactions() = *answer;
        } else {
          *signals.add_signals() = std::get<ingest::v1::Signal>(records[i]);
        }
      }
      if (answers.interactions_size() > 0) Log(answers);
      if (signals.signals_size() > 0) Log(signals);
    }
  }

  void Round() {
    clock_.Advance(absl::Milliseconds(50));
    ServeInOrder();
    ServeHurriedly();
  }

  // When a twin read what nobody waited for may differ, and nothing else of it.
  void ForgetWhenHurriedCame() {
    for (const Twin* twin : {killed_.get(), undisturbed_.get()}) {
      ASSERT_OK(ChangeStore(twin->data_dir(),
                            "UPDATE outcomes SET receive_time_us = 0 WHERE experiment = "
                            "(SELECT ordinal FROM experiments WHERE experiment_id = 'hurried')"));
      ASSERT_OK(ChangeStore(twin->data_dir(),
                            "UPDATE feed_signals SET receive_time_us = 0 WHERE experiment <> "
                            "(SELECT ordinal FROM experiments WHERE experiment_id = 'orderly')"));
    }
  }

  std::unique_ptr<cli::LocalServices> services_;
  std::unique_ptr<ingest::v1::IngestService::Stub> ingest_;
  example::Random random_{20'261'130};
  HurriedTraffic traffic_{&random_};
  int64_t next_answer_ = 0;
};

TEST_F(ExperimentFeedTwins, CountTheSameToTheBitThoughOneIsKilledWhileItFollows) {
  const absl::Time start = absl::Now();
  const int kills = Kills();
  const int rounds = KillWhile(kills, kLeastRounds, [this](int) { Round(); });
  if (HasFailure()) return;
  // The feed has an order: whoever has these has all that came before.
  clock_.Advance(absl::Milliseconds(50));
  ServeInOrder();
  clock_.Advance(absl::Hours(2));
  for (const char* experiment : {kOrderly, kHurried}) AwaitMaturity(experiment);

  v1::AnalyzeRequest analyze;
  analyze.set_experiment_id(kOrderly);
  AskBoth<v1::AnalyzeResponse>(&Experiments::Analyze, analyze);
  v1::ListDecisionsRequest list;
  list.set_experiment_id(kOrderly);
  const auto decisions = AskBoth<v1::ListDecisionsResponse>(&Experiments::ListDecisions, list);
  EXPECT_GT(decisions.decisions_size(), 0);
  // Of the hurried one the looks are others, because messages of the feed are: what was decided
  // meanwhile, and what all looks leave, may differ; what was counted may not.
  ExpectSameArms(kHurried);
  const v1::Analysis hurried = AnalysisOf(*undisturbed_, kHurried);
  for (const v1::ArmResult& arm : hurried.arms()) EXPECT_GT(arm.mixed_units(), 0);
  EXPECT_GT(OutcomesOf(kThumbs, hurried), 0);
  EXPECT_LT(OutcomesOf(kThumbs, hurried), OutcomesOf(kEscalated, hurried));

  killed_->Kill();
  undisturbed_->Kill();
  ForgetWhenHurriedCame();
  for (const char* table : {"arm_tallies", "experiment_units", "experiments", "feed_cursor",
                            "feed_interactions", "feed_signals", "metric_tallies", "outcomes"}) {
    ExpectSameRows(table);
  }
  for (const char* table : {"decisions", "running_intervals"}) {
    ExpectSameRows(
        table, "experiment = (SELECT ordinal FROM experiments WHERE experiment_id = 'orderly')");
  }
  const auto rows = [&](const char* table) {
    return StoredRows(undisturbed_->data_dir(), table)->size();
  };
  fmt::print(
      "{} kills in {} rounds of traffic: {} interactions, {} signals, {} outcomes; {:.0f} s\n",
      kills, rounds, rows("feed_interactions"), rows("feed_signals"), rows("outcomes"),
      absl::ToDoubleSeconds(absl::Now() - start));
}

}  // namespace
}  // namespace flywheel::fault

int main(int argc, char** argv) {
  if (const auto code = flywheel::fault::ServeIfTwin(argc, argv)) return *code;
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
