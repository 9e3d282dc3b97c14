// What `flywheel experiment` writes: bars, lines of a watch, tables, and the exit code.
#include "cli/experiment/experiment_words.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "cli/command.h"
#include "cli/experiment/lift_bar.h"
#include "cli/experiment/show_text.h"
#include "cli/experiment/watch_lines.h"

namespace flywheel::cli {
namespace {

namespace experiment_v1 = experiment::v1;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr double kNoEnd = std::numeric_limits<double>::infinity();

template <typename Message>
Message FromText(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

experiment_v1::Experiment Comparing() {
  return FromText<experiment_v1::Experiment>(R"pb(
    experiment_id: "exp"
    agent: "router"
    state: EXPERIMENT_STATE_RUNNING
    create_time { seconds: 1800000000 }
    arms { arm_id: "control" model_version: "v1" control: true }
    arms { arm_id: "new" model_version: "v2" }
    plan { primary { name: "accepted" min_lift: 0.02 } }
  )pb");
}

// With so many units an arm, and a lift of the treatment.
experiment_v1::Analysis Analysed(int units, double lift, double lower, double upper,
                                 const std::string& stands) {
  auto analysis = FromText<experiment_v1::Analysis>(R"pb(
    experiment_id: "exp"
    as_of { seconds: 1800000060 }
    sample_ratio_always_valid_p_value: 1
    missing_outcomes_always_valid_p_value: 1
    arms {
      arm_id: "control"
      exposed_units: 9
      metrics { metric: "accepted" mean: 0.4 }
    }
    arms {
      arm_id: "new"
      exposed_units: 9
      metrics { metric: "accepted" mean: 0.5 }
    }
    comparisons {
      arm_id: "new"
      reason: RECOMMENDATION_REASON_UNDECIDED
      message: "so it is"
      metrics { metric: "accepted" goal_lift: 0.02 }
    }
  )pb");
  for (experiment_v1::ArmResult& arm : *analysis.mutable_arms()) {
    arm.mutable_metrics(0)->set_units(units);
  }
  experiment_v1::Comparison& comparison = *analysis.mutable_comparisons(0);
  experiment_v1::Recommendation recommendation = experiment_v1::RECOMMENDATION_UNSPECIFIED;
  EXPECT_TRUE(experiment_v1::Recommendation_Parse("RECOMMENDATION_" + stands, &recommendation));
  comparison.set_recommendation(recommendation);
  experiment_v1::MetricComparison& metric = *comparison.mutable_metrics(0);
  metric.set_relative_lift(lift);
  metric.mutable_running_relative_interval()->set_lower(lower);
  metric.mutable_running_relative_interval()->set_upper(upper);
  return analysis;
}

TEST(LiftBar, DrawsTheIntervalTheLiftZeroAndTheGoalOnOneScale) {
  const LiftBar bar(0.02, 0.1);
  EXPECT_EQ(bar.Draw({0.03, -0.01, 0.06}), "                  ==|===:=o======        ");
  EXPECT_EQ(bar.Draw({0.06, 0.03, 0.09}), "                    |   : ======o======  ");
  EXPECT_EQ(bar.Ruler("-10.00 %", "+10.00 %"), "-10.00 %            0            +10.00 %");
}

TEST(LiftBar, ShowsWhatGoesOnBeyondTheScaleAndWhatIsEmpty) {
  const LiftBar bar(-0.05, 0.1);
  EXPECT_EQ(bar.Draw({0, -kNoEnd, kNoEnd}), "<=========:=========o===================>");
  EXPECT_EQ(bar.Draw({0.5, 0.3, 0.7}), "          :         |                 >>>");
  EXPECT_EQ(bar.Draw({-0.5, -0.7, -0.3}), "<<<       :         |                    ");
  EXPECT_EQ(LiftBar(0.02, 0.1, 11).Draw({0.04, -0.02, 0.2}), "    =|:o==>")
      << "narrower, 0 in the middle";
  EXPECT_EQ(bar.Draw({0.05, 0.04, 0.02}), "          :         |         x          ")
      << "no lift is left";
  EXPECT_EQ(bar.Draw({0, 0.1, 0.1}).back(), '=') << "the end of the scale is on it";
}

TEST(LiftBar, ReachesFiveTimesTheGoal) {
  EXPECT_DOUBLE_EQ(LiftBar::ReachFor(0.02, true), 0.1);
  EXPECT_DOUBLE_EQ(LiftBar::ReachFor(-0.05, true), 0.25);
  EXPECT_DOUBLE_EQ(LiftBar::ReachFor(0, true), 0.1);
  EXPECT_DOUBLE_EQ(LiftBar::ReachFor(0, false), 1);
}

TEST(WatchLines, AreSentencesOfWhatChangedWhereThereIsNoTerminal) {
  WatchLines lines(Comparing(), {});
  EXPECT_EQ(lines.Of(Analysed(1'200, 0.03, -0.01, 0.07, "CONTINUE")),
            "2027-01-15T08:01:00Z  new: 2,400 units, lift +3.00 % [-1.00 %, +7.00 %], "
            "CONTINUE (UNDECIDED)\n");
  experiment_v1::Analysis later = Analysed(1'200, 0.03, -0.01, 0.07, "CONTINUE");
  later.mutable_as_of()->set_seconds(1'800'000'100);
  EXPECT_EQ(lines.Of(later), "") << "the time alone is no news";
  EXPECT_THAT(lines.Of(Analysed(1'300, 0.03, 0.01, kNoEnd, "SHIP")),
              HasSubstr("2,600 units, lift +3.00 % [+1.00 %, +inf], SHIP"));
}

TEST(WatchLines, HaveBarsBelowAHeadingOnATerminal) {
  WatchLines lines(Comparing(), {.bars = true});
  const std::string first = lines.Of(Analysed(1'200, 0.03, -0.01, 0.06, "CONTINUE"));
  EXPECT_THAT(first, StartsWith("exp: lift of 'accepted' against the control"));
  EXPECT_THAT(first, AllOf(HasSubstr("-10.00 %            0            +10.00 %"),
                           HasSubstr("                  ==|===:=o======        "),
                           Not(HasSubstr("\x1b["))));
  const std::string second = lines.Of(Analysed(1'300, 0.03, 0.01, 0.06, "ROLLBACK"));
  EXPECT_THAT(second, AllOf(Not(HasSubstr("TIME")), HasSubstr("ROLLBACK")));
  // The columns stand below each other.
  const std::string heading = first.substr(first.find("TIME"));
  const size_t below = heading.find('\n') + 1;
  EXPECT_EQ(heading.find("STANDS"), heading.find("CONTINUE") - below);
  EXPECT_EQ(heading.find("STANDS"), second.find("ROLLBACK"));
}

TEST(WatchLines, HaveTheScaleOfThePlanBeforeThereAreData) {
  experiment_v1::Experiment experiment = Comparing();
  experiment.mutable_plan()->mutable_primary()->set_direction(
      experiment_v1::DIRECTION_LOWER_IS_BETTER);
  experiment.mutable_plan()->mutable_primary()->set_min_lift(0.04);
  experiment_v1::Analysis nothing = Analysed(0, 0, -kNoEnd, kNoEnd, "CONTINUE");
  nothing.mutable_comparisons(0)->mutable_metrics(0)->set_goal_lift(0);
  WatchLines lines(experiment, {.bars = true});
  EXPECT_THAT(lines.Of(nothing), AllOf(HasSubstr("-20.00 %            0            +20.00 %"),
                                       Not(HasSubstr("inf")), Not(HasSubstr("+0.00 %"))));
  EXPECT_THAT(lines.Of(Analysed(1'200, -0.05, -0.09, -0.01, "CONTINUE")),
              HasSubstr("           ====o:===|"))
      << "the goal is a lower value";
}

TEST(WatchLines, AreTwoLinesATreatmentOnANarrowTerminal) {
  WatchLines lines(Comparing(), {.bars = true, .columns = 80});
  const std::string text = lines.Of(Analysed(1'200, 0.03, -0.01, 0.06, "CONTINUE"));
  EXPECT_THAT(text, HasSubstr("2027-01-15T08:01:00Z  new: 2,400 units, lift +3.00 % "
                              "[-1.00 %, +6.00 %]\n  "));
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin);
    EXPECT_LE(end - begin, 80) << text.substr(begin, end - begin);
    begin = end + 1;
  }
}

TEST(WatchLines, NameTheGuardrailThatIsOpenAndTheDaysThatAreLeft) {
  experiment_v1::Experiment experiment = Comparing();
  for (const char* name : {"latency_ms", "cost"}) {
    experiment_v1::Metric& guardrail = *experiment.mutable_plan()->add_guardrails();
    guardrail.set_name(name);
    guardrail.set_direction(experiment_v1::DIRECTION_LOWER_IS_BETTER);
  }
  experiment_v1::Analysis analysis = Analysed(1'200, 0.03, 0.01, 0.06, "CONTINUE");
  experiment_v1::Comparison& comparison = *analysis.mutable_comparisons(0);
  comparison.set_reason(experiment_v1::RECOMMENDATION_REASON_GUARDRAIL_UNDECIDED);
  comparison.set_expected_days_left(11.6);
  *comparison.add_metrics() = FromText<experiment_v1::MetricComparison>(R"pb(metric: "latency_ms"
                                                                             goal_lift: 0.05
                                                                             goal_bound: 0.07)pb");
  *comparison.add_metrics() = FromText<experiment_v1::MetricComparison>(R"pb(metric: "cost"
                                                                             goal_lift: 0.05
                                                                             goal_bound: 0.03)pb");
  WatchLines lines(experiment, {});
  EXPECT_THAT(lines.Of(analysis),
              HasSubstr("CONTINUE (GUARDRAIL_UNDECIDED latency_ms), about 12 days left\n"));
  EXPECT_THAT(ShowText(experiment, analysis), HasSubstr("latency_ms), about 12 days left"));
}

TEST(WatchLines, AreColouredByWhatStands) {
  WatchLines lines(Comparing(), {.bars = true, .colours = true});
  EXPECT_THAT(lines.Of(Analysed(10, 0, 0, 0, "CONTINUE")), Not(HasSubstr("\x1b[")));
  EXPECT_THAT(lines.Of(Analysed(20, 0, 0, 0, "SHIP")),
              AllOf(StartsWith("\x1b[32m"), HasSubstr("\x1b[0m\n")));
  EXPECT_THAT(lines.Of(Analysed(20, 0, 0, 0, "ROLLBACK")), StartsWith("\x1b[31m"));
}

TEST(WatchLines, ShowAbsoluteLiftsInTheirUnit) {
  experiment_v1::Experiment experiment = Comparing();
  experiment.mutable_plan()->mutable_primary()->set_scale(experiment_v1::SCALE_ABSOLUTE);
  experiment_v1::Analysis analysis = Analysed(1'200, 0.5, 0.4, 0.6, "CONTINUE");
  experiment_v1::MetricComparison& metric = *analysis.mutable_comparisons(0)->mutable_metrics(0);
  metric.set_absolute_lift(-12.5);
  metric.mutable_running_absolute_interval()->set_lower(-20);
  metric.mutable_running_absolute_interval()->set_upper(1);
  WatchLines lines(experiment, {});
  EXPECT_THAT(lines.Of(analysis), HasSubstr("lift -12.5 [-20, +1], CONTINUE"));
}

TEST(ExperimentWords, TheExitCodeIsWhatAPipelineMayDo) {
  const auto code = [](const std::string& stands) {
    return ExitCodeOf(Analysed(10, 0, 0, 0, stands));
  };
  EXPECT_EQ(code("SHIP"), 0);
  EXPECT_EQ(code("ROLLBACK"), kExitBlocked);
  EXPECT_EQ(code("CONTINUE"), kExitInconclusive);
  EXPECT_EQ(code("HOLD"), kExitInconclusive);
  EXPECT_EQ(code("STOP_FUTILE"), kExitInconclusive);
  experiment_v1::Analysis two = Analysed(10, 0, 0, 0, "ROLLBACK");
  *two.add_comparisons() = Analysed(10, 0, 0, 0, "SHIP").comparisons(0);
  EXPECT_EQ(ExitCodeOf(two), 0) << "one of them may ship";
  EXPECT_EQ(ExitCodeOf({}), kExitInconclusive);
}

TEST(ExperimentWords, ShowSaysWhatStandsAndWhatSomebodyShouldLookAt) {
  experiment_v1::Analysis analysis = Analysed(1'200, 0.03, -0.01, 0.06, "HOLD");
  EXPECT_THAT(
      ShowText(Comparing(), analysis),
      AllOf(HasSubstr("experiment 'exp' of agent 'router': RUNNING, started 2027-01-15T08"),
            HasSubstr("+3.00 %  [-1.00 %, +6.00 %]"), HasSubstr("new (v2): HOLD (UNDECIDED)"),
            HasSubstr("so it is"), Not(HasSubstr("\nlook:"))));
  analysis.set_sample_ratio_always_valid_p_value(0.004);
  EXPECT_THAT(ShowText(Comparing(), analysis),
              HasSubstr("look: the arms' sizes do not fit their weights (p 0.004)"));
}

TEST(ExperimentWords, ShowHasEachMetricInItsOwnUnitWithItsRole) {
  experiment_v1::Experiment experiment = Comparing();
  experiment.mutable_plan()->mutable_primary()->set_scale(experiment_v1::SCALE_ABSOLUTE);
  experiment.mutable_plan()->add_guardrails()->set_name("latency_ms");
  experiment.mutable_plan()->mutable_guardrails(0)->set_quantile(0.95);
  experiment.mutable_plan()->add_secondary()->set_name("clicks");
  experiment_v1::Analysis analysis = Analysed(1'200, 0.03, -0.01, 0.06, "CONTINUE");
  for (experiment_v1::ArmResult& arm : *analysis.mutable_arms()) {
    *arm.add_metrics() = FromText<experiment_v1::ArmMetric>(
        R"pb(metric: "latency_ms" units: 600 mean: 900 quantile: 2126.3)pb");
    *arm.add_metrics() =
        FromText<experiment_v1::ArmMetric>(R"pb(metric: "clicks" units: 600 mean: 3)pb");
  }
  experiment_v1::Comparison& comparison = *analysis.mutable_comparisons(0);
  comparison.mutable_metrics(0)->set_absolute_lift(0.5);
  *comparison.add_metrics() =
      FromText<experiment_v1::MetricComparison>(R"pb(metric: "clicks" relative_lift: 0.125)pb");
  const std::string text = ShowText(experiment, analysis);
  EXPECT_THAT(text, AllOf(HasSubstr("VALUE"), HasSubstr("p95 2,126"), HasSubstr("guardrail"),
                          HasSubstr("secondary"), HasSubstr("+12.50 %"), HasSubstr("+0.5 ")));
}

TEST(ExperimentWords, ShowHasNoNumbersWhereThereAreNoData) {
  const std::string text = ShowText(Comparing(), Analysed(0, 0, -kNoEnd, kNoEnd, "CONTINUE"));
  EXPECT_THAT(text, AllOf(HasSubstr("+2.00 %"), Not(HasSubstr("+0.00 %")), Not(HasSubstr("inf")),
                          Not(HasSubstr("0.4"))));
}

TEST(ExperimentWords, ShowSaysThatAControlOfZeroHasNoRelativeLift) {
  experiment_v1::Analysis analysis = Analysed(1'200, 0, 0, 0, "CONTINUE");
  analysis.mutable_comparisons(0)->mutable_metrics(0)->clear_relative_lift();
  EXPECT_THAT(ShowText(Comparing(), analysis),
              HasSubstr("new, accepted: no relative lift, because the control's value is 0"));
}

TEST(ExperimentWords, ShowSaysWhenAndWhyItWasStoppedOnceAndWhoWaivedTheGate) {
  experiment_v1::Experiment experiment = Comparing();
  experiment.set_state(experiment_v1::EXPERIMENT_STATE_STOPPED);
  experiment.mutable_stop_time()->set_seconds(1'800'086'400);
  experiment.set_stop_reason("ramp: ROLLBACK stands for arm 'new' (decision 2): so it is");
  experiment.mutable_waiver()->set_owner("ada");
  experiment.mutable_waiver()->set_reason("no suite yet");
  experiment.mutable_waiver()->add_model_versions("v2");
  const std::string text = ShowText(experiment, Analysed(1'200, -0.3, -0.4, -0.2, "ROLLBACK"));
  EXPECT_THAT(
      text, AllOf(HasSubstr("STOPPED since 2027-01-16T08:00:00Z, started 2027-01-15T08:00:00Z"),
                  HasSubstr("stopped    ramp: ROLLBACK stands for arm 'new' (decision 2)\n"),
                  HasSubstr("waiver     ada answers for v2 in place of the gate: no suite yet\n")));
  EXPECT_EQ(text.find("so it is"), text.rfind("so it is")) << "once";
}

}  // namespace
}  // namespace flywheel::cli
