#include <gmock/gmock.h>

#include <filesystem>
#include <string>

#include "shared/status/errors.h"
#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

class Restarted : public ServiceFixture {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    PromoteFirstVersion();
    ASSERT_OK(Create(Comparison("exp")));
  }
  int64_t ExposedUnits() {
    const v1::Analysis analysis = Analyze("exp");
    return analysis.arms(0).exposed_units() + analysis.arms(1).exposed_units();
  }
};

TEST_F(Restarted, ServerKeepsAssignmentsAndAnalysis) {
  Serve(0, 300, [](const std::string&, int unit) { return 0.25 * (unit % 7); });
  std::vector<std::string> arms;
  for (int i = 0; i < 50; ++i) arms.push_back(Assign("user-" + std::to_string(i)).arm_id());
  const v1::Analysis before = Analyze("exp");
  Restart();
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(Assign("user-" + std::to_string(i)).arm_id(), arms[static_cast<size_t>(i)]);
  }
  const v1::Analysis after = Analyze("exp");
  EXPECT_EQ(OutcomesIn(after), OutcomesIn(before));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(after.arms(i).metrics(0).units(), before.arms(i).metrics(0).units());
    EXPECT_NEAR(after.arms(i).metrics(0).mean(), before.arms(i).metrics(0).mean(), 1e-12);
    EXPECT_NEAR(after.arms(i).metrics(0).standard_deviation(),
                before.arms(i).metrics(0).standard_deviation(), 1e-12);
  }
  EXPECT_NEAR(after.comparisons(0).metrics(0).p_value(), before.comparisons(0).metrics(0).p_value(),
              1e-9);
}

TEST_F(Restarted, ServerKnowsTheExposuresThatStoppingWrote) {
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 100; ++i) Assign("user-" + std::to_string(i));
  }
  Restart();
  EXPECT_EQ(ExposedUnits(), 100);
  for (int i = 0; i < 110; ++i) Assign("user-" + std::to_string(i));
  Restart();
  EXPECT_EQ(ExposedUnits(), 110);
}

TEST_F(Restarted, ServerKeepsStoppedExperimentsStopped) {
  v1::StopExperimentRequest stop;
  stop.set_experiment_id("exp");
  stop.set_reason("enough");
  ASSERT_OK(Call(&Stub::StopExperiment, stop));
  Restart();
  EXPECT_EQ(Assign("user-1").experiment_id(), "");
  EXPECT_EQ(Assign("user-1").model_version(), "v1");
}

TEST_F(Restarted, ServerAssignsAndAnalysesWhileTheStoreIsLocked) {
  auto other = sql::Connection::Open(directory_->path() + "/experiment.db", sql::Access::kWrite);
  ASSERT_OK(other);
  ASSERT_OK((*other)->Execute("BEGIN IMMEDIATE"));
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(Assign("user-" + std::to_string(i)).experiment_id(), "exp");
  }
  EXPECT_EQ(OutcomesIn(Analyze("exp")), 0);
  // Whoever had needed the store would have had an error instead: the lock is held all the time.
  ASSERT_OK((*other)->Execute("ROLLBACK"));
  Restart();
  EXPECT_EQ(ExposedUnits(), 200);
}

TEST_F(Restarted, ServerMakesNoOtherKeyForUnitsThatItKnows) {
  Assign("user-1");
  server_->Stop(absl::Seconds(5));
  server_.reset();
  const std::string key = directory_->path() + "/unit.key";
  std::filesystem::rename(key, key + ".kept");
  ExperimentConfig config;
  config.server.service = "experiment";
  config.server.listen = "127.0.0.1:0";
  config.server.data_dir = directory_->path();
  config.eval_gate_address = gate_.address();
  ASSERT_OK(rpc::FinishServerConfig(config.server));
  const auto started = ExperimentServer::Start(config, &clock_);
  ASSERT_THAT(started, testing::HasReason(Reason::kInvalidConfiguration));
  EXPECT_THAT(errors::MessageOf(started.status()),
              ::testing::AllOf(::testing::HasSubstr("--unit-key-file"),
                               ::testing::HasSubstr("does not exist")));
  EXPECT_FALSE(std::filesystem::exists(key)) << "no other key was made";
  std::filesystem::rename(key + ".kept", key);
  StartServer();
  Assign("user-1");
  Restart();
  EXPECT_EQ(ExposedUnits(), 1);
}

}  // namespace
}  // namespace flywheel::experiment
