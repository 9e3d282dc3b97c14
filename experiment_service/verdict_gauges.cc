#include "experiment_service/verdict_gauges.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <utility>

#include "experiment_service/domain/analysis.h"
#include "experiment_service/domain/decision.h"
#include "experiment_service/domain/standing.h"
#include "experiment_service/evidence.h"
#include "experiment_service/live_experiment.h"

namespace flywheel::experiment {
namespace {

using Matches = std::function<bool(const LiveExperiment&, const Evidence&)>;

bool Stands(const Evidence& evidence, Recommendation recommendation) {
  return std::any_of(
      evidence.standings.begin(), evidence.standings.end(),
      [&](const Standing& standing) { return standing.decision.recommendation == recommendation; });
}

}  // namespace

void ObserveVerdicts(const ServingCache* serving, const EvidenceCache* evidence, const Clock* clock,
                     rpc::Metrics& metrics) {
  const auto observe = [&](const std::string& name, const std::string& help, Matches matches) {
    metrics.ObserveGauge(name, help, [serving, evidence, matches = std::move(matches)] {
      double count = 0;
      for (const LiveExperimentPtr& live : serving->Running()) {
        if (matches(*live, *evidence->Find(*live))) ++count;
      }
      return count;
    });
  };
  observe("flywheel_running_experiments", "Experiments that run",
          [](const LiveExperiment&, const Evidence&) { return true; });
  const auto standing = [&](const std::string& word, Recommendation recommendation) {
    observe("flywheel_experiments_" + word,
            "Running experiments in which this stands for a version",
            [recommendation](const LiveExperiment&, const Evidence& found) {
              return Stands(found, recommendation);
            });
  };
  standing("to_ship", Recommendation::kShip);
  standing("to_roll_back", Recommendation::kRollback);
  standing("on_hold", Recommendation::kHold);
  const auto conspicuous = [&](const std::string& word, const std::string& help,
                               double DataQuality::*p_value, double alarm) {
    observe("flywheel_experiments_" + word, help,
            [clock, p_value, alarm](const LiveExperiment& live, const Evidence& found) {
              const Analysis analysis =
                  Analyze(live.experiment, live.assignment.shares(), found.counts, clock->Now());
              return analysis.quality.*p_value < alarm;
            });
  };
  conspicuous("with_sample_ratio_warning",
              "Running experiments whose arms' sizes do not fit their weights, warning level",
              &DataQuality::sample_ratio_p_value, kSampleRatioWarning);
  conspicuous("with_missing_outcomes",
              "Running experiments whose arms have outcomes of different shares of their units",
              &DataQuality::missing_outcomes_p_value, kMissingOutcomesHold);
}

void ObserveSegments(const SegmentAnalyst* segments, rpc::Metrics& metrics) {
  metrics.ObserveGauge(
      "flywheel_experiments_with_segment_alerts",
      "Running experiments with a segment whose arms' sizes or outcomes cannot be trusted",
      [segments] {
        const absl::StatusOr<int> count = segments->CountAlarmed();
        return count.ok() ? *count : std::numeric_limits<double>::quiet_NaN();
      });
}

}  // namespace flywheel::experiment
