// Personal data in every text that the experiment service takes: nothing of it reaches the disk.
#include <gmock/gmock.h>

#include <string>

#include "cli/free_port.h"
#include "tests/experiment_service/ramp_fixture.h"
#include "tests/integration/http_client.h"
#include "tests/shared/personal_text.h"

namespace flywheel::experiment {
namespace {

using testing::IsRedactedText;
using testing::kPersonalText;

class TextRedactionTest : public RampFixture {
 protected:
  void SetUp() override {
    metrics_port_ = cli::FindFreePorts(1)->at(0);
    metrics_listen_ = "127.0.0.1:" + std::to_string(metrics_port_);
    RampFixture::SetUp();
  }

  int metrics_port_ = 0;
};

TEST_F(TextRedactionTest, PromotionsAndExperimentsKeepTheirReasonsAndNobodysData) {
  v1::PromoteVersionRequest promote = Waived("p-two", "v1");
  promote.mutable_waiver()->set_owner("Grace Hopper");
  promote.mutable_waiver()->set_reason(kPersonalText);
  (*promote.mutable_labels())["why"] = kPersonalText;
  v1::CreateExperimentRequest create = Comparison("exp");
  create.mutable_arms(1)->set_model_version("v3");
  create.mutable_waiver()->set_owner("Grace Hopper");
  create.mutable_waiver()->set_reason(kPersonalText);
  create.mutable_waiver()->add_model_versions("v3");
  (*create.mutable_labels())["why"] = kPersonalText;
  v1::StopExperimentRequest stop;
  stop.set_experiment_id("exp");
  stop.set_reason(kPersonalText);
  for (const bool again : {false, true}) {
    v1::PromoteVersionResponse promoted;
    ASSERT_OK(Call(&Stub::PromoteVersion, promote, &promoted));
    EXPECT_EQ(promoted.replayed(), again);
    EXPECT_EQ(promoted.active_version().waiver().owner(), "Grace Hopper");
    EXPECT_THAT(promoted.active_version().waiver().reason(), IsRedactedText());
    EXPECT_THAT(promoted.active_version().labels().at("why"), IsRedactedText());
  }
  for (const bool again : {false, true}) {
    v1::CreateExperimentResponse created;
    ASSERT_OK(Call(&Stub::CreateExperiment, create, &created));
    EXPECT_EQ(created.replayed(), again);
    EXPECT_THAT(created.experiment().waiver().reason(), IsRedactedText());
    EXPECT_THAT(created.experiment().labels().at("why"), IsRedactedText());
  }
  for (const bool again : {false, true}) {
    v1::StopExperimentResponse stopped;
    ASSERT_OK(Call(&Stub::StopExperiment, stop, &stopped));
    EXPECT_EQ(stopped.replayed(), again);
    EXPECT_THAT(stopped.experiment().stop_reason(), IsRedactedText());
  }
  // The same filter finds it that found it before.
  v1::ListExperimentsRequest list;
  (*list.mutable_labels())["why"] = kPersonalText;
  v1::ListExperimentsResponse found;
  ASSERT_OK(Call(&Stub::ListExperiments, list, &found));
  EXPECT_EQ(found.experiments_size(), 1);
  testing::ExpectNothingPersonalBelow(directory_->path(), "Grace Hopper");
}

TEST_F(TextRedactionTest, SoDoThePausesOfARamp) {
  ASSERT_OK(Create(Ramped(/*promote=*/false)));
  for (const bool again : {false, true}) {
    v1::PauseRampResponse paused;
    ASSERT_OK(Pause("Grace Hopper", kPersonalText, &paused));
    EXPECT_EQ(paused.replayed(), again);
  }
  v1::ResumeRampResponse resumed;
  ASSERT_OK(CallRamp(&Ramps::ResumeRamp, Word<v1::ResumeRampRequest>("Grace Hopper", kPersonalText),
                     &resumed));
  auto advance = Word<v1::AdvanceRampRequest>("Grace Hopper", kPersonalText);
  advance.set_to_step(1);
  v1::AdvanceRampResponse advanced;
  ASSERT_OK(CallRamp(&Ramps::AdvanceRamp, advance, &advanced));
  int redacted = 0;
  for (const v1::RampEvent& event : Events()) {
    if (event.owner() != "Grace Hopper") continue;
    EXPECT_THAT(event.message(), IsRedactedText());
    ++redacted;
  }
  EXPECT_EQ(redacted, 3);
  EXPECT_THAT(integration::HttpGet(metrics_port_, "/metrics"),
              ::testing::HasSubstr("flywheel_redactions_total{type=\"EMAIL\"}"));
  testing::ExpectNothingPersonalBelow(directory_->path(), "Grace Hopper");
}

}  // namespace
}  // namespace flywheel::experiment
