#include "cli/experiment/experiment_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/command.h"
#include "cli/value_name.h"

namespace flywheel::cli {

namespace experiment_v1 = experiment::v1;

std::string NameOf(experiment_v1::Recommendation recommendation) {
  return ValueName(experiment_v1::Recommendation_Name(recommendation), "RECOMMENDATION_");
}

std::string NameOf(experiment_v1::RecommendationReason reason) {
  return ValueName(experiment_v1::RecommendationReason_Name(reason), "RECOMMENDATION_REASON_");
}

std::string NameOf(experiment_v1::RampPhase phase) {
  return ValueName(experiment_v1::RampPhase_Name(phase), "RAMP_PHASE_");
}

std::string LiftText(double lift, bool relative) {
  return relative ? fmt::format("{:+.2f} %", 100 * lift) : fmt::format("{:+.4g}", lift);
}

std::string IntervalText(double lower, double upper, bool relative) {
  return fmt::format("[{}, {}]", LiftText(lower, relative), LiftText(upper, relative));
}

bool IsRelative(const experiment_v1::Metric& metric,
                const experiment_v1::MetricComparison& comparison) {
  return metric.scale() != experiment_v1::SCALE_ABSOLUTE && comparison.has_relative_lift();
}

ShownLift RunningLift(const experiment_v1::MetricComparison& comparison, bool relative) {
  const experiment_v1::LiftInterval& running =
      relative ? comparison.running_relative_interval() : comparison.running_absolute_interval();
  return {relative ? comparison.relative_lift() : comparison.absolute_lift(), running.lower(),
          running.upper()};
}

std::string VersionOf(const experiment_v1::Experiment& experiment, const std::string& arm_id) {
  for (const experiment_v1::Arm& arm : experiment.arms()) {
    if (arm.arm_id() == arm_id) return arm.model_version();
  }
  return "";
}

int64_t UnitsOf(const experiment_v1::Experiment& experiment,
                const experiment_v1::Analysis& analysis, const std::string& arm_id) {
  int64_t units = 0;
  for (const experiment_v1::ArmResult& result : analysis.arms()) {
    const auto arm = std::find_if(experiment.arms().begin(), experiment.arms().end(),
                                  [&](const auto& one) { return one.arm_id() == result.arm_id(); });
    const bool is_control = arm != experiment.arms().end() && arm->control();
    if (!is_control && result.arm_id() != arm_id) continue;
    if (!result.metrics().empty()) units += result.metrics(0).units();
  }
  return units;
}

int ExitCodeOf(const experiment_v1::Analysis& analysis) {
  const auto stands = [&](experiment_v1::Recommendation recommendation) {
    return std::any_of(
        analysis.comparisons().begin(), analysis.comparisons().end(),
        [&](const auto& comparison) { return comparison.recommendation() == recommendation; });
  };
  if (stands(experiment_v1::RECOMMENDATION_SHIP)) return kExitOk;
  return stands(experiment_v1::RECOMMENDATION_ROLLBACK) ? kExitBlocked : kExitInconclusive;
}

}  // namespace flywheel::cli
