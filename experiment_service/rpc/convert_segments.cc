#include "experiment_service/rpc/convert_segments.h"

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "experiment_service/domain/segment_analysis.h"
#include "experiment_service/domain/segment_lifts.h"
#include "experiment_service/rpc/convert_noisy_segments.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::experiment {
namespace {

static_assert(static_cast<int>(SegmentAlertKind::kSampleRatioMismatch) ==
              v1::SEGMENT_ALERT_KIND_SAMPLE_RATIO_MISMATCH);
static_assert(static_cast<int>(SegmentAlertKind::kMissingOutcomes) ==
              v1::SEGMENT_ALERT_KIND_MISSING_OUTCOMES);

void FillInterval(const statistics::Interval& interval, v1::LiftInterval* proto) {
  proto->set_lower(interval.lower);
  proto->set_upper(interval.upper);
}

void FillValue(const Experiment& experiment, const std::vector<double>& shares,
               const ValueQuality& quality, v1::SegmentValue* proto) {
  int64_t all = 0;
  for (const int64_t units : quality.exposed_units) all += units;
  for (size_t arm = 0; arm < quality.exposed_units.size(); ++arm) {
    v1::SegmentArm* added = proto->add_arms();
    added->set_arm_id(experiment.arms[arm].arm_id);
    added->set_exposed_units(quality.exposed_units[arm]);
    added->set_expected_units(shares[arm] * static_cast<double>(all));
  }
  proto->set_sample_ratio_p_value(quality.sample_ratio_p_value);
  proto->set_missing_outcomes_p_value(quality.missing_outcomes_p_value);
}

void FillLift(const MetricComparison& comparison, v1::ValueLift* proto) {
  proto->set_control_units(comparison.control_units);
  proto->set_treatment_units(comparison.treatment_units);
  proto->set_absolute_lift(comparison.absolute_lift);
  FillInterval(comparison.absolute_interval, proto->mutable_absolute_interval());
  proto->set_standard_error(comparison.standard_error);
  if (comparison.relative_lift) {
    proto->set_relative_lift(*comparison.relative_lift);
    FillInterval(comparison.relative_interval, proto->mutable_relative_interval());
  }
  proto->set_p_value(std::exp(comparison.log_p_value));
  proto->set_log_p_value(comparison.log_p_value);
}

void FillLifts(const SegmentedExperiment& analysed, size_t segment_index, const SegmentLifts& lifts,
               v1::SegmentLifts* proto) {
  const Experiment& experiment = analysed.live->experiment;
  const Segment& segment = experiment.plan.segments[segment_index];
  proto->set_arm_id(experiment.arms[lifts.arm].arm_id);
  proto->set_metric(experiment.plan.metrics[lifts.metric].name);
  for (const size_t value : ShownOrder(segment)) {
    v1::ValueLift* added = proto->add_values();
    added->set_value(segment.ValueName(value));
    if (analysed.IsSuppressed(segment_index, value)) {
      added->set_suppressed(true);
    } else {
      FillLift(lifts.values[value], added);
    }
  }
  proto->set_pooled_lift(lifts.pooled_lift);
  if (lifts.post_stratified_lift) proto->set_post_stratified_lift(*lifts.post_stratified_lift);
  v1::Heterogeneity* heterogeneity = proto->mutable_heterogeneity();
  heterogeneity->set_values(lifts.heterogeneity.values);
  heterogeneity->set_q(lifts.heterogeneity.q);
  heterogeneity->set_one_look_p_value(lifts.heterogeneity.one_look_p_value);
  heterogeneity->set_p_value(lifts.heterogeneity.p_value);
  proto->set_arm_mix_p_value(lifts.arm_mix_p_value);
  proto->set_simpson(lifts.simpson);
  proto->set_message(lifts.message);
}

}  // namespace

std::vector<Segment> FromProto(const google::protobuf::RepeatedPtrField<v1::Segment>& segments) {
  std::vector<Segment> result;
  for (const v1::Segment& segment : segments) {
    result.push_back({segment.name(), {segment.values().begin(), segment.values().end()}});
  }
  return result;
}

Attributes FromProto(const google::protobuf::Map<std::string, std::string>& attributes) {
  return {attributes.begin(), attributes.end()};
}

void ToProto(const std::vector<Segment>& segments,
             google::protobuf::RepeatedPtrField<v1::Segment>* proto) {
  for (const Segment& segment : segments) {
    v1::Segment* added = proto->Add();
    added->set_name(segment.name);
    added->mutable_values()->Add(segment.values.begin(), segment.values.end());
  }
}

void ToProto(const SegmentedExperiment& analysed, v1::SegmentAnalysis* proto) {
  const Experiment& experiment = analysed.live->experiment;
  proto->set_experiment_id(experiment.experiment_id);
  *proto->mutable_as_of() = rpc::ToProto(analysed.as_of);
  if (analysed.privacy.active()) FillPrivacy(analysed, proto->mutable_privacy());
  if (analysed.noisy) FillNoisySegments(analysed, proto);
  for (const SegmentResult& result : analysed.analysis.segments) {
    const Segment& segment = experiment.plan.segments[result.segment];
    v1::SegmentResult* added = proto->add_segments();
    added->set_name(segment.name);
    for (const size_t value : ShownOrder(segment)) {
      v1::SegmentValue* shown = added->add_values();
      shown->set_value(segment.ValueName(value));
      if (analysed.IsSuppressed(result.segment, value)) {
        SuppressValue(shown);
      } else {
        FillValue(experiment, analysed.live->assignment.shares(), result.values[value], shown);
      }
    }
    for (const SegmentLifts& lifts : result.lifts) {
      FillLifts(analysed, result.segment, lifts, added->add_lifts());
    }
  }
  for (const SegmentAlert& alert : analysed.analysis.alerts) {
    const Segment& segment = experiment.plan.segments[alert.segment];
    v1::SegmentAlert* added = proto->add_alerts();
    added->set_kind(static_cast<v1::SegmentAlertKind>(alert.kind));
    added->set_segment(segment.name);
    added->set_value(segment.ValueName(alert.value));
    added->set_p_value(alert.p_value);
    added->set_message(alert.message);
  }
}

}  // namespace flywheel::experiment
