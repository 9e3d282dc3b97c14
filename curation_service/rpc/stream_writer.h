// Stream writer: sends the messages of a server stream while its caller may have them.
#ifndef FLYWHEEL_CURATION_SERVICE_RPC_STREAM_WRITER_H_
#define FLYWHEEL_CURATION_SERVICE_RPC_STREAM_WRITER_H_

#include <grpcpp/support/sync_stream.h>

#include "absl/status/status.h"
#include "shared/rpc/endpoint.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {

// Sends a message of a stream and clears it, unless there is nobody to send it to, the caller's key
// is gone, or the server stops.
template <typename Message>
absl::Status Send(const rpc::Endpoint& endpoint, const rpc::Caller& caller,
                  grpc::ServerWriter<Message>& writer, Message& message) {
  RETURN_IF_ERROR(endpoint.MayGoOn(caller));
  if (!writer.Write(message)) return errors::Cancelled();
  message.Clear();
  return absl::OkStatus();
}

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_RPC_STREAM_WRITER_H_
