// Evidence of an experiment: its arms' counts, and what stands for its treatments.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_EVIDENCE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_EVIDENCE_H_

#include <cstdint>
#include <vector>

#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/standing.h"

namespace flywheel::experiment {

// All that an analysis reads of an experiment, as it is after one write.
struct Evidence {
  int64_t experiment = 0;           // StoredExperiment::ordinal.
  std::vector<ArmCounts> counts;    // One an arm.
  std::vector<Standing> standings;  // One an arm; that of the control says nothing.
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_EVIDENCE_H_
