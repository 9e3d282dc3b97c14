// Analyst: analyses an experiment by the evidence in memory.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_ANALYST_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_ANALYST_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/domain/analysis.h"
#include "experiment_service/domain/standing.h"
#include "experiment_service/evidence.h"
#include "experiment_service/evidence_cache.h"
#include "experiment_service/live_experiment.h"
#include "experiment_service/serving_cache.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {

// An experiment at one moment: what this look says, and what stands. `standings` has one entry a
// comparison.
struct AnalysedExperiment {
  Analysis analysis;
  std::vector<Standing> standings;
};

// Analyses experiments from memory. Thread-safe.
class Analyst {
 public:
  // All pointers outlive this object.
  Analyst(const ServingCache* serving, const EvidenceCache* evidence, const Clock* clock)
      : serving_(serving), evidence_(evidence), clock_(clock) {}

  // At this moment: all that was acknowledged counts. NOT_FOUND.
  absl::StatusOr<AnalysedExperiment> Analyze(const std::string& project,
                                             const std::string& experiment_id) const;

  // The same of an experiment by its evidence.
  AnalysedExperiment Analyze(const LiveExperiment& live, const Evidence& evidence) const;

 private:
  const ServingCache* const serving_;
  const EvidenceCache* const evidence_;
  const Clock* const clock_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_ANALYST_H_
