#include "experiment_service/rpc/convert_summaries.h"

#include <algorithm>

#include "experiment_service/domain/outcome_counts.h"
#include "experiment_service/rpc/convert.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::experiment {
namespace {

OutcomeCounts ValuesOf(const v1::MetricSummary& summary) {
  if (summary.has_ratio_moments()) {
    const v1::RatioMoments& moments = summary.ratio_moments();
    return OutcomeCounts::OfRatio(
        summary.units(), {moments.numerator_mean(), moments.numerator_standard_deviation(),
                          moments.denominator_mean(), moments.denominator_standard_deviation(),
                          moments.covariance()});
  }
  if (summary.has_moments()) {
    return OutcomeCounts::OfMoments(summary.units(), summary.moments().mean(),
                                    summary.moments().standard_deviation());
  }
  return OutcomeCounts::OfSuccesses(summary.units(), summary.successes());
}

OutcomeCounts CountsOf(const v1::MetricSummary& summary) {
  OutcomeCounts counts = ValuesOf(summary);
  counts.CountMatured(summary.matured_units());
  return counts;
}

ArmCounts CountsOf(const v1::ArmSummary& summary, const AnalysisPlan& plan) {
  ArmCounts counts(plan.metrics.size());
  counts.exposed_units = summary.exposed_units();
  counts.mixed_units = summary.mixed_units();
  counts.matured_units = summary.matured_units();
  for (const v1::MetricSummary& metric : summary.metrics()) {
    counts.metrics[plan.FindMetric(metric.metric())] = CountsOf(metric);
  }
  return counts;
}

}  // namespace

SummarisedExperiment FromProto(const v1::AnalyzeSummariesRequest& request) {
  SummarisedExperiment summarised;
  Experiment& experiment = summarised.experiment;
  // What was randomised sets a default of the outcome_window alone, which nobody asks for here.
  experiment.plan = FromProto(request.plan(), experiment.unit);
  for (const v1::Arm& arm : request.arms()) {
    experiment.arms.push_back({arm.arm_id(), arm.model_version(), arm.weight(), arm.control()});
    const auto summary = std::find_if(
        request.summaries().begin(), request.summaries().end(),
        [&](const v1::ArmSummary& candidate) { return candidate.arm_id() == arm.arm_id(); });
    summarised.counts.push_back(CountsOf(*summary, experiment.plan));
  }
  experiment.create_time = absl::UnixEpoch();
  summarised.as_of = experiment.create_time + rpc::FromProto(request.running_time());
  return summarised;
}

}  // namespace flywheel::experiment
