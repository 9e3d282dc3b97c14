// Conversions of AnalyzeSummaries: counts that a client gives.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_SUMMARIES_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_SUMMARIES_H_

#include <vector>

#include "absl/time/time.h"
#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/experiment.h"
#include "flywheel/experiment/v1/experiment_service.pb.h"

namespace flywheel::experiment {

// An experiment that this service has not run, with what its arms add up to.
struct SummarisedExperiment {
  Experiment experiment;  // Begun at the epoch.
  std::vector<ArmCounts> counts;
  absl::Time as_of;
};

// Of a valid message (see validate.h); defaults are filled in.
SummarisedExperiment FromProto(const v1::AnalyzeSummariesRequest& request);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_SUMMARIES_H_
