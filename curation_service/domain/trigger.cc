#include "curation_service/domain/trigger.h"

#include <fmt/format.h>

namespace flywheel::curation {
namespace {

TriggerDecision Decision(bool should_train, TriggerReason reason, std::string message,
                         const TriggerEvidence& evidence) {
  return {should_train, reason, std::move(message), evidence.new_interactions,
          evidence.HighQualityRate()};
}

}  // namespace

const char* TriggerReasonName(TriggerReason reason) {
  switch (reason) {
    case TriggerReason::kTooSoon:
      return "TOO_SOON";
    case TriggerReason::kOverdue:
      return "OVERDUE";
    case TriggerReason::kDegraded:
      return "DEGRADED";
    case TriggerReason::kEnoughData:
      return "ENOUGH_DATA";
    case TriggerReason::kNotYet:
      return "NOT_YET";
    case TriggerReason::kForced:
      return "FORCED";
  }
  return "UNSPECIFIED";
}

double TriggerEvidence::HighQualityRate() const {
  if (new_interactions == 0) return 0;
  return static_cast<double>(high_quality_interactions) / static_cast<double>(new_interactions);
}

TriggerDecision DecideTrigger(const TrainingPolicy& policy, const TriggerEvidence& evidence) {
  const absl::Duration since = evidence.since_last_training.value_or(kNeverTrained);
  if (since < policy.min_time_between_training) {
    return Decision(false, TriggerReason::kTooSoon,
                    evidence.since_last_training
                        ? fmt::format("Only {}d since last training", since / absl::Hours(24))
                        : fmt::format("Never trained, which counts as {}d since last training",
                                      since / absl::Hours(24)),
                    evidence);
  }
  if (since >= policy.max_time_since_training) {
    return Decision(
        true, TriggerReason::kOverdue,
        evidence.since_last_training
            ? fmt::format("Force trigger: {}d since last training", since / absl::Hours(24))
            : "Force trigger: never trained",
        evidence);
  }
  if (evidence.performance_change <= policy.degradation_threshold) {
    return Decision(
        true, TriggerReason::kDegraded,
        fmt::format("Emergency: performance dropped {:.1f}%", 100 * evidence.performance_change),
        evidence);
  }
  const double rate = evidence.HighQualityRate();
  if (evidence.new_interactions >= policy.min_new_interactions &&
      rate >= policy.min_high_quality_rate) {
    return Decision(true, TriggerReason::kEnoughData,
                    fmt::format("{} new interactions ({:.1f}% high quality)",
                                evidence.new_interactions, 100 * rate),
                    evidence);
  }
  return Decision(false, TriggerReason::kNotYet,
                  fmt::format("Not yet: {} new interactions, {:.1f}% high quality",
                              evidence.new_interactions, 100 * rate),
                  evidence);
}

TriggerDecision ForcedTrigger(const std::string& force_reason, const TriggerEvidence& evidence) {
  return Decision(true, TriggerReason::kForced, "Forced: " + force_reason, evidence);
}

}  // namespace flywheel::curation
