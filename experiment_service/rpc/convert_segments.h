// Conversions of segments between the messages of flywheel.experiment.v1 and the service's values.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_SEGMENTS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_SEGMENTS_H_

#include <google/protobuf/map.h>
#include <google/protobuf/repeated_ptr_field.h>

#include <string>
#include <vector>

#include "experiment_service/domain/segments.h"
#include "experiment_service/segment_publisher.h"
#include "flywheel/experiment/v1/experiment.pb.h"
#include "flywheel/experiment/v1/segments.pb.h"

namespace flywheel::experiment {

// Of valid messages (see validate_segments.h).
std::vector<Segment> FromProto(const google::protobuf::RepeatedPtrField<v1::Segment>& segments);
Attributes FromProto(const google::protobuf::Map<std::string, std::string>& attributes);

void ToProto(const std::vector<Segment>& segments,
             google::protobuf::RepeatedPtrField<v1::Segment>* proto);
void ToProto(const SegmentedExperiment& analysed, v1::SegmentAnalysis* proto);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_SEGMENTS_H_
