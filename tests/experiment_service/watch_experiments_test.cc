// What a process hears that assigns by itself.
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "assign/core/assignment.h"
#include "experiment_service/assignment_salt.h"
#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

// A watch that reads in the test's own thread; what never comes ends with its deadline.
class Watch {
 public:
  Watch(Stub& stub, const v1::WatchExperimentsRequest& request, const std::string& project,
        const std::string& key = "") {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    if (!project.empty()) context_.AddMetadata("x-flywheel-project", project);
    if (!key.empty()) context_.AddMetadata("authorization", "Bearer " + key);
    reader_ = stub.WatchExperiments(&context_, request);
  }
  ~Watch() {
    context_.TryCancel();
    v1::WatchExperimentsResponse rest;
    while (reader_->Read(&rest)) {
    }
    if (!finished_) reader_->Finish().ok();
  }

  v1::WatchExperimentsResponse Next() {
    v1::WatchExperimentsResponse response;
    EXPECT_TRUE(reader_->Read(&response)) << "the stream ended";
    return response;
  }
  grpc::Status Finish() {
    v1::WatchExperimentsResponse rest;
    while (reader_->Read(&rest)) {
    }
    finished_ = true;
    return reader_->Finish();
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchExperimentsResponse>> reader_;
  bool finished_ = false;
};

class WatchExperimentsTest : public ServiceFixture {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    PromoteFirstVersion();
  }

  std::unique_ptr<Watch> Open(const std::vector<std::string>& agents = {}) {
    v1::WatchExperimentsRequest request;
    for (const std::string& agent : agents) request.add_agents(agent);
    return std::make_unique<Watch>(*stub_, request, project_, key_);
  }

  void StopExperiment() {
    v1::StopExperimentRequest stop;
    stop.set_experiment_id("exp");
    stop.set_reason("enough");
    ASSERT_OK(Call(&Stub::StopExperiment, stop));
  }
};

TEST_F(WatchExperimentsTest, BeginsWithASnapshotThenTellsEveryChange) {
  const auto watch = Open();
  v1::WatchExperimentsResponse response = watch->Next();
  EXPECT_TRUE(response.snapshot());
  EXPECT_FALSE(response.continues());
  ASSERT_EQ(response.agents_size(), 1);
  EXPECT_EQ(response.agents(0).agent(), "helper");
  EXPECT_EQ(response.agents(0).active_version(), "v1");
  EXPECT_FALSE(response.agents(0).has_experiment());

  ASSERT_OK(Create(Comparison("exp")));
  response = watch->Next();
  EXPECT_FALSE(response.snapshot());
  ASSERT_EQ(response.agents_size(), 1);
  const v1::AssignedExperiment& experiment = response.agents(0).experiment();
  EXPECT_EQ(experiment.experiment_id(), "exp");
  EXPECT_EQ(experiment.unit(), v1::RANDOMISATION_UNIT_USER);
  EXPECT_EQ(experiment.coverage(), 1);
  ASSERT_EQ(experiment.arms_size(), 2);
  EXPECT_EQ(experiment.arms(0).arm_id(), "control");
  EXPECT_EQ(experiment.arms(0).model_version(), "v1");
  EXPECT_TRUE(experiment.arms(0).control());
  EXPECT_EQ(experiment.arms(1).model_version(), "v2");
  EXPECT_EQ(experiment.create_time().seconds(), absl::ToUnixSeconds(clock_.Now()));

  StopExperiment();
  response = watch->Next();
  ASSERT_EQ(response.agents_size(), 1);
  EXPECT_FALSE(response.agents(0).has_experiment());

  ASSERT_OK(Call(&Stub::PromoteVersion, Waived("p-second", "v2")));
  response = watch->Next();
  ASSERT_EQ(response.agents_size(), 1);
  EXPECT_EQ(response.agents(0).active_version(), "v2");
}

TEST_F(WatchExperimentsTest, GivesTheSeedThatAssignUses) {
  new_salt_ = RandomSalt;
  RestartEmpty();
  PromoteFirstVersion();
  v1::CreateExperimentRequest request = Comparison("exp");
  request.mutable_ramp()->add_steps()->set_coverage(0.4);
  request.mutable_ramp()->mutable_steps(0)->mutable_min_duration()->set_seconds(3'600);
  request.mutable_ramp()->add_steps()->set_coverage(1);
  ASSERT_OK(Create(request));
  const v1::AssignedExperiment experiment = Open()->Next().agents(0).experiment();
  EXPECT_EQ(experiment.coverage(), 0.4);
  const assign::Assignment assignment(experiment.seed(),
                                      {experiment.arms(0).weight(), experiment.arms(1).weight()},
                                      /*control=*/0, experiment.coverage());
  for (int i = 0; i < 300; ++i) {
    const std::string user = "user-" + std::to_string(i);
    const v1::AssignResponse assigned = Assign(user);
    const assign::Place place = assignment.PlaceOf(user);
    ASSERT_EQ(assigned.not_covered(), !place.covered) << user;
    if (!place.covered) continue;
    ASSERT_EQ(assigned.arm_id(), experiment.arms(static_cast<int>(place.arm)).arm_id()) << user;
  }
}

TEST_F(WatchExperimentsTest, TellsOfTheAgentsThatWereAskedForAndOfNoOtherProject) {
  const auto watch = Open({"helper", "later"});
  EXPECT_EQ(watch->Next().agents_size(), 1);
  v1::PromoteVersionRequest other = Waived("p-other", "v1");
  other.set_agent("other");
  ASSERT_OK(Call(&Stub::PromoteVersion, other));
  project_ = "elsewhere";
  ASSERT_OK(Call(&Stub::PromoteVersion, Waived("p-elsewhere", "v9")));
  project_.clear();
  v1::PromoteVersionRequest later = Waived("p-later", "v7");
  later.set_agent("later");
  ASSERT_OK(Call(&Stub::PromoteVersion, later));
  const v1::WatchExperimentsResponse response = watch->Next();
  ASSERT_EQ(response.agents_size(), 1) << "neither the other agent nor the other project";
  EXPECT_EQ(response.agents(0).agent(), "later");
  EXPECT_EQ(response.agents(0).active_version(), "v7");
}

TEST_F(WatchExperimentsTest, SaysEveryTenSecondsThatNothingChanged) {
  const auto watch = Open();
  const v1::WatchExperimentsResponse first = watch->Next();
  clock_.Advance(absl::Seconds(10));
  const v1::WatchExperimentsResponse second = watch->Next();
  EXPECT_FALSE(second.snapshot());
  EXPECT_EQ(second.agents_size(), 0);
  EXPECT_EQ(second.as_of().seconds(), first.as_of().seconds() + 10);
}

TEST_F(WatchExperimentsTest, ComesInPiecesWhereThereAreManyAgents) {
  for (int i = 0; i < 600; ++i) {
    v1::PromoteVersionRequest request = Waived("p-" + std::to_string(i), "v1");
    request.set_agent("agent-" + std::to_string(i));
    ASSERT_OK(Call(&Stub::PromoteVersion, request));
  }
  const auto watch = Open();
  const v1::WatchExperimentsResponse first = watch->Next();
  const v1::WatchExperimentsResponse second = watch->Next();
  EXPECT_TRUE(first.snapshot() && second.snapshot());
  EXPECT_TRUE(first.continues() && !second.continues());
  EXPECT_EQ(first.agents_size() + second.agents_size(), 601);
}

TEST_F(WatchExperimentsTest, EndsWhenTheServerStops) {
  const auto watch = Open();
  watch->Next();
  server_->Stop(absl::Seconds(5));
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(WatchExperimentsTest, IsNotForTrainersNorForAnUnnamedAgent) {
  EXPECT_EQ(Open({"helper", ""})->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  api_keys_file_ = directory_->path() + "/keys";
  std::ofstream(api_keys_file_) << "lab key-of-the-laboratory default trainer\n"
                                << "web key-of-the-web-shop00 default reader\n";
  Restart();
  key_ = "key-of-the-laboratory";
  EXPECT_EQ(Open()->Finish().error_code(), grpc::StatusCode::PERMISSION_DENIED);
  key_ = "key-of-the-web-shop00";
  EXPECT_TRUE(Open()->Next().snapshot());
}

}  // namespace
}  // namespace flywheel::experiment
