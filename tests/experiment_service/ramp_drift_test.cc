// A ramp while a rate drifts in both arms alike: that is no effect, whatever the coverage was.
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/experiment_service/ramp_fixture.h"

namespace flywheel::experiment {
namespace {

class RampDrift : public RampFixture {
 protected:
  // Between two steps.
  static constexpr int kVisitors = 20'000;
  static constexpr int kSteps = 3;
  static constexpr int kPerCall = 1'000;

  // What comes of each visitor, whatever arm they meet: .40 of the first accept, .46 of the last.
  static std::vector<bool> Accepted() {
    std::mt19937_64 random(20'261'130);
    std::vector<bool> accepted;
    for (int i = 0; i < kSteps * kVisitors; ++i) {
      const double rate = 0.40 + 0.06 * i / (kSteps * kVisitors - 1);
      accepted.push_back(static_cast<double>(random() >> 11) * 0x1.0p-53 < rate);
    }
    return accepted;
  }

  // So many visitors from `first` on, each call's with what comes of those who are covered.
  void ServeVisitors(int first) {
    for (int from = first; from < first + kVisitors; from += kPerCall) {
      v1::AssignBatchRequest request;
      for (int i = from; i < from + kPerCall; ++i) {
        v1::AssignRequest* visitor = request.add_requests();
        visitor->set_agent("helper");
        visitor->set_user_id("user-" + std::to_string(i));
      }
      v1::AssignBatchResponse assigned;
      ASSERT_OK(Call(&Stub::AssignBatch, request, &assigned));
      std::vector<v1::UnitOutcome> outcomes;
      for (int i = from; i < from + kPerCall; ++i) {
        const v1::AssignResponse& answer = assigned.responses(i - from);
        if (answer.not_covered()) continue;
        outcomes.push_back(
            OutcomeOf("o-" + std::to_string(i), "", accepted_[static_cast<size_t>(i)] ? 1.0 : 0.0));
        outcomes.back().set_assignment_token(answer.assignment_token());
      }
      for (const common::v1::ItemResult& result : Record(outcomes)) {
        ASSERT_EQ(result.status(), common::v1::ITEM_STATUS_STORED) << result.message();
      }
    }
  }

  // The same visitors, all of them, as they would be pooled where a step changes the weights.
  v1::Comparison ByChangingWeights() {
    constexpr std::array<double, kSteps> kTreated = {0.05, 0.25, 0.5};
    std::mt19937_64 random(1);
    std::array<int64_t, 2> units{}, ones{};
    for (size_t i = 0; i < accepted_.size(); ++i) {
      const double place = static_cast<double>(random() >> 11) * 0x1.0p-53;
      const size_t arm = place < kTreated.at(i / kVisitors) ? 1 : 0;
      ++units.at(arm);
      ones.at(arm) += accepted_[i] ? 1 : 0;
    }
    v1::AnalyzeSummariesRequest request;
    *request.mutable_arms() = AtoA().arms();
    *request.mutable_plan() = AtoA().plan();
    for (size_t arm = 0; arm < units.size(); ++arm) {
      v1::Arm& dealt = *request.mutable_arms(static_cast<int>(arm));
      dealt.set_weight(dealt.control() ? 2.2 / 3 : 0.8 / 3);
      v1::ArmSummary* summary = request.add_summaries();
      summary->set_arm_id(dealt.arm_id());
      summary->set_exposed_units(units.at(arm));
      v1::MetricSummary* metric = summary->add_metrics();
      metric->set_metric("accepted");
      metric->set_units(units.at(arm));
      metric->set_successes(ones.at(arm));
    }
    v1::AnalyzeSummariesResponse response;
    EXPECT_OK(Call(&Stub::AnalyzeSummaries, request, &response));
    return response.analysis().comparisons(0);
  }

  static v1::CreateExperimentRequest AtoA() {
    v1::CreateExperimentRequest request = Ramped(/*promote=*/true);
    request.mutable_plan()->mutable_primary()->set_goal(v1::GOAL_SUPERIOR);
    return request;
  }

  const std::vector<bool> accepted_ = Accepted();
};

TEST_F(RampDrift, OfTheRateIsNoEffectOfTheTreatment) {
  ASSERT_OK(Create(AtoA()));
  for (int step = 0; step < kSteps; ++step) {
    AwaitStep(step);
    ServeVisitors(step * kVisitors);
    clock_.Advance(absl::Hours(1));
  }
  const v1::Analysis analysis = Analyze("exp");
  EXPECT_GT(UnitsIn(analysis), kVisitors * 3 / 2);
  EXPECT_EQ(analysis.comparisons(0).recommendation(), v1::RECOMMENDATION_CONTINUE);
  // The ramp acts on what is written here, with the outcomes that cause it: after none of the calls
  // there was anything to act on.
  v1::ListDecisionsRequest request;
  request.set_experiment_id("exp");
  v1::ListDecisionsResponse decisions;
  ASSERT_OK(Call(&Stub::ListDecisions, request, &decisions));
  EXPECT_EQ(decisions.decisions_size(), 0) << decisions.DebugString();
  EXPECT_EQ(KindsOf(Events()), (Kinds{v1::RAMP_EVENT_KIND_STARTED, v1::RAMP_EVENT_KIND_STEPPED,
                                      v1::RAMP_EVENT_KIND_STEPPED}));
  EXPECT_EQ(StateOf().phase(), v1::RAMP_PHASE_ARRIVED);
  EXPECT_EQ(Active().model_version(), "v1");
  // All looks together leave a lift of none; pooled over changing weights there seems to be a gain.
  const v1::LiftInterval& lift = analysis.comparisons(0).metrics(0).running_relative_interval();
  EXPECT_LT(lift.lower(), 0);
  EXPECT_GT(lift.upper(), 0);
  EXPECT_GT(ByChangingWeights().metrics(0).relative_interval().lower(), 0);
}

}  // namespace
}  // namespace flywheel::experiment
