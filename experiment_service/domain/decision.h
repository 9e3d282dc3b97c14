// Decision rule: ship, roll back, hold, continue or give up, from the evidence on a treatment.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_DECISION_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_DECISION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/metric_comparison.h"

namespace flywheel::experiment {

// The numbers of both enums are those of the contract and are stored; a test holds them together.
enum class Recommendation {
  kShip = 1,
  kRollback = 2,
  kContinue = 3,
  kHold = 4,
  kStopFutile = 5,
};
enum class RecommendationReason {
  kSuperior = 1,
  kNotInferior = 2,
  kHarm = 3,
  kTooFewUnits = 4,
  kUndecided = 5,
  kSampleRatioMismatch = 6,
  kNotComputable = 7,
  kLiftTooSmall = 8,
  kSeparatedHarm = 9,
  kMissingOutcomes = 10,
  kMixedExposure = 11,
  kGuardrailHarm = 12,
  kGuardrailUndecided = 13,
  kTooEarly = 14,
  kPlanEnded = 15,
};

// Below this always-valid p-value of the arms' sizes nothing ships,
inline constexpr double kSampleRatioHold = 0.01;
// and below this one somebody should look.
inline constexpr double kSampleRatioWarning = 0.05;
// Below this one of who has an outcome nothing ships.
inline constexpr double kMissingOutcomesHold = 0.05;
// Of the exposed units, so many may have been served another version than their arm's.
inline constexpr double kMixedExposureHold = 0.01;

// Whether the data can be trusted; the same for all treatments.
struct DataQuality {
  double sample_ratio_p_value = 1;      // Always valid.
  double missing_outcomes_p_value = 1;  // Always valid; the least of all metrics.
  // "accepted: control 950 of 1000 exposed units, treatment 800 of 1001", of that metric.
  std::string reporting;
  int64_t exposed_units = 0;
  int64_t mixed_units = 0;
};

// A recommendation and why.
struct Decision {
  Recommendation recommendation = Recommendation::kContinue;
  RecommendationReason reason = RecommendationReason::kUndecided;
  // For people, with the figures.
  std::string message;

  friend bool operator==(const Decision&, const Decision&) = default;
};

// What one look says of a treatment: the first rule that fits. Proven harm of any metric that is
// not secondary rolls back; data that cannot be trusted hold everything else; too few units, or too
// short a time, continue; the goal of the primary metric ships where all guardrails have reached
// theirs; what can reach it no more, or has used up its time, is futile. `metrics` are those of the
// plan, in its order.
Decision Decide(const AnalysisPlan& plan, const DataQuality& quality,
                const std::vector<MetricComparison>& metrics, absl::Duration running);

// What stands after a look, given what stood before: a ROLLBACK for good, for harm that was proven
// once stays proven, and a SHIP until harm is proven or the data cannot be trusted.
Decision Stand(const Decision& before, const Decision& look);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_DECISION_H_
