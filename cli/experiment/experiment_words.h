// Words for people about experiments and what stands for their treatments.
#ifndef FLYWHEEL_CLI_EXPERIMENT_EXPERIMENT_WORDS_H_
#define FLYWHEEL_CLI_EXPERIMENT_EXPERIMENT_WORDS_H_

#include <string>

#include "cli/experiment/lift_bar.h"
#include "flywheel/experiment/v1/experiment.pb.h"
#include "flywheel/experiment/v1/ramp.pb.h"

namespace flywheel::cli {

// Such as "SHIP", "TOO_FEW_UNITS" and "CLIMBING".
std::string NameOf(experiment::v1::Recommendation recommendation);
std::string NameOf(experiment::v1::RecommendationReason reason);
std::string NameOf(experiment::v1::RampPhase phase);

// "+3.21 %" of a relative lift, "+0.0321" of an absolute one; "+inf" where there is no end.
std::string LiftText(double lift, bool relative);
// "[-1.02 %, +7.50 %]".
std::string IntervalText(double lower, double upper, bool relative);

// Whether a metric's lifts are shown as shares of the control's mean: those of its plan's scale,
// where the control has a mean other than 0.
bool IsRelative(const experiment::v1::Metric& metric,
                const experiment::v1::MetricComparison& comparison);
// The lift of a metric with what all looks together leave of it.
ShownLift RunningLift(const experiment::v1::MetricComparison& comparison, bool relative);

// An arm's version; empty where the experiment has no such arm.
std::string VersionOf(const experiment::v1::Experiment& experiment, const std::string& arm_id);

// Units that count for the primary metric, of a treatment and the control together.
int64_t UnitsOf(const experiment::v1::Experiment& experiment,
                const experiment::v1::Analysis& analysis, const std::string& arm_id);

// What a pipeline may do now: kExitOk where SHIP stands for a treatment, else kExitBlocked where
// ROLLBACK stands for one, else kExitInconclusive.
int ExitCodeOf(const experiment::v1::Analysis& analysis);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_EXPERIMENT_EXPERIMENT_WORDS_H_
