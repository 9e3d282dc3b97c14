#include "experiment_service/domain/noisy_segments.h"

#include <algorithm>
#include <cmath>

namespace flywheel::experiment {
namespace {

// What a unit of this value adds to a sum, from 0 to kStepsPerBound.
int64_t StepsOf(double value, double bound) {
  const double share = std::clamp(value / bound, 0.0, 1.0);
  return std::llround(share * static_cast<double>(kStepsPerBound));
}

// Of one metric in one cell. Each unit counts once, whatever the others are: that is what the
// sensitivity says, so no condition here may depend on more than one unit.
void AppendMetric(const Metric& metric, size_t position, const ArmCounts& arm,
                  std::vector<int64_t>& numbers) {
  const OutcomeCounts& outcomes = arm.metrics[position];
  const std::optional<double> bound = BoundOf(metric);
  const int64_t others = metric.value_without_outcome && !metric.is_ratio()
                             ? arm.counted_units() - outcomes.units()
                             : 0;
  if (!bound) {
    numbers.push_back(outcomes.units() + others);
    return;
  }
  int64_t units = outcomes.units();
  int64_t steps = 0;
  if (metric.aggregation == Aggregation::kAny) {
    // Ones, which have no histogram.
    steps = std::llround(outcomes.parts().sum.value()) * StepsOf(1, *bound);
  } else {
    // Units from before there were histograms are in neither number.
    units = outcomes.histogram().units();
    for (const ValueHistogram::Bucket& bucket : outcomes.histogram().Buckets()) {
      steps += bucket.units * StepsOf(bucket.middle(), *bound);
    }
  }
  numbers.push_back(units + others);
  numbers.push_back(steps + others * StepsOf(metric.value_without_outcome.value_or(0), *bound));
}

int64_t PartsOf(const AnalysisPlan& plan) {
  int64_t kinds = 1;
  for (const Metric& metric : plan.metrics) kinds += BoundOf(metric) ? 2 : 1;
  return kinds * static_cast<int64_t>(plan.segments.size());
}

statistics::DiscreteLaplace NoiseOf(int64_t epsilon_millionths, int64_t parts,
                                    int64_t sensitivity) {
  return {epsilon_millionths, kMillionthsPerEpsilon * parts * sensitivity};
}

}  // namespace

std::optional<double> BoundOf(const Metric& metric) {
  if (metric.is_ratio() || metric.quantile) return std::nullopt;
  const bool has_cap = metric.cap.has_value();
  if (metric.aggregation == Aggregation::kAny) {
    return has_cap && *metric.cap < 1 ? std::nullopt : std::optional<double>(1);
  }
  return has_cap && *metric.cap > 0 ? metric.cap : std::nullopt;
}

std::vector<int64_t> ExactNumbers(const AnalysisPlan& plan, const SegmentCounts& cells) {
  std::vector<int64_t> numbers;
  for (const auto& values : cells) {
    for (const auto& arms : values) {
      for (const ArmCounts& arm : arms) {
        numbers.push_back(arm.exposed_units);
        for (size_t metric = 0; metric < plan.metrics.size(); ++metric) {
          AppendMetric(plan.metrics[metric], metric, arm, numbers);
        }
      }
    }
  }
  return numbers;
}

NoiseScale::NoiseScale(const AnalysisPlan& plan, int64_t epsilon_millionths)
    : parts_(PartsOf(plan)),
      counts_(NoiseOf(epsilon_millionths, parts_, kCountSensitivity)),
      sums_(NoiseOf(epsilon_millionths, parts_, kCountSensitivity * kStepsPerBound)) {}

NoisySegments AddNoise(const AnalysisPlan& plan, size_t arms, const NoiseScale& scale,
                       const std::vector<int64_t>& exact, statistics::RandomBits bits) {
  NoisySegments noisy;
  size_t next = 0;
  const auto noisy_number = [&](const statistics::DiscreteLaplace& noise) {
    return exact[next++] + noise.Sample(bits);
  };
  for (const Segment& segment : plan.segments) {
    auto& values = noisy.emplace_back(segment.value_count(), std::vector<NoisyCell>(arms));
    for (auto& value : values) {
      for (NoisyCell& cell : value) {
        cell.exposed_units = std::max(int64_t{0}, noisy_number(scale.counts()));
        for (const Metric& metric : plan.metrics) {
          NoisyMetric& shown = cell.metrics.emplace_back();
          shown.units = std::max(int64_t{0}, noisy_number(scale.counts()));
          const std::optional<double> bound = BoundOf(metric);
          if (!bound) continue;
          const auto steps = static_cast<double>(noisy_number(scale.sums()));
          if (shown.units == 0) continue;
          const double share =
              steps / static_cast<double>(kStepsPerBound) / static_cast<double>(shown.units);
          shown.mean = *bound * std::clamp(share, 0.0, 1.0);
        }
      }
    }
  }
  return noisy;
}

std::vector<std::vector<bool>> FindSmall(const NoisySegments& segments, int64_t least) {
  std::vector<std::vector<bool>> small;
  for (const auto& values : segments) {
    std::vector<bool>& of_segment = small.emplace_back();
    for (const auto& arms : values) {
      of_segment.push_back(std::any_of(arms.begin(), arms.end(), [&](const NoisyCell& cell) {
        return cell.exposed_units < least;
      }));
    }
  }
  return small;
}

}  // namespace flywheel::experiment
