// Whose key made, stopped and promoted what.
#include <fstream>

#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

constexpr char kRelease[] = "key-of-the-release-ci";
constexpr char kLab[] = "key-of-the-laboratory";

class WhoTest : public ServiceFixture {
 protected:
  void SetUp() override {
    api_keys_file_ = directory_->path() + "/keys";
    std::ofstream(api_keys_file_) << "release " << kRelease << " shop operator\n"
                                  << "lab " << kLab << " shop operator\n";
    key_ = kRelease;
    ServiceFixture::SetUp();
    PromoteFirstVersion();
  }

  v1::Experiment Get(const std::string& experiment_id) {
    v1::GetExperimentRequest request;
    request.set_experiment_id(experiment_id);
    v1::GetExperimentResponse response;
    EXPECT_OK(Call(&Stub::GetExperiment, request, &response));
    return response.experiment();
  }
};

TEST_F(WhoTest, AnExperimentNamesTheKeysThatMadeAndStoppedIt) {
  key_ = kLab;
  ASSERT_OK(Create(Comparison("exp")));
  EXPECT_EQ(Get("exp").stopped_by(), "");
  key_ = kRelease;
  ASSERT_OK(Create(Comparison("exp")));  // A replay changes nothing.
  v1::StopExperimentRequest stop;
  stop.set_experiment_id("exp");
  stop.set_reason("enough");
  ASSERT_OK(Call(&Stub::StopExperiment, stop));
  key_ = kLab;
  ASSERT_OK(Call(&Stub::StopExperiment, stop));
  Restart();
  EXPECT_EQ(Get("exp").created_by(), "lab");
  EXPECT_EQ(Get("exp").stopped_by(), "release");
}

TEST_F(WhoTest, APromotionNamesItsKeyAndSoDoesWhatItStops) {
  key_ = kLab;
  ASSERT_OK(Create(Comparison("exp")));
  key_ = kRelease;
  ASSERT_OK(Call(&Stub::PromoteVersion, Waived("p-hotfix", "v3")));
  EXPECT_EQ(Get("exp").stopped_by(), "release");
  Restart();
  v1::GetActiveVersionRequest request;
  request.set_agent("helper");
  v1::GetActiveVersionResponse response;
  ASSERT_OK(Call(&Stub::GetActiveVersion, request, &response));
  EXPECT_EQ(response.active_version().promotion_id(), "p-hotfix");
  EXPECT_EQ(response.active_version().promoted_by(), "release");
}

TEST_F(WhoTest, NobodyIsNamedWhereThereAreNoKeys) {
  api_keys_file_.clear();
  key_.clear();
  project_ = "shop";
  Restart();
  ASSERT_OK(Create(Comparison("exp")));
  EXPECT_EQ(Get("exp").created_by(), "");
}

}  // namespace
}  // namespace flywheel::experiment
