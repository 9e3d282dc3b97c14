#include "cli/experiment/experiment_tables.h"

#include <fmt/format.h>

#include <cstdint>

#include "cli/experiment/experiment_words.h"
#include "cli/labels.h"
#include "cli/table.h"
#include "cli/value_name.h"

namespace flywheel::cli {
namespace {

namespace experiment_v1 = experiment::v1;

std::string OrDash(const std::string& text) { return text.empty() ? "-" : text; }

std::string StateOf(const experiment_v1::Experiment& experiment) {
  return ValueName(experiment_v1::ExperimentState_Name(experiment.state()), "EXPERIMENT_STATE_");
}

// What stands for the treatments, such as "v2 SHIP, v3 CONTINUE".
std::string RunningText(const experiment_v1::RunningExperiment& running) {
  std::string text;
  for (const experiment_v1::TreatmentStanding& treatment : running.treatments()) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", treatment.model_version(),
                        NameOf(treatment.recommendation()));
  }
  return text;
}

// Whose word or which evidence made it active.
std::string MadeActiveBy(const experiment_v1::ActiveVersion& active) {
  if (active.experiment_id().empty()) return active.waiver().owner();
  const std::string text = "experiment " + active.experiment_id();
  return active.has_waiver() ? text + ", waiver of " + active.waiver().owner() : text;
}

}  // namespace

std::string RampText(const experiment_v1::RampState& state, int64_t steps) {
  return fmt::format("step {} of {} ({:.4g} %), {}", state.step() + 1, steps,
                     100 * state.coverage(), NameOf(state.phase()));
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
    table.AddRow(
        {one.experiment_id(), one.agent(), StateOf(one), versions, one.plan().primary().name(),
         one.has_ramp_state() ? RampText(one.ramp_state(), one.ramp().steps_size()) : "-",
         TimeText(one.create_time()), one.has_stop_time() ? TimeText(one.stop_time()) : "-",
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
        {active.agent(), active.model_version(), TimeText(active.promote_time()),
         OrDash(MadeActiveBy(active)), OrDash(running.experiment_id()),
         running.has_ramp_state() ? RampText(running.ramp_state(), running.ramp_steps()) : "-",
         OrDash(RunningText(running)), WithThousands(agent.experiments()),
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
    table.AddRow({fmt::format("{}", one.sequence()), TimeText(one.decide_time()), one.arm_id(),
                  NameOf(one.recommendation()), NameOf(one.reason()), WithThousands(units),
                  one.message()});
  }
  return table.Format();
}

}  // namespace flywheel::cli
