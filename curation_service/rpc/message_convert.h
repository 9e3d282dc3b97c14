// Conversions from curation's conversations to the messages of flywheel.common.v1.
#ifndef FLYWHEEL_CURATION_SERVICE_RPC_MESSAGE_CONVERT_H_
#define FLYWHEEL_CURATION_SERVICE_RPC_MESSAGE_CONVERT_H_

#include <google/protobuf/repeated_field.h>

#include <vector>

#include "curation_service/domain/message.h"
#include "flywheel/common/v1/message.pb.h"

namespace flywheel::curation {

// Each adds to `protos`.
void ToProto(const Messages& messages,
             google::protobuf::RepeatedPtrField<common::v1::Message>* protos);
void ToProto(const std::vector<ToolDefinition>& tools,
             google::protobuf::RepeatedPtrField<common::v1::ToolDefinition>* protos);
void ToProto(const std::vector<RetrievedContext>& contexts,
             google::protobuf::RepeatedPtrField<common::v1::RetrievedContext>* protos);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_RPC_MESSAGE_CONVERT_H_
