// Standing of a treatment: what all looks so far have come to.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_STANDING_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_STANDING_H_

#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "experiment_service/domain/analysis.h"
#include "experiment_service/domain/decision.h"
#include "statistics/interval.h"

namespace flywheel::experiment {

// What the looks leave of a lift: their intersection, which is as valid as each of them.
struct RunningIntervals {
  statistics::Interval absolute;
  statistics::Interval relative;
};

// What stands for a treatment.
struct Standing {
  // The newest decision; CONTINUE with sequence 0 where there has been none.
  Decision decision;
  int64_t sequence = 0;
  absl::Time decide_time;
  // One a metric of the plan; none before the first look.
  std::vector<RunningIntervals> intervals;
};

// What stands after a look: its decision, by the rule Stand. A change of the recommendation is a
// decision that has to be written, and so is another reason for anything but CONTINUE.
bool IsNewDecision(const Standing& before, const Decision& stands);

// The intervals after a look.
std::vector<RunningIntervals> Narrow(const std::vector<RunningIntervals>& before,
                                     const Comparison& comparison);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_STANDING_H_
