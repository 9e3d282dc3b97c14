#include "experiment_service/rpc/convert_analysis.h"

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "experiment_service/domain/decision.h"
#include "experiment_service/domain/metric_comparison.h"
#include "experiment_service/domain/standing.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::experiment {
namespace {

// Where a cast leads from one to the other, the numbers are the same.
static_assert(static_cast<int>(Recommendation::kShip) == v1::RECOMMENDATION_SHIP);
static_assert(static_cast<int>(Recommendation::kRollback) == v1::RECOMMENDATION_ROLLBACK);
static_assert(static_cast<int>(Recommendation::kContinue) == v1::RECOMMENDATION_CONTINUE);
static_assert(static_cast<int>(Recommendation::kHold) == v1::RECOMMENDATION_HOLD);
static_assert(static_cast<int>(Recommendation::kStopFutile) == v1::RECOMMENDATION_STOP_FUTILE);
static_assert(static_cast<int>(RecommendationReason::kSuperior) ==
              v1::RECOMMENDATION_REASON_SUPERIOR);
static_assert(static_cast<int>(RecommendationReason::kNotInferior) ==
              v1::RECOMMENDATION_REASON_NOT_INFERIOR);
static_assert(static_cast<int>(RecommendationReason::kHarm) == v1::RECOMMENDATION_REASON_HARM);
static_assert(static_cast<int>(RecommendationReason::kTooFewUnits) ==
              v1::RECOMMENDATION_REASON_TOO_FEW_UNITS);
static_assert(static_cast<int>(RecommendationReason::kUndecided) ==
              v1::RECOMMENDATION_REASON_UNDECIDED);
static_assert(static_cast<int>(RecommendationReason::kSampleRatioMismatch) ==
              v1::RECOMMENDATION_REASON_SAMPLE_RATIO_MISMATCH);
static_assert(static_cast<int>(RecommendationReason::kNotComputable) ==
              v1::RECOMMENDATION_REASON_NOT_COMPUTABLE);
static_assert(static_cast<int>(RecommendationReason::kLiftTooSmall) ==
              v1::RECOMMENDATION_REASON_LIFT_TOO_SMALL);
static_assert(static_cast<int>(RecommendationReason::kSeparatedHarm) ==
              v1::RECOMMENDATION_REASON_SEPARATED_HARM);
static_assert(static_cast<int>(RecommendationReason::kMissingOutcomes) ==
              v1::RECOMMENDATION_REASON_MISSING_OUTCOMES);
static_assert(static_cast<int>(RecommendationReason::kMixedExposure) ==
              v1::RECOMMENDATION_REASON_MIXED_EXPOSURE);
static_assert(static_cast<int>(RecommendationReason::kGuardrailHarm) ==
              v1::RECOMMENDATION_REASON_GUARDRAIL_HARM);
static_assert(static_cast<int>(RecommendationReason::kGuardrailUndecided) ==
              v1::RECOMMENDATION_REASON_GUARDRAIL_UNDECIDED);
static_assert(static_cast<int>(RecommendationReason::kTooEarly) ==
              v1::RECOMMENDATION_REASON_TOO_EARLY);
static_assert(static_cast<int>(RecommendationReason::kPlanEnded) ==
              v1::RECOMMENDATION_REASON_PLAN_ENDED);

static_assert(static_cast<int>(MetricRole::kPrimary) == v1::METRIC_ROLE_PRIMARY);
static_assert(static_cast<int>(MetricRole::kGuardrail) == v1::METRIC_ROLE_GUARDRAIL);
static_assert(static_cast<int>(MetricRole::kSecondary) == v1::METRIC_ROLE_SECONDARY);

void ToProto(const statistics::Interval& interval, v1::LiftInterval* proto) {
  proto->set_lower(interval.lower);
  proto->set_upper(interval.upper);
}

void ToProto(const MetricComparison& comparison, const RunningIntervals& running,
             v1::MetricComparison* proto) {
  proto->set_metric(comparison.metric);
  proto->set_role(static_cast<v1::MetricRole>(comparison.role));
  proto->set_absolute_lift(comparison.absolute_lift);
  ToProto(comparison.absolute_interval, proto->mutable_absolute_interval());
  ToProto(running.absolute, proto->mutable_running_absolute_interval());
  proto->set_standard_error(comparison.standard_error);
  if (comparison.relative_lift) {
    proto->set_relative_lift(*comparison.relative_lift);
    ToProto(comparison.relative_interval, proto->mutable_relative_interval());
    ToProto(running.relative, proto->mutable_running_relative_interval());
  }
  if (comparison.shrunk_relative_lift) {
    proto->set_shrunk_relative_lift(*comparison.shrunk_relative_lift);
  }
  proto->set_p_value(std::exp(comparison.log_p_value));
  proto->set_log_p_value(comparison.log_p_value);
  proto->set_goal_lift(comparison.goal_lift);
  if (comparison.goal_bound) proto->set_goal_bound(*comparison.goal_bound);
}

void ToProto(const Comparison& comparison, const Standing& standing, v1::Comparison* proto) {
  proto->set_arm_id(comparison.arm_id);
  proto->set_recommendation(static_cast<v1::Recommendation>(standing.decision.recommendation));
  proto->set_reason(static_cast<v1::RecommendationReason>(standing.decision.reason));
  proto->set_message(standing.decision.message);
  proto->set_decision(standing.sequence);
  if (standing.sequence > 0) *proto->mutable_decide_time() = rpc::ToProto(standing.decide_time);
  proto->set_look_recommendation(static_cast<v1::Recommendation>(comparison.look.recommendation));
  proto->set_look_reason(static_cast<v1::RecommendationReason>(comparison.look.reason));
  proto->set_look_message(comparison.look.message);
  for (size_t i = 0; i < comparison.metrics.size(); ++i) {
    const RunningIntervals running =
        i < standing.intervals.size() ? standing.intervals[i] : RunningIntervals();
    ToProto(comparison.metrics[i], running, proto->add_metrics());
  }
}

void ToProto(const ArmResult& arm, int64_t all_exposed_units, v1::ArmResult* proto) {
  proto->set_arm_id(arm.arm_id);
  proto->set_exposed_units(arm.exposed_units);
  proto->set_expected_units(arm.expected_share * static_cast<double>(all_exposed_units));
  proto->set_matured_units(arm.matured_units);
  proto->set_mixed_units(arm.mixed_units);
  proto->set_fallback_outcomes(arm.fallback_outcomes);
  for (const ArmMetric& metric : arm.metrics) {
    v1::ArmMetric* added = proto->add_metrics();
    added->set_metric(metric.metric);
    added->set_units(metric.units);
    added->set_mean(metric.mean);
    added->set_standard_deviation(metric.standard_deviation);
    added->set_units_with_outcome(metric.units_with_outcome);
    added->set_matured_units_with_outcome(metric.matured_units_with_outcome);
    added->set_outcomes(metric.outcomes);
    if (metric.quantile) added->set_quantile(*metric.quantile);
    if (metric.largest_unit_share) added->set_largest_unit_share(*metric.largest_unit_share);
  }
}

// What is the same in every analysis, but the comparisons.
void FillAnalysis(const Analysis& analysis, v1::Analysis* proto) {
  proto->set_experiment_id(analysis.experiment_id);
  *proto->mutable_as_of() = rpc::ToProto(analysis.as_of);
  for (const ArmResult& arm : analysis.arms) {
    ToProto(arm, analysis.quality.exposed_units, proto->add_arms());
  }
  proto->set_sample_ratio_p_value(analysis.sample_ratio_p_value);
  proto->set_sample_ratio_always_valid_p_value(analysis.quality.sample_ratio_p_value);
  proto->set_missing_outcomes_always_valid_p_value(analysis.quality.missing_outcomes_p_value);
}

void Fill(const ExactSum& sum, google::protobuf::RepeatedField<double>* parts) {
  for (const double part : sum.parts()) parts->Add(part);
}

}  // namespace

void ToProto(const AnalysedExperiment& analysed, v1::Analysis* proto) {
  FillAnalysis(analysed.analysis, proto);
  for (size_t i = 0; i < analysed.standings.size(); ++i) {
    ToProto(analysed.analysis.comparisons[i], analysed.standings[i], proto->add_comparisons());
  }
}

void ToProto(const Analysis& analysis, v1::Analysis* proto) {
  FillAnalysis(analysis, proto);
  for (const Comparison& comparison : analysis.comparisons) {
    Standing look;
    look.decision = comparison.look;
    look.intervals = Narrow({}, comparison);
    ToProto(comparison, look, proto->add_comparisons());
  }
}

void ToProto(const ReadDecision& decision, const Experiment& experiment, v1::Decision* proto) {
  proto->set_sequence(decision.sequence);
  proto->set_arm_id(experiment.arms[decision.arm].arm_id);
  proto->set_recommendation(static_cast<v1::Recommendation>(decision.decision.recommendation));
  proto->set_reason(static_cast<v1::RecommendationReason>(decision.decision.reason));
  proto->set_message(decision.decision.message);
  *proto->mutable_decide_time() = rpc::ToProto(decision.decide_time);
  proto->set_analysis_hash(decision.analysis_hash);
  for (size_t arm = 0; arm < decision.counts.size(); ++arm) {
    const ArmCounts& counts = decision.counts[arm];
    v1::ArmTallies* added = proto->add_arms();
    added->set_arm_id(experiment.arms[arm].arm_id);
    added->set_exposed_units(counts.exposed_units);
    added->set_mixed_units(counts.mixed_units);
    added->set_matured_units(counts.matured_units);
    added->set_fallback_outcomes(counts.fallback_outcomes);
    for (size_t i = 0; i < counts.metrics.size(); ++i) {
      const OutcomeCounts::Parts& parts = counts.metrics[i].parts();
      v1::MetricTallies* metric = added->add_metrics();
      metric->set_metric(experiment.plan.metrics[i].name);
      metric->set_units(parts.units);
      metric->set_outcomes(parts.outcomes);
      metric->set_matured_units(parts.matured_units);
      metric->set_other_units(parts.other_units);
      Fill(parts.sum, metric->mutable_sum());
      Fill(parts.sum_of_squares, metric->mutable_sum_of_squares());
      Fill(parts.denominator_sum, metric->mutable_denominator_sum());
      Fill(parts.denominator_sum_of_squares, metric->mutable_denominator_sum_of_squares());
      Fill(parts.product_sum, metric->mutable_product_sum());
      metric->set_histogram(parts.histogram.Encode());
    }
  }
}

}  // namespace flywheel::experiment
