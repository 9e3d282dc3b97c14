#include "experiment_service/exposure_recorder.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

#include "experiment_service/store/experiment_store.h"
#include "experiment_service/store/migrations.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::experiment {
namespace {

class ExposureRecorderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto database = sql::Database::Open({"sqlite:" + path_}, Migrations());
    ASSERT_OK(database);
    database_ = *std::move(database);
    StoredExperiment stored{1, "p", "hash", {}};
    stored.experiment.experiment_id = "exp";
    stored.experiment.arms = {{"a", "v1", 1, true}, {"b", "v2", 1, false}};
    ASSERT_OK(database_->Write([&](sql::Connection& connection) {
      return ExperimentStore(connection).Insert("p", stored.experiment, "hash").status();
    }));
    live_ = std::make_shared<LiveExperiment>(stored);
  }
  std::unique_ptr<ExposureRecorder> Recorder(ExposureRecorder::Options options) {
    options.on_dropped = [this] { ++dropped_; };
    auto recorder = std::make_unique<ExposureRecorder>(database_.get(), &evidence_, &clock_,
                                                       &metrics_, options);
    recorder->Start();
    return recorder;
  }
  void Remember(ExposureRecorder& recorder, int unit) {
    recorder.Remember(live_, {1, "unit-" + std::to_string(unit), 0, kTime});
  }
  int64_t Exposed() const { return evidence_.Find(*live_)->counts[0].exposed_units; }

  static constexpr absl::Time kTime = absl::FromUnixSeconds(1'800'000'000);

  testing::TempDir directory_;
  const std::string path_ = directory_.path() + "/test.db";
  std::unique_ptr<sql::Database> database_;
  LiveExperimentPtr live_;
  FakeClock clock_{kTime};
  EvidenceCache evidence_;
  rpc::Metrics metrics_;
  std::atomic<int> dropped_ = 0;
};

TEST_F(ExposureRecorderTest, WritesEachUnitOnce) {
  const auto recorder = Recorder({});
  for (int i = 0; i < 30; ++i) Remember(*recorder, i % 10);
  recorder->Stop();
  EXPECT_EQ(Exposed(), 10);
  const auto after_restart = Recorder({});
  Remember(*after_restart, 3);
  after_restart->Stop();
  EXPECT_EQ(Exposed(), 10) << "the store knew it";
}

TEST_F(ExposureRecorderTest, WritesEachUnitOnceEvenWhereItsMemoryIsSmall) {
  ExposureRecorder::Options options;
  options.max_remembered = 3;
  const auto recorder = Recorder(options);
  for (int i = 0; i < 30; ++i) Remember(*recorder, i % 10);
  recorder->Stop();
  EXPECT_EQ(Exposed(), 10);
}

TEST_F(ExposureRecorderTest, CountsWhatItDropsBehindABusyStore) {
  auto other = sql::Connection::Open(path_, sql::Access::kWrite);
  ASSERT_OK(other);
  ASSERT_OK((*other)->Execute("BEGIN IMMEDIATE"));
  ExposureRecorder::Options options;
  options.max_pending = 10;
  const auto recorder = Recorder(options);
  for (int i = 0; i < 25; ++i) Remember(*recorder, i);
  EXPECT_EQ(dropped_, 15);
  ASSERT_OK((*other)->Execute("ROLLBACK"));
  recorder->Stop();
  EXPECT_EQ(Exposed(), 10);
}

// Whoever calls it sees what was assigned before, whichever thread is writing it.
TEST_F(ExposureRecorderTest, FlushesWhatItTookBefore) {
  ExposureRecorder::Options options;
  options.flush_interval = absl::Hours(1);
  const auto recorder = Recorder(options);
  EXPECT_OK(recorder->Flush());
  for (int i = 0; i < 30; ++i) {
    Remember(*recorder, i);
    ASSERT_OK(recorder->Flush());
    ASSERT_EQ(Exposed(), i + 1);
  }
}

}  // namespace
}  // namespace flywheel::experiment
