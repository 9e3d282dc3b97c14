#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "tests/experiment_service/ramp_fixture.h"

namespace flywheel::experiment {
namespace {

using ::flywheel::testing::HasReason;
using ::testing::HasSubstr;

class RampValidation : public RampFixture {
 protected:
  void ExpectRefused(const std::string& field, const std::function<void(v1::Ramp&)>& change) {
    v1::CreateExperimentRequest request = Ramped(/*promote=*/true);
    change(*request.mutable_ramp());
    const grpc::Status status = Create(request);
    EXPECT_THAT(status, HasReason(Reason::kInvalidArgument)) << field;
    EXPECT_THAT(status.error_message(), HasSubstr("ramp." + field + ":"));
  }
  static void ExpectField(const grpc::Status& status, const std::string& field) {
    EXPECT_THAT(status, HasReason(Reason::kInvalidArgument)) << field;
    EXPECT_THAT(status.error_message(), HasSubstr(field + ":"));
  }
};

TEST_F(RampValidation, RefusesRampsThatBreakTheContract) {
  ExpectRefused("steps", [](v1::Ramp& ramp) { ramp.clear_steps(); });
  ExpectRefused("steps", [](v1::Ramp& ramp) {
    for (int i = 0; i < 8; ++i) *ramp.add_steps() = ramp.steps(2);
  });
  for (const double coverage :
       {0.0, -0.1, 0.0009, 1.001, std::nan(""), std::numeric_limits<double>::infinity()}) {
    ExpectRefused("steps[0].coverage",
                  [&](v1::Ramp& ramp) { ramp.mutable_steps(0)->set_coverage(coverage); });
  }
  for (const double coverage : {0.25, 0.2}) {
    ExpectRefused("steps[1].coverage",
                  [&](v1::Ramp& ramp) { ramp.mutable_steps(1)->set_coverage(coverage); });
  }
  for (const int64_t seconds : {int64_t{-1}, int64_t{366 * 24 * 3'600 + 1}}) {
    ExpectRefused("steps[0].min_duration", [&](v1::Ramp& ramp) {
      ramp.mutable_steps(0)->mutable_min_duration()->set_seconds(seconds);
    });
  }
  ExpectRefused("steps[0].min_duration",
                [](v1::Ramp& ramp) { ramp.mutable_steps(0)->clear_min_duration(); });
  for (const int64_t units : {int64_t{-1}, int64_t{1'000'000'001}}) {
    ExpectRefused("steps[0].min_units",
                  [&](v1::Ramp& ramp) { ramp.mutable_steps(0)->set_min_units(units); });
  }
}

TEST_F(RampValidation, TakesWhatLiesAtTheEdge) {
  v1::CreateExperimentRequest request = Ramped(/*promote=*/true);
  request.mutable_ramp()->clear_steps();
  for (int i = 1; i <= 10; ++i) {
    v1::RampStep* step = request.mutable_ramp()->add_steps();
    step->set_coverage(0.001 * i);
    step->mutable_min_duration()->set_seconds(int64_t{366} * 24 * 3'600);
    step->set_min_units(1'000'000'000);
  }
  EXPECT_OK(Create(request));
  EXPECT_EQ(Get().ramp().SerializeAsString(), request.ramp().SerializeAsString());
}

TEST_F(RampValidation, WantsSomebodyWhoAnswersForWhatIsDone) {
  ASSERT_OK(Create(Ramped(/*promote=*/true)));
  v1::PauseRampResponse paused;
  ExpectField(Pause("", "why", &paused), "owner");
  ExpectField(Pause(" \t", "why", &paused), "owner");
  ExpectField(Pause(std::string(257, 'a'), "why", &paused), "owner");
  ExpectField(Pause("ada", "", &paused), "reason");
  ExpectField(Pause("ada", " \n ", &paused), "reason");
  ExpectField(Pause("ada", std::string(4'097, 'a'), &paused), "reason");
  v1::AdvanceRampResponse advanced;
  ExpectField(Advance(0, &advanced), "to_step");
  ExpectField(Advance(10, &advanced), "to_step");
  v1::ResumeRampResponse resumed;
  EXPECT_OK(Resume(&resumed));
  EXPECT_TRUE(resumed.replayed()) << "it was never paused";

  v1::RollbackVersionRequest rollback;
  for (const char* field : {"promotion_id", "agent", "owner", "reason", "from_model_version"}) {
    ExpectField(Call(&Stub::RollbackVersion, rollback), field);
  }
  v1::ListRampEventsRequest list;
  v1::ListRampEventsResponse listed;
  ExpectField(CallRamp(&Ramps::ListRampEvents, list, &listed), "experiment_id");
}

}  // namespace
}  // namespace flywheel::experiment
