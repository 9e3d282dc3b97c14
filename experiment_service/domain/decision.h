// Decision rule: ship, roll back or continue, from the evidence on a treatment.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_DECISION_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_DECISION_H_

#include <cstdint>
#include <optional>
#include <string>

#include "experiment_service/domain/experiment.h"
#include "statistics/interval.h"

namespace flywheel::experiment {

// The numbers of both enums are those of the contract; a test holds them together.
enum class Recommendation { kShip = 1, kRollback = 2, kContinue = 3, kHold = 4 };
enum class RecommendationReason {
  kSuperior = 1,
  kNotInferior = 2,
  kHarm = 3,
  kTooFewUnits = 4,
  kUndecided = 5,
  kSampleRatioMismatch = 6,
  kNotComputable = 7,
  kLiftTooSmall = 8,
  kAbsoluteHarm = 9,
  kMissingOutcomes = 10,
  kMixedExposure = 11,
};

// Below this always-valid p-value of the arms' sizes nothing ships.
inline constexpr double kSampleRatioAlert = 0.001;
// The same of who has an outcome.
inline constexpr double kMissingOutcomesAlert = 0.05;
// Of the exposed units, so many may have been served another version than their arm's.
inline constexpr double kMixedExposureAlert = 0.01;
// Harm is believed from so many units in both arms on; waiting for min_units_per_arm would only
// hurt more people.
inline constexpr int64_t kMinUnitsForRollback = 10;
// With 0/1 outcomes, so many ones and zeros must be expected in either arm: below, the normal
// approximation behind the interval is none (Cochran 1954).
inline constexpr double kMinExpectedCount = 5;

// What is known of a treatment when it is judged.
struct Evidence {
  double sample_ratio_always_valid_p_value = 1;
  double missing_outcomes_always_valid_p_value = 1;
  int64_t exposed_units = 0;  // Of all arms.
  int64_t mixed_units = 0;    // Of all arms.
  // "control 950 of 1000, treatment 800 of 1001": who has an outcome.
  std::string reporting;
  // Units with an outcome.
  int64_t control_units = 0;
  int64_t treatment_units = 0;
  int64_t smallest_arm_units = 0;  // Over all arms of the experiment.
  // The least expected count of ones and zeros where outcomes are 0/1; empty otherwise.
  std::optional<double> smallest_expected_count;
  // The means' difference, in the unit of the metric. Its interval is as that of the relative lift;
  // it is the whole line where the relative one has bounds, for there is one question of harm.
  double absolute_lift = 0;
  statistics::Interval absolute_interval;
  // Where no unit differs from the others of its arm, but the arms differ: see
  // MeanDifference::SeparationPValue, times the number of treatments.
  std::optional<double> separation_p_value;
  // False where no relative lift exists; what follows is meaningless then.
  bool computable = false;
  double relative_lift = 0;
  // Two-sided, always valid at the plan's alpha over the number of treatments.
  statistics::Interval interval;
  // One-sided, always valid at the same alpha, which the question "not worse than -margin" may
  // spend on one side: where the lift is below -margin only a SHIP is wrong, and where it is 0 or
  // more only a ROLLBACK is, so the two never add up.
  double one_sided_lower = 0;
};

// A recommendation and why.
struct Decision {
  Recommendation recommendation = Recommendation::kContinue;
  RecommendationReason reason = RecommendationReason::kUndecided;
  // For people, with the figures.
  std::string message;

  friend bool operator==(const Decision&, const Decision&) = default;
};

// The first rule that fits: harm rolls back, by the difference of the means where the relative lift
// does not exist or has no bounds; data that cannot be trusted hold everything else; too few units
// continue; where no relative lift exists nothing ships; then the plan's goal.
Decision Decide(const AnalysisPlan& plan, const Evidence& evidence);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_DECISION_H_
