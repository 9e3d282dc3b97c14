// Conversions of what assignment is asked and answers in batches and streams (assignment.proto).
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_ASSIGNMENT_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_ASSIGNMENT_H_

#include <vector>

#include "absl/time/time.h"
#include "experiment_service/assigner.h"
#include "experiment_service/exposure_intake.h"
#include "experiment_service/serving_cache.h"
#include "flywheel/experiment/v1/assignment.pb.h"

namespace flywheel::experiment {

// Of a valid batch.
std::vector<Visit> FromProto(const v1::AssignBatchRequest& request);
// Of a valid batch; each item is checked here, and says what is wrong with it.
std::vector<ReportedExposure> FromProto(const v1::RecordExposuresRequest& request, absl::Time now);

void ToProto(const AgentServing& serving, v1::AgentAssignment* proto);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_ASSIGNMENT_H_
