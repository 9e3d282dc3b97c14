// Bounded decompression of gRPC messages.
#ifndef FLYWHEEL_SHARED_RPC_MESSAGE_DECOMPRESSION_H_
#define FLYWHEEL_SHARED_RPC_MESSAGE_DECOMPRESSION_H_

#include <cstdint>

namespace flywheel::rpc {

// How large compressed messages may become, in bytes.
struct DecompressionLimits {
  // One message: the limit of the server for received messages.
  int64_t message_bytes = 0;
  // All messages of the process that were decompressed and are still in memory.
  int64_t total_bytes = 0;
};

// gRPC 1.51 decompresses a message to its end before it asks how large it became, so that 600 KB on
// the wire, sent by anybody, take 600 MB, and its resource quota does not count them. From this
// call on a message that passes a limit is given up there, and its caller gets RESOURCE_EXHAUSTED,
// as for one that is too large without compression. In a process with several servers the largest
// limits count. Thread-safe.
//
// Replaces a function of libgrpc by one of the program (see the source). False where this libgrpc
// has no such function: then compression must be switched off.
bool BoundDecompression(const DecompressionLimits& limits);

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_MESSAGE_DECOMPRESSION_H_
