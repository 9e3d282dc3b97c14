#include "cli/experiment/experiment_tables.h"

#include <fmt/format.h>

#include <cstdint>

#include "cli/experiment/experiment_words.h"
#include "cli/labels.h"
#include "cli/table.h"
#include "cli/value_name.h"
#include "shared/rpc/field_checks.h"
#include "shared/text/printable.h"
#include "shared/time/time_text.h"

namespace flywheel::cli {
namespace {

namespace experiment_v1 = experiment::v1;

// Below these somebody should look; experiment.proto says why.
constexpr double kLookAt = 0.05;

std::string OrDash(const std::string& text) { return text.empty() ? "-" : text; }

std::string StateOf(const experiment_v1::Experiment& experiment) {
  return ValueName(experiment_v1::ExperimentState_Name(experiment.state()), "EXPERIMENT_STATE_");
}

std::string TimeOf(const google::protobuf::Timestamp& time) {
  return SecondsText(rpc::FromProto(time));
}

// "step 2 of 3 (50 %), CLIMBING".
std::string RampText(const experiment_v1::RampState& state, int64_t steps) {
  return fmt::format("step {} of {} ({:.4g} %), {}", state.step() + 1, steps,
                     100 * state.coverage(), NameOf(state.phase()));
}

// What it is, and how it stands with it.
std::string HeadText(const experiment_v1::Experiment& experiment) {
  std::string text = fmt::format(
      "experiment '{}' of agent '{}': {} since {}\n", Printable(experiment.experiment_id()),
      Printable(experiment.agent()), StateOf(experiment), TimeOf(experiment.create_time()));
  if (experiment.has_stop_time()) {
    text += fmt::format("stopped    {}: {}\n", TimeOf(experiment.stop_time()),
                        Printable(experiment.stop_reason()));
  }
  if (experiment.has_ramp_state()) {
    text += fmt::format("ramp       {}; {}\n",
                        RampText(experiment.ramp_state(), experiment.ramp().steps_size()),
                        Printable(experiment.ramp_state().message()));
  }
  return text;
}

std::string ArmsTable(const experiment_v1::Experiment& experiment,
                      const experiment_v1::Analysis& analysis) {
  Table table({{"ARM"},
               {"VERSION"},
               {"EXPOSED", true},
               {"EXPECTED", true},
               {"MIXED", true},
               {"METRIC"},
               {"UNITS", true},
               {"MEAN", true},
               {"DEVIATION", true},
               {"OUTCOMES", true}});
  for (const experiment_v1::ArmResult& arm : analysis.arms()) {
    for (const experiment_v1::ArmMetric& metric : arm.metrics()) {
      table.AddRow(
          {arm.arm_id(), VersionOf(experiment, arm.arm_id()), WithThousands(arm.exposed_units()),
           fmt::format("{:.1f}", arm.expected_units()), WithThousands(arm.mixed_units()),
           metric.metric(), WithThousands(metric.units()), fmt::format("{:.4g}", metric.mean()),
           fmt::format("{:.4g}", metric.standard_deviation()), WithThousands(metric.outcomes())});
    }
  }
  return table.Format();
}

// The metric of the plan of this name.
const experiment_v1::Metric& MetricOf(const experiment_v1::AnalysisPlan& plan,
                                      const std::string& name) {
  for (const experiment_v1::Metric& guardrail : plan.guardrails()) {
    if (guardrail.name() == name) return guardrail;
  }
  return plan.primary();
}

std::string ComparisonsTable(const experiment_v1::Experiment& experiment,
                             const experiment_v1::Analysis& analysis) {
  Table table({{"TREATMENT"},
               {"METRIC"},
               {"LIFT", true},
               {"INTERVAL OF ALL LOOKS"},
               {"GOAL", true},
               {"P-VALUE", true}});
  for (const experiment_v1::Comparison& comparison : analysis.comparisons()) {
    for (const experiment_v1::MetricComparison& metric : comparison.metrics()) {
      const experiment_v1::Metric& planned = MetricOf(experiment.plan(), metric.metric());
      const bool relative = IsRelative(planned, metric);
      const ShownLift lift = RunningLift(metric, relative);
      table.AddRow({comparison.arm_id(), metric.metric(), LiftText(lift.estimate, relative),
                    IntervalText(lift.lower, lift.upper, relative),
                    LiftText(metric.goal_lift(), planned.scale() != experiment_v1::SCALE_ABSOLUTE),
                    fmt::format("{:.3g}", metric.p_value())});
    }
  }
  return table.Format();
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

// What stands for the treatments, such as "v2 SHIP, v3 CONTINUE".
std::string StandsText(const experiment_v1::RunningExperiment& running) {
  std::string text;
  for (const experiment_v1::TreatmentStanding& treatment : running.treatments()) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", treatment.model_version(),
                        NameOf(treatment.recommendation()));
  }
  return text;
}

// Whose word or which evidence made it active.
std::string MadeActiveBy(const experiment_v1::ActiveVersion& active) {
  if (!active.experiment_id().empty()) return "experiment " + active.experiment_id();
  return active.waiver().owner();
}

}  // namespace

std::string ShowText(const experiment_v1::Experiment& experiment,
                     const experiment_v1::Analysis& analysis) {
  std::string text = HeadText(experiment) + "\n" + ArmsTable(experiment, analysis) + "\n" +
                     ComparisonsTable(experiment, analysis) + "\n";
  for (const experiment_v1::Comparison& comparison : analysis.comparisons()) {
    const std::string since =
        comparison.has_decide_time() ? " since " + TimeOf(comparison.decide_time()) : "";
    text += fmt::format("{} ({}): {}{} ({}): {}\n", Printable(comparison.arm_id()),
                        Printable(VersionOf(experiment, comparison.arm_id())),
                        NameOf(comparison.recommendation()), since, NameOf(comparison.reason()),
                        Printable(comparison.message()));
  }
  return text + QualityText(analysis);
}

std::string TableText(const std::vector<experiment_v1::Experiment>& experiments) {
  Table table({{"EXPERIMENT"},
               {"AGENT"},
               {"STATE"},
               {"VERSIONS"},
               {"METRIC"},
               {"RAMP"},
               {"STARTED"},
               {"STOPPED"},
               {"WHY"},
               {"LABELS"}});
  for (const experiment_v1::Experiment& one : experiments) {
    std::string versions;
    for (const experiment_v1::Arm& arm : one.arms()) {
      versions += fmt::format("{}{}", versions.empty() ? "" : ", ", arm.model_version());
    }
    table.AddRow({one.experiment_id(), one.agent(), StateOf(one), versions,
                  one.plan().primary().name(),
                  one.has_ramp_state() ? RampText(one.ramp_state(), one.ramp().steps_size()) : "-",
                  TimeOf(one.create_time()), one.has_stop_time() ? TimeOf(one.stop_time()) : "-",
                  OrDash(one.stop_reason()), LabelsText(one.labels())});
  }
  return table.Format();
}

std::string TableText(const std::vector<experiment_v1::Agent>& agents) {
  Table table({{"AGENT"},
               {"ACTIVE VERSION"},
               {"SINCE"},
               {"BY"},
               {"EXPERIMENT"},
               {"RAMP"},
               {"STANDS"},
               {"EXPERIMENTS", true},
               {"PROMOTIONS", true}});
  for (const experiment_v1::Agent& agent : agents) {
    const experiment_v1::ActiveVersion& active = agent.active_version();
    const experiment_v1::RunningExperiment& running = agent.running_experiment();
    table.AddRow(
        {active.agent(), active.model_version(), TimeOf(active.promote_time()),
         OrDash(MadeActiveBy(active)), OrDash(running.experiment_id()),
         running.has_ramp_state() ? RampText(running.ramp_state(), running.ramp_steps()) : "-",
         OrDash(StandsText(running)), WithThousands(agent.experiments()),
         WithThousands(agent.promotions())});
  }
  return table.Format();
}

std::string TableText(const std::vector<experiment_v1::Decision>& decisions) {
  Table table({{"NUMBER", true},
               {"TIME"},
               {"TREATMENT"},
               {"DECISION"},
               {"REASON"},
               {"UNITS", true},
               {"WHY"}});
  for (const experiment_v1::Decision& one : decisions) {
    int64_t units = 0;
    for (const experiment_v1::ArmTallies& arm : one.arms()) units += arm.exposed_units();
    table.AddRow({fmt::format("{}", one.sequence()), TimeOf(one.decide_time()), one.arm_id(),
                  NameOf(one.recommendation()), NameOf(one.reason()), WithThousands(units),
                  one.message()});
  }
  return table.Format();
}

}  // namespace flywheel::cli
