#include "shared/rpc/byte_buffer.h"

#include <grpcpp/support/slice.h>

#include <cstdint>

namespace flywheel::rpc {

grpc::ByteBuffer ToByteBuffer(const google::protobuf::MessageLite& message) {
  grpc::Slice slice(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace flywheel::rpc
