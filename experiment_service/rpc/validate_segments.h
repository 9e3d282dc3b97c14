// Validation of segments: those of a plan, the attributes of a unit, and the request about them.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_VALIDATE_SEGMENTS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_VALIDATE_SEGMENTS_H_

#include <google/protobuf/map.h>
#include <google/protobuf/repeated_ptr_field.h>

#include <string>

#include "absl/status/status.h"
#include "flywheel/experiment/v1/experiment.pb.h"
#include "flywheel/experiment/v1/segments.pb.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::experiment {

absl::Status Validate(const v1::AnalyzeSegmentsRequest& request);

// A request's field `plan.segments`.
void CheckSegments(const google::protobuf::RepeatedPtrField<v1::Segment>& segments,
                   rpc::FieldChecks& checks);

// A request's field `attributes`.
void CheckAttributes(const google::protobuf::Map<std::string, std::string>& attributes,
                     rpc::FieldChecks& checks);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_VALIDATE_SEGMENTS_H_
