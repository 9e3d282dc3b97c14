// Words for people about experiments and what stands for their treatments.
#ifndef FLYWHEEL_CLI_EXPERIMENT_EXPERIMENT_WORDS_H_
#define FLYWHEEL_CLI_EXPERIMENT_EXPERIMENT_WORDS_H_

#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <string>

#include "cli/experiment/lift_bar.h"
#include "flywheel/experiment/v1/experiment.pb.h"
#include "flywheel/experiment/v1/ramp.pb.h"

namespace flywheel::cli {

// Such as "SHIP", "TOO_FEW_UNITS" and "CLIMBING".
std::string NameOf(experiment::v1::Recommendation recommendation);
std::string NameOf(experiment::v1::RecommendationReason reason);
std::string NameOf(experiment::v1::RampPhase phase);

// "2026-12-01T09:00:00Z".
std::string TimeText(const google::protobuf::Timestamp& time);
// A value of a metric: "0.4219", "2,126".
std::string NumberText(double value);
// "+3.21 %" of a relative lift, "+0.0321" of an absolute one; "+inf" where there is no end.
std::string LiftText(double lift, bool relative);
// "[-1.02 %, +7.50 %]"; "-" where nothing is excluded on either side.
std::string IntervalText(double lower, double upper, bool relative);

// Whether a metric's lifts are shown as shares of the control's mean: those of its plan's scale,
// where the control has a mean other than 0.
bool IsRelative(const experiment::v1::Metric& metric,
                const experiment::v1::MetricComparison& comparison);
// The lift of a metric with what all looks together leave of it.
ShownLift RunningLift(const experiment::v1::MetricComparison& comparison, bool relative);

// A metric with what the plan has it for.
struct PlannedMetric {
  const experiment::v1::Metric& metric;
  experiment::v1::MetricRole role = experiment::v1::METRIC_ROLE_PRIMARY;
};
// The one of this name; the primary one where the plan has none.
PlannedMetric FindMetric(const experiment::v1::AnalysisPlan& plan, const std::string& name);
// The lift that a metric's goal asks about, with its sign, in its scale: what an analysis without
// data cannot say.
double PlannedGoal(const PlannedMetric& planned);

// An arm's version; empty where the experiment has no such arm.
std::string VersionOf(const experiment::v1::Experiment& experiment, const std::string& arm_id);

// Units that count for the primary metric, of a treatment and the control together.
int64_t UnitsOf(const experiment::v1::Experiment& experiment,
                const experiment::v1::Analysis& analysis, const std::string& arm_id);
// Whether units of both the treatment and the control count for a metric, so that they can be
// compared.
bool HasData(const experiment::v1::Experiment& experiment, const experiment::v1::Analysis& analysis,
             const std::string& arm_id, const std::string& metric);

// "CONTINUE (UNDECIDED)"; of guardrails with the names of those that it is about.
std::string StandsText(const experiment::v1::AnalysisPlan& plan,
                       const experiment::v1::Comparison& comparison);
// "about 12 days left"; empty where an analysis expects nothing.
std::string DaysLeftText(const experiment::v1::Comparison& comparison);

// What a pipeline may do now: kExitOk where SHIP stands for a treatment, else kExitBlocked where
// ROLLBACK stands for one, else kExitInconclusive.
int ExitCodeOf(const experiment::v1::Analysis& analysis);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_EXPERIMENT_EXPERIMENT_WORDS_H_
