// Ramp rule: what an experiment with a ramp does next by itself.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_RAMP_RULE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_RAMP_RULE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/standing.h"

namespace flywheel::experiment {

enum class RampMove {
  kWait,         // Nothing.
  kStopForHarm,  // End the experiment: a treatment harms.
  kHoldStep,     // Stay at the step.
  kRelease,      // Hold no longer.
  kPromote,      // Make the arm's version the active one.
  kGiveUp,       // End the experiment: nothing is to be found.
  kNextStep,     // Go to the next step.
};

// What to do, and by which decision.
struct RampAction {
  RampMove move = RampMove::kWait;
  // Of the decision, where there is one.
  size_t arm = 0;
  int64_t decision = 0;
  // For people: the decision in words; empty without one.
  std::string why = {};
};

// The first rule that fits. Harm that stands for any treatment rolls back, also where the ramp is
// paused, which holds up all else: nobody pauses to hurt more people. HOLD for any holds, and its
// end releases; SHIP is promoted where the ramp says so, the one that was decided first; what is
// futile for all treatments stops; the next step follows where the step's duration and units are
// there. `standings` has one an arm. REQUIRES: the experiment has a ramp.
RampAction NextAction(const Experiment& experiment, const std::vector<Standing>& standings,
                      int64_t counted_units, absl::Time now);

// Units of all arms that count for the metric that decides; 0, with which no step is over, while an
// arm has too few to call anything harm: nothing may climb on silence.
int64_t CountedUnits(const Metric& metric, const std::vector<ArmCounts>& counts);

// The id of the promotion that a decision leads to: always the same, so that it happens once.
std::string RampPromotionId(const std::string& experiment_id, int64_t decision);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_RAMP_RULE_H_
