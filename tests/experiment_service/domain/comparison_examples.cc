#include <cmath>
#include <cstdint>
#include <sstream>

#include "experiment_service/domain/contrast.h"
#include "experiment_service/domain/decision_boundary.h"
#include "experiment_service/domain/standing.h"
#include "experiment_service/domain/unit_state.h"
#include "statistics/distributions.h"
#include "statistics/effect.h"
#include "tests/experiment_service/domain/statistics_examples.h"

namespace flywheel::experiment {
namespace {

// How far the data are from the goal, on the side of a gain.
double GoalZ(const Metric& metric, const Contrast& contrast, double goal_lift) {
  const bool no_such_lift = contrast.binary() && metric.goal == Goal::kSuperior &&
                            metric.scale == Scale::kRelative && metric.gain_sign() > 0 &&
                            contrast.control_mean() * (1 + metric.min_lift) > 1;
  if (no_such_lift) return contrast.ZOfComplement(1 - metric.min_lift);
  return metric.gain_sign() * contrast.Z(metric.scale, goal_lift);
}

}  // namespace

Found Compared(Given& given) {
  const Experiment experiment = ExperimentOf(given);
  const Metric& metric = experiment.plan.primary();
  const Analysis analysis = AnalysisOf(given);
  const MetricComparison& comparison = analysis.comparisons.at(0).metrics.at(0);
  const Contrast contrast =
      Contrast::Estimate(ArmOf(given, "control"), ArmOf(given, "treatment")).value();
  const DecisionBoundary boundary(experiment.plan.alpha, experiment.plan.planned_units);
  const double z = metric.gain_sign() * contrast.Z(metric.scale, 0);
  const double relative_error = comparison.standard_error / contrast.control_mean();
  Found found = {
      {"absolute lift", One(comparison.absolute_lift)},
      {"relative lift", OneIfAny(comparison.relative_lift)},
      {"standard error", One(comparison.standard_error)},
      {"relative standard error", One(relative_error)},
      {"absolute interval", Ends(comparison.absolute_interval)},
      {"relative interval", Ends(comparison.relative_interval)},
      {"shrunk lift", OneIfAny(comparison.shrunk_relative_lift)},
      {"z", One(z)},
      {"z of the goal", One(GoalZ(metric, contrast, comparison.goal_lift))},
      {"harm at", One(-boundary.Harm(contrast.units()))},
      {"gain at", One(boundary.Gain(contrast.units()))},
      {"gain alone at", One(boundary.GainAlone(contrast.units()))},
      {"p of one look", One(2 * statistics::NormalSf(std::fabs(z)))},
      {"p", One(std::exp(comparison.log_p_value))},
      {"ln p", One(comparison.log_p_value)},
      {"goal", One(comparison.goal_lift)},
      {"bound", OneIfAny(comparison.goal_bound)},
      {"units", One(static_cast<double>(comparison.treatment_units))},
      {"mean", One(analysis.arms.at(1).metrics.at(0).mean)},
      {"look", LookOf(analysis)},
  };
  for (const MetricComparison& other : analysis.comparisons[0].metrics) {
    if (other.role == MetricRole::kPrimary) continue;
    const std::string role = other.role == MetricRole::kGuardrail ? "guardrail" : "secondary";
    found[role + " lift"] = OneIfAny(other.relative_lift);
    found[role + " bound"] = OneIfAny(other.goal_bound);
    found[role + " p"] = One(std::exp(other.log_p_value));
  }
  const auto own = statistics::EstimateEffect(ArmOf(given, "control").moments(),
                                              ArmOf(given, "treatment").moments(),
                                              statistics::EffectScale::kAbsolute);
  if (own.ok()) {
    found["own standard error"] = One(own->standard_error);
    found["own z"] = One(own->estimate / own->standard_error);
  }
  return found;
}

Found UnitValues(Given& given) {
  if (!given.Has("outcomes")) return Compared(given);
  UnitTotal total;
  for (const double value : given.Numbers("outcomes")) total.Add(value);
  Metric metric;
  if (given.Has("cap")) metric.cap = given.Number("cap", 0);
  const auto value = [&](Aggregation aggregation) {
    metric.aggregation = aggregation;
    return One(total.Value(metric));
  };
  return {{"mean", value(Aggregation::kMean)},
          {"sum", value(Aggregation::kSum)},
          {"count", value(Aggregation::kCount)},
          {"any", value(Aggregation::kAny)}};
}

Found Boundaries(Given& given) {
  if (given.Has("control")) return Compared(given);
  const auto treatments = static_cast<double>(given.Count("treatments", 1));
  const auto metrics = static_cast<double>(given.Count("metrics", 1));
  const double alpha = given.Number("alpha", 0.05) / treatments;
  const int64_t planned_units = given.Count("planned_units");
  const DecisionBoundary goal(alpha, planned_units);
  const auto units = static_cast<double>(given.Count("units"));
  return {{"alpha of harm", One(alpha / metrics)},
          {"alpha of a gain", One(alpha)},
          {"harm at", One(-DecisionBoundary(alpha / metrics, planned_units).Harm(units))},
          {"gain at", One(goal.Gain(units))},
          {"gain alone at", One(goal.GainAlone(units))}};
}

Found WhatStands(Given& given) {
  Standing standing;
  std::string stood;
  std::string look;
  std::istringstream looks(given.Text("looks"));
  while (std::getline(looks >> std::ws, look, ',')) {
    const Recommendation recommendation = RecommendationNamed(look);
    standing.decision =
        Stand(standing.decision, {recommendation, RecommendationReason::kUndecided, look});
    stood += (stood.empty() ? "" : ", ") + NameOf(standing.decision.recommendation);
  }
  return {{"stands", stood}};
}

Found Intersected(Given& given) {
  const Comparison first = AnalysisOf(given, "first ").comparisons.at(0);
  const Comparison second = AnalysisOf(given, "second ").comparisons.at(0);
  const auto running = Narrow(Narrow({}, first), second);
  return {{"first", Ends(first.metrics.at(0).relative_interval)},
          {"second", Ends(second.metrics.at(0).relative_interval)},
          {"running", Ends(running.at(0).relative)}};
}

}  // namespace flywheel::experiment
