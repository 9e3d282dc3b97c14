#include "experiment_service/domain/segment_analysis.h"

#include <fmt/format.h>

#include <utility>

#include "experiment_service/domain/analysis.h"
#include "experiment_service/domain/decision.h"
#include "statistics/multiple_testing.h"

namespace flywheel::experiment {
namespace {

// By segment and value.
using Qualities = std::vector<std::vector<ValueQuality>>;

// Takes the place of every value's p-value what Holm makes of it among all.
void Adjust(double ValueQuality::*p_value, Qualities& qualities) {
  std::vector<double> p_values;
  for (const auto& values : qualities) {
    for (const ValueQuality& value : values) p_values.push_back(value.*p_value);
  }
  const auto adjusted = statistics::Holm(p_values);
  if (!adjusted.ok()) return;  // A p-value is between 0 and 1.
  size_t next = 0;
  for (auto& values : qualities) {
    for (ValueQuality& value : values) value.*p_value = (*adjusted)[next++];
  }
}

Qualities QualitiesOf(const Experiment& experiment, const std::vector<double>& shares,
                      const SegmentCounts& cells) {
  Qualities qualities(cells.size());
  for (size_t segment = 0; segment < cells.size(); ++segment) {
    for (const std::vector<ArmCounts>& arms : cells[segment]) {
      DataQuality quality = QualityOf(experiment, shares, arms);
      ValueQuality value;
      for (const ArmCounts& arm : arms) value.exposed_units.push_back(arm.exposed_units);
      value.sample_ratio_p_value = quality.sample_ratio_p_value;
      value.missing_outcomes_p_value = quality.missing_outcomes_p_value;
      value.reporting = std::move(quality.reporting);
      qualities[segment].push_back(std::move(value));
    }
  }
  Adjust(&ValueQuality::sample_ratio_p_value, qualities);
  Adjust(&ValueQuality::missing_outcomes_p_value, qualities);
  return qualities;
}

// "control 500, treatment 380"
std::string Describe(const std::vector<Arm>& arms, const std::vector<int64_t>& units) {
  std::string text;
  for (size_t i = 0; i < arms.size(); ++i) {
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ", arms[i].arm_id, units[i]);
  }
  return text;
}

void AppendAlerts(const Experiment& experiment, size_t segment, size_t value,
                  const ValueQuality& quality, std::vector<SegmentAlert>& alerts) {
  const Segment& of = experiment.plan.segments[segment];
  const std::string where = fmt::format("{} '{}'", of.name, of.ValueName(value));
  if (quality.sample_ratio_p_value < kSampleRatioHold) {
    alerts.push_back(
        {SegmentAlertKind::kSampleRatioMismatch, segment, value, quality.sample_ratio_p_value,
         fmt::format("{}: the arms' sizes do not fit their weights ({}; adjusted always-valid p "
                     "{:.2g}, alert below {}): find what loses or doubles these units, or tells "
                     "their attributes by what served them, before you believe any lift",
                     where, Describe(experiment.arms, quality.exposed_units),
                     quality.sample_ratio_p_value, kSampleRatioHold)});
    return;  // Who is missing has no outcome either.
  }
  if (quality.missing_outcomes_p_value < kMissingOutcomesHold) {
    alerts.push_back(
        {SegmentAlertKind::kMissingOutcomes, segment, value, quality.missing_outcomes_p_value,
         fmt::format("{}: whether a unit has an outcome depends on its arm ({}; adjusted "
                     "always-valid p {:.2g}, alert below {}): find out who of these gets no answer "
                     "before you believe any lift",
                     where, quality.reporting, quality.missing_outcomes_p_value,
                     kMissingOutcomesHold)});
  }
}

std::vector<SegmentAlert> AlertsOf(const Experiment& experiment, const Qualities& qualities) {
  std::vector<SegmentAlert> alerts;
  for (size_t segment = 0; segment < qualities.size(); ++segment) {
    for (size_t value = 0; value < qualities[segment].size(); ++value) {
      AppendAlerts(experiment, segment, value, qualities[segment][value], alerts);
    }
  }
  return alerts;
}

ArmPair PairOf(const Experiment& experiment, const std::vector<ArmCounts>& arms, size_t treatment,
               size_t metric) {
  const Metric& of = experiment.plan.metrics[metric];
  return {Counted(of, arms[experiment.ControlIndex()], metric),
          Counted(of, arms[treatment], metric)};
}

}  // namespace

SegmentAnalysis AnalyzeSegments(const Experiment& experiment, const std::vector<double>& shares,
                                const std::vector<ArmCounts>& counts, const SegmentCounts& cells,
                                absl::Time as_of) {
  const AnalysisPlan& plan = experiment.plan;
  const SegmentFamily family{plan.alpha, static_cast<int>(experiment.arms.size()) - 1,
                             static_cast<int>(plan.segments.size()),
                             static_cast<int>(CountValues(plan.segments))};
  Qualities qualities = QualitiesOf(experiment, shares, cells);
  SegmentAnalysis analysis;
  analysis.as_of = as_of;
  analysis.alerts = AlertsOf(experiment, qualities);
  for (size_t segment = 0; segment < cells.size(); ++segment) {
    SegmentResult result{segment, std::move(qualities[segment]), {}};
    for (size_t arm = 0; arm < counts.size(); ++arm) {
      if (experiment.arms[arm].control) continue;
      for (size_t metric = 0; metric < plan.metrics.size(); ++metric) {
        std::vector<ArmPair> values;
        for (const std::vector<ArmCounts>& arms : cells[segment]) {
          values.push_back(PairOf(experiment, arms, arm, metric));
        }
        SegmentLifts lifts = CompareValues(plan.metrics[metric], plan.segments[segment], family,
                                           PairOf(experiment, counts, arm, metric), values);
        lifts.arm = arm;
        lifts.metric = metric;
        result.lifts.push_back(std::move(lifts));
      }
    }
    analysis.segments.push_back(std::move(result));
  }
  return analysis;
}

std::vector<SegmentAlert> FindSegmentAlerts(const Experiment& experiment,
                                            const std::vector<double>& shares,
                                            const SegmentCounts& cells) {
  return AlertsOf(experiment, QualitiesOf(experiment, shares, cells));
}

}  // namespace flywheel::experiment
