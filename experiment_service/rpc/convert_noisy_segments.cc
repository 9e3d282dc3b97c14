#include "experiment_service/rpc/convert_noisy_segments.h"

#include <cstdint>
#include <optional>

#include "experiment_service/domain/noisy_segments.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::experiment {
namespace {

double EpsilonOf(int64_t millionths) {
  return static_cast<double>(millionths) / static_cast<double>(kMillionthsPerEpsilon);
}

void FillMetric(const Metric& metric, const NoiseScale& scale, const NoisyMetric& noisy,
                v1::NoisyMetric* proto) {
  proto->set_metric(metric.name);
  proto->set_units(noisy.units);
  if (noisy.mean) proto->set_mean(*noisy.mean);
  const std::optional<double> bound = BoundOf(metric);
  if (!bound) return;
  proto->set_bound(*bound);
  proto->set_sum_standard_deviation(scale.sums().StandardDeviation() * *bound /
                                    static_cast<double>(kStepsPerBound));
}

void FillValue(const SegmentedExperiment& analysed, const std::vector<NoisyCell>& arms,
               v1::SegmentValue* proto) {
  const Experiment& experiment = analysed.live->experiment;
  int64_t all = 0;
  for (const NoisyCell& cell : arms) all += cell.exposed_units;
  for (size_t arm = 0; arm < arms.size(); ++arm) {
    v1::SegmentArm* added = proto->add_arms();
    added->set_arm_id(experiment.arms[arm].arm_id);
    added->set_exposed_units(arms[arm].exposed_units);
    added->set_expected_units(analysed.live->assignment.shares()[arm] * static_cast<double>(all));
    for (size_t metric = 0; metric < experiment.plan.metrics.size(); ++metric) {
      FillMetric(experiment.plan.metrics[metric], analysed.noisy->scale, arms[arm].metrics[metric],
                 added->add_noisy_metrics());
    }
  }
  proto->set_sample_ratio_p_value(1);
  proto->set_missing_outcomes_p_value(1);
}

}  // namespace

std::vector<size_t> ShownOrder(const Segment& segment) {
  std::vector<size_t> order;
  for (size_t value = 1; value < segment.value_count(); ++value) order.push_back(value);
  order.push_back(0);
  return order;
}

void SuppressValue(v1::SegmentValue* proto) {
  proto->set_suppressed(true);
  proto->set_sample_ratio_p_value(1);
  proto->set_missing_outcomes_p_value(1);
}

void FillPrivacy(const SegmentedExperiment& analysed, v1::SegmentPrivacy* proto) {
  proto->set_least_group_size(analysed.privacy.least_group_size);
  if (!analysed.noisy) return;
  const NoisyAnswer& noisy = *analysed.noisy;
  v1::SegmentNoise* noise = proto->mutable_noise();
  noise->set_epsilon(EpsilonOf(analysed.privacy.epsilon));
  noise->set_parts(noisy.scale.parts());
  noise->set_sensitivity(kCountSensitivity);
  noise->set_count_standard_deviation(noisy.scale.counts().StandardDeviation());
  noise->set_charged(noisy.paid.charged);
  noise->set_epsilon_spent(EpsilonOf(noisy.paid.spent));
  noise->set_epsilon_budget(EpsilonOf(analysed.privacy.budget));
  *noise->mutable_budget_reset_time() = rpc::ToProto(noisy.paid.reset_time);
}

void FillNoisySegments(const SegmentedExperiment& analysed, v1::SegmentAnalysis* proto) {
  const std::vector<Segment>& segments = analysed.live->experiment.plan.segments;
  for (size_t segment = 0; segment < segments.size(); ++segment) {
    v1::SegmentResult* added = proto->add_segments();
    added->set_name(segments[segment].name);
    for (const size_t value : ShownOrder(segments[segment])) {
      v1::SegmentValue* shown = added->add_values();
      shown->set_value(segments[segment].ValueName(value));
      if (analysed.IsSuppressed(segment, value)) {
        SuppressValue(shown);
      } else {
        FillValue(analysed, analysed.noisy->segments[segment][value], shown);
      }
    }
  }
}

}  // namespace flywheel::experiment
