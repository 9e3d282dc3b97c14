// Training trigger: decides by thresholds whether it is time to train.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_TRIGGER_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_TRIGGER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace flywheel::curation {

// A score from here on counts as high quality.
inline constexpr double kHighQualityScore = 0.7;

// What stands in for the time since the last training where there was none.
inline constexpr absl::Duration kNeverTrained = absl::Hours(24 * 999);

// The thresholds of TriggerConfig in "Data Flywheel: The Continuous Improvement Feedback Loop",
// section 75.5, which are the defaults.
struct TrainingPolicy {
  int64_t min_new_interactions = 500;
  // 0 to 1.
  double min_high_quality_rate = 0.4;
  absl::Duration max_time_since_training = absl::Hours(24 * 14);
  absl::Duration min_time_between_training = absl::Hours(24 * 3);
  double degradation_threshold = -0.05;
};

// The numbers of flywheel.curation.v1.TriggerReason.
enum class TriggerReason {
  kTooSoon = 1,
  kOverdue = 2,
  kDegraded = 3,
  kEnoughData = 4,
  kNotYet = 5,
  kForced = 6,
};

// "TOO_SOON", "OVERDUE" and so on.
const char* TriggerReasonName(TriggerReason reason);

// What is known at the moment of the decision.
struct TriggerEvidence {
  // Since the last successful run; empty where there was none.
  std::optional<absl::Duration> since_last_training;
  // What monitoring saw, such as -0.1; 0 where nobody measures it.
  double performance_change = 0;
  // Scored interactions that nothing was trained on and that are no noise, and those of them with a
  // score of kHighQualityScore and more.
  int64_t new_interactions = 0;
  int64_t high_quality_interactions = 0;

  // The share of them; 0 where there are none.
  double HighQualityRate() const;
};

struct TriggerDecision {
  bool should_train = false;
  TriggerReason reason = TriggerReason::kNotYet;
  std::string message;
  int64_t new_interactions = 0;
  double high_quality_rate = 0;
};

// AutoTrigger.should_train of the same section: too soon, then overdue, then degraded, then enough
// data of high quality, in this order, at the same bounds. Its whole days and our durations decide
// alike.
TriggerDecision DecideTrigger(const TrainingPolicy& policy, const TriggerEvidence& evidence);

// Yes, because somebody wants it.
TriggerDecision ForcedTrigger(const std::string& force_reason, const TriggerEvidence& evidence);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_TRIGGER_H_
