// The whole wheel turns while its services are killed at random moments: nothing that was
// acknowledged is lost, and nothing is counted twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "cli/local_services.h"
#include "examples/support_agent/random.h"
#include "examples/support_agent/wheel.h"
#include "shared/status/status_macros.h"
#include "shared/testing/feed_sequence.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"
#include "shared/time/poll.h"
#include "tests/cli/command_runner.h"
#include "tests/fault/audit.h"
#include "tests/fault/ledger.h"
#include "tests/fault/steady_writer.h"

namespace flywheel::example {
namespace {

using experiment::v1::ExperimentService;
using ingest::v1::IngestService;

constexpr int kRevolutions = 3;
constexpr int kWantedKills = 24;
constexpr int kMaxRuns = 6;
constexpr char kSample[] = "examples/support_agent/sample";

// One run of the wheel with its own ids, agent, customers and chance.
struct WheelRun {
  std::string agent;
  double first_accuracy = 0;
  RevolutionReport last;
};

class KillTest : public ::testing::Test {
 protected:
  void SetUp() override {
    // Ingest's records grow old while it is killed: what is audited is compressed and archived.
    setenv("FLYWHEEL_COMPRESS_AFTER", "1s", 1);
    setenv("FLYWHEEL_ARCHIVE_AFTER", "2s", 1);
    setenv("FLYWHEEL_ARCHIVE_DIR", (dir_.path() + "/archive").c_str(), 1);
    setenv("FLYWHEEL_RETENTION_INTERVAL", "1s", 1);
    cli::LocalServicesOptions options;
    options.data_dir = dir_.path() + "/data";
    options.binary_dir = cli::BinDir();
    options.free_ports = true;
    options.metrics = false;
    auto started = cli::LocalServices::Start(options);
    ASSERT_OK(started);
    processes_ = *std::move(started);
    const auto address = [this](cli::Service service) { return processes_->at(service).address; };
    auto connected =
        Connect({address(cli::Service::kIngest), address(cli::Service::kCuration),
                 address(cli::Service::kEvalGate), address(cli::Service::kExperiment)});
    ASSERT_OK(connected);
    services_ = *std::move(connected);
  }

  absl::Status TurnTheWheel(int number) {
    ASSIGN_OR_RETURN(const auto train, LoadQueries(std::string(kSample) + "/train.csv"));
    ASSIGN_OR_RETURN(const auto test, LoadQueries(std::string(kSample) + "/test.csv"));
    const uint64_t seed = static_cast<uint64_t>(number) + 1;
    const Traffic traffic = MakeTraffic(train, kRevolutions, seed);
    const Customers customers(traffic, {0.1 * number, 0, seed});
    const std::string name = "run" + std::to_string(number);
    WheelOptions options;
    options.names = {"agent-" + name, name + "-"};
    options.on_stored = [this](const BatchRecords& records) { ledger_.Add(records); };
    const std::string models = dir_.path() + "/models-" + name;
    std::filesystem::create_directory(models);
    Wheel wheel(services_.get(), &traffic, &customers, &test, models, options);
    RETURN_IF_ERROR(wheel.Begin());
    WheelRun run{options.names.agent, wheel.first_accuracy(), {}};
    for (int revolution = 1; revolution <= kRevolutions; ++revolution) {
      ASSIGN_OR_RETURN(run.last, wheel.Turn(revolution));
    }
    runs_.push_back(std::move(run));
    return absl::OkStatus();
  }

  // Kills one service after the other until `done`, each round all four in another order.
  void KillUntil(const absl::Notification& done) {
    Random random(20'261'121);
    const auto pause = [&](double most_ms) {
      return done.WaitForNotificationWithTimeout(absl::Milliseconds(most_ms * random.Uniform()));
    };
    while (true) {
      std::vector<cli::Service> order(cli::kAllServices.begin(), cli::kAllServices.end());
      random.Shuffle(order);
      for (const cli::Service service : order) {
        if (pause(500)) return;
        processes_->Kill(service);
        CountKill(service);
        if (random.Chance(0.25)) {
          // Once more, in the middle of its recovery.
          ASSERT_OK(processes_->Launch(service));
          if (pause(60)) {
            ASSERT_OK(processes_->WaitUntilServing(service));
            return;
          }
          processes_->Kill(service);
          CountKill(service);
        }
        ASSERT_OK(processes_->Restart(service));
      }
    }
  }

  void CountKill(cli::Service service) {
    absl::MutexLock lock(&mutex_);
    ++kills_[service];
  }
  int Kills() {
    absl::MutexLock lock(&mutex_);
    int sum = 0;
    for (const auto& [service, kills] : kills_) sum += kills;
    return sum;
  }

  void ExpectPromotedVersionsServe();

  testing::TempDir dir_;
  std::unique_ptr<cli::LocalServices> processes_;
  std::unique_ptr<Services> services_;
  Ledger ledger_;
  std::vector<WheelRun> runs_;
  absl::Mutex mutex_;
  std::map<cli::Service, int> kills_ ABSL_GUARDED_BY(mutex_);
};

void KillTest::ExpectPromotedVersionsServe() {
  for (const WheelRun& run : runs_) {
    EXPECT_GT(run.last.accuracy, run.first_accuracy) << run.agent << " did not learn";
    experiment::v1::GetActiveVersionRequest active;
    active.set_agent(run.agent);
    EXPECT_EQ(
        Ask(services_->experiment, &ExperimentService::StubInterface::GetActiveVersion, active)
            .active_version()
            .model_version(),
        run.last.serving_version);
    experiment::v1::AssignRequest assign;
    assign.set_agent(run.agent);
    assign.set_session_id("somebody new");
    const auto assigned =
        Ask(services_->experiment, &ExperimentService::StubInterface::Assign, assign);
    if (assigned.experiment_id().empty() || assigned.arm_id() == "control") {
      EXPECT_EQ(assigned.model_version(), run.last.serving_version);
    }
  }
}

TEST_F(KillTest, NothingIsLostOrCountedTwiceWhateverIsKilled) {
  const absl::Time start = absl::Now();
  absl::Notification done;
  absl::Status wheel;
  SteadyWriter writer(services_.get(), &ledger_);
  std::thread user([&] {
    for (int run = 0; run < kMaxRuns && wheel.ok() && (run == 0 || Kills() < kWantedKills); ++run) {
      wheel = TurnTheWheel(run);
    }
    done.Notify();
  });
  KillUntil(done);
  user.join();
  ASSERT_OK(wheel);
  ASSERT_OK(writer.Stop());
  ASSERT_FALSE(HasFatalFailure());
  // Else the audit meets only records as they came.
  ASSERT_TRUE(
      PollUntil([&] { return std::filesystem::exists(dir_.path() + "/archive/project-default"); },
                absl::Seconds(30)));

  const Acknowledged sent = ledger_.Read();
  ExpectTheListHolds(*services_, sent);
  const int64_t last_sequence = ExpectTheFeedHolds(*services_, sent);
  const auto stats = Ask(services_->ingest, &IngestService::StubInterface::GetStats,
                         ingest::v1::GetStatsRequest());
  EXPECT_EQ(stats.interactions(), static_cast<int64_t>(sent.interactions.size()));
  EXPECT_EQ(stats.signals(), static_cast<int64_t>(sent.signals.size()));
  EXPECT_EQ(testing::FeedSequence(stats.end_token()), last_sequence);
  ExpectCurationHasRead(*services_, last_sequence, sent.interactions.size());
  ExpectExperimentsCounted(*services_, sent);
  ExpectPromotedVersionsServe();

  EXPECT_GE(Kills(), kWantedKills);
  size_t answers = 0;
  for (const auto& [experiment, ids] : sent.answers) answers += ids.size();
  absl::MutexLock lock(&mutex_);
  for (const cli::Service service : cli::kAllServices) EXPECT_GE(kills_[service], 3);
  fmt::print(
      "{} runs, kills: ingest {}, curation {}, eval gate {}, experiment {}; {} interactions, {} "
      "signals, {} answers for {} experiments; {} items sent again after a lost answer; {:.1f} s\n",
      runs_.size(), kills_[cli::Service::kIngest], kills_[cli::Service::kCuration],
      kills_[cli::Service::kEvalGate], kills_[cli::Service::kExperiment], sent.interactions.size(),
      sent.signals.size(), answers, sent.answers.size(), writer.replayed(),
      absl::ToDoubleSeconds(absl::Now() - start));
}

}  // namespace
}  // namespace flywheel::example
