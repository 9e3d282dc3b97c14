#include "experiment_service/domain/analysis_text.h"

#include <fmt/format.h>

#include <optional>

namespace flywheel::experiment {
namespace {

std::string Number(double value) { return fmt::format(" {:a}", value); }

std::string Number(const std::optional<double>& value) { return value ? Number(*value) : " none"; }

// What older analyses did not know leaves their text as it was.
std::string NumberIfAny(const std::optional<double>& value) { return value ? Number(*value) : ""; }

std::string Ends(const statistics::Interval& interval) {
  return Number(interval.lower) + Number(interval.upper);
}

std::string Line(const ArmResult& arm) {
  std::string line = fmt::format("arm {} {} {} {} {}\n", arm.arm_id, arm.exposed_units,
                                 arm.matured_units, arm.mixed_units, arm.fallback_outcomes);
  for (const ArmMetric& metric : arm.metrics) {
    line += fmt::format("{} {} {} {} {}{}{}{}{}\n", metric.metric, metric.units,
                        metric.units_with_outcome, metric.matured_units_with_outcome,
                        metric.outcomes, Number(metric.mean), Number(metric.standard_deviation),
                        NumberIfAny(metric.largest_unit_share), NumberIfAny(metric.quantile));
  }
  return line;
}

std::string Line(const Comparison& comparison) {
  const Decision& look = comparison.look;
  std::string line = fmt::format("treatment {} {} {} {}\n", comparison.arm_id,
                                 static_cast<int>(look.recommendation),
                                 static_cast<int>(look.reason), look.message);
  for (const MetricComparison& metric : comparison.metrics) {
    line += metric.metric + Number(metric.absolute_lift) + Ends(metric.absolute_interval) +
            Number(metric.standard_error) + Number(metric.relative_lift) +
            Ends(metric.relative_interval) + Number(metric.shrunk_relative_lift) +
            Number(metric.log_p_value) + Number(metric.goal_lift) + Number(metric.goal_bound) +
            fmt::format(" {}\n", static_cast<int>(metric.proof));
  }
  return line;
}

}  // namespace

std::string AnalysisText(const Analysis& analysis) {
  std::string text = "quality" + Number(analysis.sample_ratio_p_value) +
                     Number(analysis.quality.sample_ratio_p_value) +
                     Number(analysis.quality.missing_outcomes_p_value) + "\n";
  for (const ArmResult& arm : analysis.arms) text += Line(arm);
  for (const Comparison& comparison : analysis.comparisons) text += Line(comparison);
  return text;
}

}  // namespace flywheel::experiment
