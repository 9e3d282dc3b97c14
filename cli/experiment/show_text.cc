#include "cli/experiment/show_text.h"

#include <fmt/format.h>

#include <string_view>

#include "cli/experiment/experiment_tables.h"
#include "cli/experiment/experiment_words.h"
#include "cli/table.h"
#include "cli/value_name.h"
#include "shared/text/printable.h"

namespace flywheel::cli {
namespace {

namespace experiment_v1 = experiment::v1;

// Below these somebody should look; experiment.proto says why.
constexpr double kLookAt = 0.05;
// From here on fractions of a unit say nothing.
constexpr double kManyUnits = 1'000;
constexpr char kNothing[] = "-";

// "primary", "guardrail" or "secondary".
const char* RoleName(experiment_v1::MetricRole role) {
  switch (role) {
    case experiment_v1::METRIC_ROLE_GUARDRAIL:
      return "guardrail";
    case experiment_v1::METRIC_ROLE_SECONDARY:
      return "secondary";
    default:
      return "primary";
  }
}

// Why it was stopped, without what its decision says below once more.
std::string StopReason(const experiment_v1::Experiment& experiment,
                       const experiment_v1::Analysis& analysis) {
  std::string_view reason = experiment.stop_reason();
  for (const experiment_v1::Comparison& comparison : analysis.comparisons()) {
    const std::string told = ": " + comparison.message();
    if (comparison.message().empty() || !reason.ends_with(told)) continue;
    reason.remove_suffix(told.size());
    break;
  }
  return Printable(std::string(reason));
}

std::string WaiverText(const experiment_v1::GateWaiver& waiver) {
  std::string versions;
  for (const std::string& version : waiver.model_versions()) {
    versions += versions.empty() ? "" : ", ";
    versions += Printable(version);
  }
  return fmt::format("waiver     {} answers for {} in place of the gate: {}\n",
                     Printable(waiver.owner()), versions, Printable(waiver.reason()));
}

// What it is, and how it stands with it.
std::string HeadText(const experiment_v1::Experiment& experiment,
                     const experiment_v1::Analysis& analysis) {
  std::string text = fmt::format(
      "experiment '{}' of agent '{}': {}{}, started {}\n", Printable(experiment.experiment_id()),
      Printable(experiment.agent()),
      ValueName(experiment_v1::ExperimentState_Name(experiment.state()), "EXPERIMENT_STATE_"),
      experiment.has_stop_time() ? " since " + TimeText(experiment.stop_time()) : "",
      TimeText(experiment.create_time()));
  if (experiment.has_stop_time()) {
    text += fmt::format("stopped    {}\n", StopReason(experiment, analysis));
  }
  if (experiment.has_ramp_state()) {
    // Why it was stopped stands above.
    const bool is_over = experiment.has_stop_time() || experiment.ramp_state().message().empty();
    text += fmt::format("ramp       {}{}\n",
                        RampText(experiment.ramp_state(), experiment.ramp().steps_size()),
                        is_over ? "" : "; " + Printable(experiment.ramp_state().message()));
  }
  if (experiment.has_waiver()) text += WaiverText(experiment.waiver());
  return text;
}

// What the arms are compared by: the mean, the ratio, or "p95 2,126" of a quantile.
std::string ValueText(const experiment_v1::Metric& planned,
                      const experiment_v1::ArmMetric& metric) {
  if (!planned.has_quantile()) return metric.units() > 0 ? NumberText(metric.mean()) : kNothing;
  return fmt::format("p{:g} {}", 100 * planned.quantile(),
                     metric.has_quantile() ? NumberText(metric.quantile()) : kNothing);
}

std::string ExpectedText(double units) {
  return units < kManyUnits ? fmt::format("{:.1f}", units) : NumberText(units);
}

std::string ArmsTable(const experiment_v1::Experiment& experiment,
                      const experiment_v1::Analysis& analysis) {
  Table table({{"ARM"},
               {"VERSION"},
               {"EXPOSED", true},
               {"EXPECTED", true},
               {"MIXED", true},
               {"METRIC"},
               {"ROLE"},
               {"UNITS", true},
               {"VALUE", true},
               {"DEVIATION", true},
               {"OUTCOMES", true}});
  for (const experiment_v1::ArmResult& arm : analysis.arms()) {
    for (const experiment_v1::ArmMetric& metric : arm.metrics()) {
      const PlannedMetric planned = FindMetric(experiment.plan(), metric.metric());
      table.AddRow({arm.arm_id(), VersionOf(experiment, arm.arm_id()),
                    WithThousands(arm.exposed_units()), ExpectedText(arm.expected_units()),
                    WithThousands(arm.mixed_units()), metric.metric(), RoleName(planned.role),
                    WithThousands(metric.units()), ValueText(planned.metric, metric),
                    metric.units() > 1 ? NumberText(metric.standard_deviation()) : kNothing,
                    WithThousands(metric.outcomes())});
    }
  }
  return table.Format();
}

std::string GoalText(const PlannedMetric& planned, const experiment_v1::MetricComparison& metric) {
  // Without data the analysis has none yet.
  const double goal = metric.goal_lift() != 0 ? metric.goal_lift() : PlannedGoal(planned);
  return LiftText(goal, planned.metric.scale() != experiment_v1::SCALE_ABSOLUTE);
}

std::string ComparisonsTable(const experiment_v1::Experiment& experiment,
                             const experiment_v1::Analysis& analysis) {
  Table table({{"TREATMENT"},
               {"METRIC"},
               {"ROLE"},
               {"LIFT", true},
               {"INTERVAL OF ALL LOOKS"},
               {"GOAL", true},
               {"P-VALUE", true}});
  for (const experiment_v1::Comparison& comparison : analysis.comparisons()) {
    for (const experiment_v1::MetricComparison& metric : comparison.metrics()) {
      const PlannedMetric planned = FindMetric(experiment.plan(), metric.metric());
      const bool relative = IsRelative(planned.metric, metric);
      const ShownLift lift = RunningLift(metric, relative);
      const bool has_data = HasData(experiment, analysis, comparison.arm_id(), metric.metric());
      table.AddRow({comparison.arm_id(), metric.metric(), RoleName(planned.role),
                    has_data ? LiftText(lift.estimate, relative) : kNothing,
                    has_data ? IntervalText(lift.lower, lift.upper, relative) : kNothing,
                    GoalText(planned, metric),
                    has_data ? fmt::format("{:.3g}", metric.p_value()) : kNothing});
    }
  }
  return table.Format();
}

// Of which relative metrics the table shows differences.
std::string NoRelativeLiftText(const experiment_v1::Experiment& experiment,
                               const experiment_v1::Analysis& analysis) {
  std::string text;
  for (const experiment_v1::Comparison& comparison : analysis.comparisons()) {
    for (const experiment_v1::MetricComparison& metric : comparison.metrics()) {
      const experiment_v1::Metric& planned = FindMetric(experiment.plan(), metric.metric()).metric;
      if (planned.scale() == experiment_v1::SCALE_ABSOLUTE || metric.has_relative_lift()) continue;
      if (!HasData(experiment, analysis, comparison.arm_id(), metric.metric())) continue;
      text += fmt::format(
          "{}, {}: no relative lift, because the control's value is 0; the lift is in its unit\n",
          Printable(comparison.arm_id()), Printable(metric.metric()));
    }
  }
  return text;
}

// What stands for a treatment, by which look, and when more is to be expected.
std::string StandsLine(const experiment_v1::Experiment& experiment,
                       const experiment_v1::Comparison& comparison) {
  const bool decided = comparison.has_decide_time();
  const std::string days_left = DaysLeftText(comparison);
  return fmt::format("{} ({}): {}{}{}; by {}: {}\n", Printable(comparison.arm_id()),
                     Printable(VersionOf(experiment, comparison.arm_id())),
                     StandsText(experiment.plan(), comparison),
                     decided ? " since " + TimeText(comparison.decide_time()) : "",
                     days_left.empty() ? "" : ", " + days_left,
                     decided ? "the look of that time" : "this look",
                     Printable(comparison.message()));
}

// What somebody should look at.
std::string QualityText(const experiment_v1::Analysis& analysis) {
  std::string text;
  if (analysis.sample_ratio_always_valid_p_value() < kLookAt) {
    text += fmt::format("look: the arms' sizes do not fit their weights (p {:.3g})\n",
                        analysis.sample_ratio_always_valid_p_value());
  }
  if (analysis.missing_outcomes_always_valid_p_value() < kLookAt) {
    text +=
        fmt::format("look: the arms have outcomes of different shares of their units (p {:.3g})\n",
                    analysis.missing_outcomes_always_valid_p_value());
  }
  return text;
}

}  // namespace

std::string ShowText(const experiment_v1::Experiment& experiment,
                     const experiment_v1::Analysis& analysis) {
  std::string text = HeadText(experiment, analysis) + "\n" + ArmsTable(experiment, analysis) +
                     "\n" + ComparisonsTable(experiment, analysis) +
                     NoRelativeLiftText(experiment, analysis) + "\n";
  for (const experiment_v1::Comparison& comparison : analysis.comparisons()) {
    text += StandsLine(experiment, comparison);
  }
  return text + QualityText(analysis);
}

}  // namespace flywheel::cli
