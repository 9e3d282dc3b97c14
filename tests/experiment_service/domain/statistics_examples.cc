#include "tests/experiment_service/domain/statistics_examples.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/assignment.h"

namespace flywheel::experiment {
namespace {

ArmCounts CountsOf(Given& given, const std::string& arm, size_t position) {
  ArmCounts counts;
  counts.metrics = {ArmOf(given, arm)};
  if (given.Has("guardrail " + arm)) counts.metrics.push_back(ArmOf(given, "guardrail " + arm));
  if (given.Has("secondary " + arm)) {
    for (int64_t i = 0; i < given.Count("secondary metrics", 1); ++i) {
      counts.metrics.push_back(ArmOf(given, "secondary " + arm));
    }
  }
  counts.exposed_units = counts.metrics[0].units();
  if (given.Has("exposed")) counts.exposed_units = given.Counts("exposed").at(position);
  if (given.Has("mixed")) counts.mixed_units = given.Counts("mixed").at(position);
  return counts;
}

}  // namespace

std::string NameOf(Recommendation recommendation) {
  static const std::map<Recommendation, std::string> kNames = {
      {Recommendation::kShip, "SHIP"},
      {Recommendation::kRollback, "ROLLBACK"},
      {Recommendation::kContinue, "CONTINUE"},
      {Recommendation::kHold, "HOLD"},
      {Recommendation::kStopFutile, "STOP_FUTILE"}};
  return kNames.at(recommendation);
}

Recommendation RecommendationNamed(const std::string& name) {
  for (const Recommendation each :
       {Recommendation::kShip, Recommendation::kRollback, Recommendation::kContinue,
        Recommendation::kHold, Recommendation::kStopFutile}) {
    if (NameOf(each) == name) return each;
  }
  ADD_FAILURE() << "no recommendation " << name;
  return Recommendation::kContinue;
}

std::string NameOf(RecommendationReason reason) {
  using enum RecommendationReason;
  static const std::map<RecommendationReason, std::string> kNames = {
      {kSuperior, "SUPERIOR"},
      {kNotInferior, "NOT_INFERIOR"},
      {kHarm, "HARM"},
      {kTooFewUnits, "TOO_FEW_UNITS"},
      {kUndecided, "UNDECIDED"},
      {kSampleRatioMismatch, "SAMPLE_RATIO_MISMATCH"},
      {kNotComputable, "NOT_COMPUTABLE"},
      {kLiftTooSmall, "LIFT_TOO_SMALL"},
      {kSeparatedHarm, "SEPARATED_HARM"},
      {kMissingOutcomes, "MISSING_OUTCOMES"},
      {kMixedExposure, "MIXED_EXPOSURE"},
      {kGuardrailHarm, "GUARDRAIL_HARM"},
      {kGuardrailUndecided, "GUARDRAIL_UNDECIDED"},
      {kTooEarly, "TOO_EARLY"},
      {kPlanEnded, "PLAN_ENDED"}};
  return kNames.at(reason);
}

OutcomeCounts ArmOf(Given& given, const std::string& name) {
  const std::vector<double> numbers = given.Numbers(name);
  const std::vector<int64_t> counts = given.Counts(name);
  if (numbers.size() == 2) return OutcomeCounts::OfSuccesses(counts[1], counts[0]);
  if (numbers.size() == 3) return OutcomeCounts::OfMoments(counts[0], numbers[1], numbers[2]);
  if (numbers.size() == 6) {
    return OutcomeCounts::OfRatio(counts[0],
                                  {numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]});
  }
  ADD_FAILURE() << name << " is no arm";
  return OutcomeCounts();
}

Metric MetricOf(Given& given, const std::string& prefix, Goal goal) {
  Metric metric;
  metric.name = prefix + "metric";
  const std::string goal_name = given.Text(prefix + "goal");
  metric.goal = goal_name == "NOT_INFERIOR" ? Goal::kNotInferior : goal;
  if (given.Text(prefix + "direction") == "LOWER_IS_BETTER") {
    metric.direction = Direction::kLowerIsBetter;
  }
  if (given.Text(prefix + "scale") == "ABSOLUTE") metric.scale = Scale::kAbsolute;
  metric.min_lift = given.Number(prefix + "min_lift", metric.min_lift);
  metric.margin = given.Number(prefix + "margin", metric.margin);
  metric.denominator = given.Text(prefix + "denominator");
  if (given.Has(prefix + "counts_as")) {
    metric.value_without_outcome = given.Number(prefix + "counts_as", 0);
  }
  return metric;
}

absl::Duration Days(double days) { return days * absl::Hours(24); }

Experiment ExperimentOf(Given& given) {
  Experiment experiment;
  std::vector<double> weights = given.Numbers("weights");
  if (weights.empty()) weights = {1, 1};
  experiment.arms = {{"control", "v1", weights.at(0), true}, {"treatment", "v2", weights.at(1)}};
  AnalysisPlan& plan = experiment.plan;
  plan.metrics = {MetricOf(given, "", Goal::kSuperior)};
  if (given.Has("guardrail control")) {
    plan.metrics.push_back(MetricOf(given, "guardrail ", Goal::kNotInferior));
  }
  if (given.Has("secondary control")) {
    const Metric secondary = MetricOf(given, "secondary ", Goal::kSuperior);
    for (int64_t i = 0; i < given.Count("secondary metrics", 1); ++i) {
      plan.metrics.push_back(secondary);
      plan.metrics.back().secondary = true;
    }
  }
  plan.alpha = given.Number("alpha", plan.alpha);
  plan.planned_units = given.Count("planned_units");
  plan.max_duration = Days(given.Number("max_duration", 0));
  return experiment;
}

Analysis AnalysisOf(Given& given, const std::string& prefix) {
  const Experiment experiment = ExperimentOf(given);
  return Analyze(experiment, Assignment("p", experiment).shares(),
                 {CountsOf(given, prefix + "control", 0), CountsOf(given, prefix + "treatment", 1)},
                 experiment.create_time + Days(given.Number("days", 20)));
}

std::string LookOf(const Analysis& analysis) {
  const Decision& look = analysis.comparisons.at(0).look;
  return NameOf(look.recommendation) + " " + NameOf(look.reason);
}

}  // namespace flywheel::experiment
