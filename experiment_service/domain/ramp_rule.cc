#include "experiment_service/domain/ramp_rule.h"

#include <fmt/format.h>

#include <optional>

#include "experiment_service/domain/assignment.h"
#include "experiment_service/domain/decision.h"
#include "experiment_service/domain/metric_comparison.h"
#include "experiment_service/domain/ramp.h"

namespace flywheel::experiment {
namespace {

// What the contract allows an id.
constexpr size_t kMaxIdBytes = 128;
// Of an experiment's id that is too long for that.
constexpr size_t kKeptBytes = 64;

const char* NameOf(Recommendation recommendation) {
  switch (recommendation) {
    case Recommendation::kShip:
      return "SHIP";
    case Recommendation::kRollback:
      return "ROLLBACK";
    case Recommendation::kHold:
      return "HOLD";
    case Recommendation::kStopFutile:
      return "STOP_FUTILE";
    case Recommendation::kContinue:
      break;
  }
  return "CONTINUE";
}

// What to do by the decision that stands for an arm.
RampAction By(RampMove move, const Experiment& experiment, const std::vector<Standing>& standings,
              size_t arm) {
  const Standing& standing = standings[arm];
  return {move, arm, standing.sequence,
          fmt::format("{} stands for arm '{}' (decision {}): {}",
                      NameOf(standing.decision.recommendation), experiment.arms[arm].arm_id,
                      standing.sequence, standing.decision.message)};
}

// The treatment for which it stands, the one of the first decision; nothing where it does for none.
std::optional<size_t> FindArm(const Experiment& experiment, const std::vector<Standing>& standings,
                              Recommendation wanted) {
  std::optional<size_t> found;
  for (size_t i = 0; i < experiment.arms.size(); ++i) {
    const bool stands =
        !experiment.arms[i].control && standings[i].decision.recommendation == wanted;
    if (stands && (!found || standings[i].sequence < standings[*found].sequence)) found = i;
  }
  return found;
}

bool AllAreFutile(const Experiment& experiment, const std::vector<Standing>& standings) {
  for (size_t i = 0; i < experiment.arms.size(); ++i) {
    if (experiment.arms[i].control) continue;
    if (standings[i].decision.recommendation != Recommendation::kStopFutile) return false;
  }
  return true;
}

bool StepIsOver(const Ramp& ramp, int64_t counted_units, absl::Time now) {
  if (ramp.at_last_step()) return false;
  const RampStep& step = ramp.steps[ramp.state.step];
  return now - ramp.state.step_time >= step.min_duration && counted_units > 0 &&
         counted_units >= step.min_units;
}

}  // namespace

RampAction NextAction(const Experiment& experiment, const std::vector<Standing>& standings,
                      int64_t counted_units, absl::Time now) {
  const Ramp& ramp = *experiment.ramp;
  const auto by = [&](RampMove move, size_t arm) { return By(move, experiment, standings, arm); };
  if (const auto arm = FindArm(experiment, standings, Recommendation::kRollback)) {
    return by(RampMove::kStopForHarm, *arm);
  }
  if (ramp.state.phase == RampPhase::kPaused) return {};
  const bool holds = ramp.state.phase == RampPhase::kHolding;
  if (const auto arm = FindArm(experiment, standings, Recommendation::kHold)) {
    return holds ? RampAction() : by(RampMove::kHoldStep, *arm);
  }
  if (holds) return {RampMove::kRelease};
  if (const auto arm = FindArm(experiment, standings, Recommendation::kShip); arm && ramp.promote) {
    return by(RampMove::kPromote, *arm);
  }
  if (AllAreFutile(experiment, standings)) {
    return by(RampMove::kGiveUp, *FindArm(experiment, standings, Recommendation::kStopFutile));
  }
  return {StepIsOver(ramp, counted_units, now) ? RampMove::kNextStep : RampMove::kWait};
}

int64_t CountedUnits(const Metric& metric, const std::vector<ArmCounts>& counts) {
  int64_t units = 0;
  for (const ArmCounts& arm : counts) {
    const int64_t counted =
        metric.value_without_outcome ? arm.counted_units() : arm.metrics.front().units();
    if (counted < kMinUnitsForHarm) return 0;
    units += counted;
  }
  return units;
}

std::string RampPromotionId(const std::string& experiment_id, int64_t decision) {
  std::string id = fmt::format("ramp:{}:{}", experiment_id, decision);
  if (id.size() <= kMaxIdBytes) return id;
  return fmt::format("ramp:{}:{:016x}:{}", experiment_id.substr(0, kKeptBytes),
                     HashText(/*seed=*/0, experiment_id), decision);
}

}  // namespace flywheel::experiment
