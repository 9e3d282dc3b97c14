// Conversions from the messages of conversations of ingest's feed to curation's values.
#ifndef FLYWHEEL_CURATION_SERVICE_UPSTREAM_MESSAGE_CONVERT_H_
#define FLYWHEEL_CURATION_SERVICE_UPSTREAM_MESSAGE_CONVERT_H_

#include <google/protobuf/repeated_field.h>

#include <vector>

#include "curation_service/domain/message.h"
#include "flywheel/common/v1/message.pb.h"

namespace flywheel::curation {

// A part of a kind that this program does not know is left out: it was written by a newer ingest,
// and is none of the parts that rows are made of.
Messages MessagesFromProto(const google::protobuf::RepeatedPtrField<common::v1::Message>& protos);
std::vector<ToolDefinition> ToolsFromProto(
    const google::protobuf::RepeatedPtrField<common::v1::ToolDefinition>& protos);
std::vector<RetrievedContext> ContextsFromProto(
    const google::protobuf::RepeatedPtrField<common::v1::RetrievedContext>& protos);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_UPSTREAM_MESSAGE_CONVERT_H_
