#include <string>
#include <vector>

#include "cli/free_port.h"
#include "shared/time/poll.h"
#include "tests/experiment_service/service_fixture.h"
#include "tests/integration/http_client.h"

namespace flywheel::experiment {
namespace {

class VerdictGauges : public ServiceFixture {
 protected:
  void SetUp() override {
    metrics_port_ = cli::FindFreePorts(1)->at(0);
    metrics_listen_ = "127.0.0.1:" + std::to_string(metrics_port_);
    ServiceFixture::SetUp();
    PromoteFirstVersion();
  }
  // Whether /metrics comes to show the value.
  bool Shows(const std::string& gauge, int value) {
    const std::string line = "\n" + gauge + " " + std::to_string(value) + "\n";
    return PollUntil(
        [&] {
          return integration::HttpGet(metrics_port_, "/metrics").find(line) != std::string::npos;
        },
        absl::Seconds(10));
  }

  int metrics_port_ = 0;
};

TEST_F(VerdictGauges, CountTheExperimentsThatWantSomebodyToLook) {
  EXPECT_TRUE(Shows("flywheel_running_experiments", 0));
  ASSERT_OK(Create(Comparison("exp")));
  EXPECT_TRUE(Shows("flywheel_running_experiments", 1));
  EXPECT_TRUE(Shows("flywheel_experiments_to_roll_back", 0));
  EXPECT_TRUE(Shows("flywheel_experiments_with_missing_outcomes", 0));
  std::vector<v1::UnitOutcome> outcomes;
  for (int i = 0; i < 800; ++i) {
    const std::string unit = "user-" + std::to_string(i);
    const bool treated = Assign(unit).arm_id() == "treatment";
    if (!treated || i % 2 == 0) outcomes.push_back(OutcomeOf("o-" + unit, unit, i % 3 == 0));
  }
  Record(outcomes);
  EXPECT_TRUE(Shows("flywheel_experiments_with_missing_outcomes", 1));
  EXPECT_TRUE(Shows("flywheel_experiments_on_hold", 1));
  EXPECT_TRUE(Shows("flywheel_experiments_with_sample_ratio_warning", 0));
  Serve(800, 400, [](const std::string& arm, int) { return arm == "treatment" ? 0.0 : 1.0; });
  EXPECT_TRUE(Shows("flywheel_experiments_to_roll_back", 1));
  EXPECT_TRUE(Shows("flywheel_experiments_to_ship", 0));
  v1::StopExperimentRequest stop;
  stop.set_experiment_id("exp");
  stop.set_reason("harm");
  ASSERT_OK(Call(&Stub::StopExperiment, stop));
  EXPECT_TRUE(Shows("flywheel_running_experiments", 0));
  EXPECT_TRUE(Shows("flywheel_experiments_to_roll_back", 0));
}

}  // namespace
}  // namespace flywheel::experiment
