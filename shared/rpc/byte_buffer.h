// Serialises messages for gRPC methods that take and give bytes.
#ifndef FLYWHEEL_SHARED_RPC_BYTE_BUFFER_H_
#define FLYWHEEL_SHARED_RPC_BYTE_BUFFER_H_

#include <google/protobuf/message_lite.h>
#include <grpcpp/support/byte_buffer.h>

namespace flywheel::rpc {

// The wire form of an answer, in one slice.
grpc::ByteBuffer ToByteBuffer(const google::protobuf::MessageLite& message);

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_BYTE_BUFFER_H_
