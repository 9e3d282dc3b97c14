// Days left: when the units are expected that a treatment's answer needs.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_DAYS_LEFT_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_DAYS_LEFT_H_

#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "experiment_service/domain/analysis.h"
#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/experiment.h"

namespace flywheel::experiment {

// An estimate for people; nothing is decided by it. In how many days a treatment is expected to
// have an answer, if units go on to come as they did:
//
//   units a day = units / days at full traffic x today's coverage      (a ramp takes part of it)
//   days = the most of (needed - units) / units a day, of every metric that decides and is open,
//
// where a metric needs the plan's planned_units while those have not come, and else, or without a
// plan, as many as show its goal with a power of .8, with the variances as they are so far and the
// boundary for every size: a gain of min_lift against none (a version with a lift just above
// min_lift takes longer), or of a margin no loss at all. Never less than min_units and
// min_units_per_arm need, nor than is left of min_duration; never more than is left of
// max_duration.
//
// Nothing where the look is not CONTINUE, or nothing can be said: no units or no variance yet, a
// min_lift of 0 without a plan, or a metric that is open though its units have come, which is a
// matter of luck from there on; but what is left of max_duration where there is one, for then it
// ends.
std::optional<double> ExpectedDaysLeft(const Experiment& experiment,
                                       const std::vector<double>& shares,
                                       const std::vector<ArmCounts>& counts,
                                       const Comparison& comparison, absl::Time as_of);

// Sets it in every comparison of an analysis of these.
void AddDaysLeft(const Experiment& experiment, const std::vector<double>& shares,
                 const std::vector<ArmCounts>& counts, Analysis& analysis);

// In how much time as many units would have come had all of the traffic taken part. A ramp's
// history is not asked for: its earlier steps share the time before the present one by their
// min_durations, or evenly where they have none. REQUIRES: as_of is not before the experiment.
absl::Duration TimeAtFullTraffic(const Experiment& experiment, absl::Time as_of);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_DAYS_LEFT_H_
