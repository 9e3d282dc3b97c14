#include "experiment_service/request_hash.h"

#include <cstdint>
#include <string>

#include "shared/hashing/content_hash.h"
#include "shared/hashing/sha256.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {
namespace {

// What a request says nothing of leaves its hash as it was before it could, here and below.
void AddLabels(const Labels& labels, ContentHash& hash) {
  for (const auto& [name, value] : labels) hash.Add("label").Add(name).Add(value);
}

void AddDuration(const char* name, absl::Duration duration, ContentHash& hash) {
  if (duration > absl::ZeroDuration()) hash.Add(name).Add(absl::ToInt64Microseconds(duration));
}

void AddSource(const OutcomeSource& source, ContentHash& hash) {
  hash.Add("source")
      .Add(static_cast<int64_t>(source.kind))
      .Add(source.signals)
      .Add(int64_t{source.every_interaction})
      .Add(source.name)
      .Add(static_cast<int64_t>(source.number));
}

void AddMetric(const Metric& metric, ContentHash& hash) {
  hash.Add(metric.name)
      .Add(static_cast<int64_t>(metric.goal))
      .Add(metric.min_lift)
      .Add(metric.margin);
  if (metric.value_without_outcome) hash.Add("counts_as").Add(*metric.value_without_outcome);
  if (metric.aggregation != Aggregation::kMean) {
    hash.Add("aggregation").Add(static_cast<int64_t>(metric.aggregation));
  }
  if (metric.direction != Direction::kHigherIsBetter) {
    hash.Add("direction").Add(static_cast<int64_t>(metric.direction));
  }
  if (metric.scale != Scale::kRelative) hash.Add("scale").Add(static_cast<int64_t>(metric.scale));
  if (metric.cap) hash.Add("cap").Add(*metric.cap);
  if (metric.secondary) hash.Add("secondary");
  if (metric.is_ratio()) hash.Add("denominator").Add(metric.denominator);
  if (metric.quantile) hash.Add("quantile").Add(*metric.quantile);
  if (metric.cap_quantile) hash.Add("cap_quantile").Add(*metric.cap_quantile);
  if (metric.source) AddSource(*metric.source, hash);
}

void AddSegment(const Segment& segment, ContentHash& hash) {
  hash.Add("segment").Add(segment.name).Add(static_cast<int64_t>(segment.values.size()));
  for (const std::string& value : segment.values) hash.Add(value);
}

void AddRamp(const Ramp& ramp, ContentHash& hash) {
  hash.Add("ramp").Add(int64_t{ramp.promote});
  for (const RampStep& step : ramp.steps) {
    hash.Add("step")
        .Add(step.coverage)
        .Add(absl::ToInt64Microseconds(step.min_duration))
        .Add(step.min_units);
  }
}

}  // namespace

std::string RequestHash(const Experiment& experiment) {
  ContentHash hash;
  hash.Add(experiment.experiment_id)
      .Add(experiment.agent)
      .Add(static_cast<int64_t>(experiment.unit))
      .Add(static_cast<int64_t>(experiment.arms.size()));
  for (const Arm& arm : experiment.arms) {
    hash.Add(arm.arm_id)
        .Add(arm.model_version)
        .Add(arm.weight)
        .Add(int64_t{arm.control})
        .Add(int64_t{arm.waived});
  }
  const AnalysisPlan& plan = experiment.plan;
  for (const Metric& metric : plan.metrics) AddMetric(metric, hash);
  hash.Add(plan.alpha).Add(plan.planned_units).Add(plan.min_units_per_arm);
  AddDuration("outcome_window", plan.outcome_window, hash);
  AddDuration("min_duration", plan.min_duration, hash);
  AddDuration("max_duration", plan.max_duration, hash);
  if (plan.min_units > 0) hash.Add("min_units").Add(plan.min_units);
  if (plan.hold_untrusted_harm) hash.Add("hold_untrusted_harm");
  for (const Segment& segment : plan.segments) AddSegment(segment, hash);
  hash.Add(experiment.waiver.owner).Add(experiment.waiver.reason);
  if (experiment.ramp) AddRamp(*experiment.ramp, hash);
  AddLabels(experiment.labels, hash);
  return hash.Bytes();
}

std::string RequestHash(const ActiveVersion& promotion) {
  ContentHash hash;
  hash.Add(promotion.promotion_id).Add(promotion.agent).Add(promotion.model_version);
  // With an experiment the waiver is that one's, and nobody asked for it here.
  const Waiver asked = promotion.experiment_id.empty() ? promotion.waiver : Waiver();
  hash.Add(promotion.experiment_id).Add(asked.owner).Add(asked.reason);
  AddLabels(promotion.labels, hash);
  return hash.Bytes();
}

std::string OutcomeHash(const std::string& experiment_id, const StoredOutcome& outcome) {
  ContentHash hash;
  hash.Add(experiment_id)
      .Add(ToHex(outcome.unit_hash))
      .Add(outcome.metric)
      .Add(outcome.value)
      .Add(ToMicros(outcome.event_time));
  // Those that say nothing of it have the hash that they had before they could.
  if (!outcome.served_version.empty()) hash.Add("served_version").Add(outcome.served_version);
  if (outcome.fallback) hash.Add("fallback");
  if (outcome.revision > 0) hash.Add("revision").Add(outcome.revision);
  return hash.Bytes();
}

}  // namespace flywheel::experiment
