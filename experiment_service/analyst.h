// Analyst: analyses an experiment by the outcome counts in memory.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_ANALYST_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_ANALYST_H_

#include <string>

#include "absl/status/statusor.h"
#include "experiment_service/arm_counts_cache.h"
#include "experiment_service/domain/analysis.h"
#include "experiment_service/serving_cache.h"

namespace flywheel::experiment {

// Analyses experiments from memory. Thread-safe.
class Analyst {
 public:
  // Both pointers outlive this object.
  Analyst(const ServingCache* serving, const ArmCountsCache* counts)
      : serving_(serving), counts_(counts) {}

  // At this moment: all that was acknowledged counts. NOT_FOUND.
  absl::StatusOr<Analysis> Analyze(const std::string& project,
                                   const std::string& experiment_id) const;

 private:
  const ServingCache* const serving_;
  const ArmCountsCache* const counts_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_ANALYST_H_
