// gRPC client channel to one service, with TLS, key and deadline.
#ifndef FLYWHEEL_SHARED_RPC_CHANNEL_H_
#define FLYWHEEL_SHARED_RPC_CHANNEL_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <climits>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace flywheel::rpc {

// Where a service is, and how to speak to it.
struct Target {
  // HOST:PORT.
  std::string address;
  // A PEM CA: TLS; empty: plain.
  std::string ca_file;
  // A file whose first word is the key; empty: none.
  std::string key_file;
  // A PEM certificate chain and its key, for a server that asks for one (mutual TLS); empty: none.
  std::string certificate_file = {};
  std::string certificate_key_file = {};
  // The largest message that is taken.
  int max_answer_bytes = INT_MAX;
};

// A connection to one service. Immutable, so thread-safe; connects when it is first used, and again
// by itself after a failure.
class Channel {
 public:
  // INVALID_CONFIGURATION where a file cannot be read.
  static absl::StatusOr<Channel> Open(const Target& target);

  const std::shared_ptr<grpc::Channel>& get() const { return channel_; }
  const std::string& address() const { return address_; }

  // Readies a context: deadline, key, and the project that the call is for (empty: the key's own).
  void Prepare(grpc::ClientContext& context, absl::Duration timeout,
               const std::string& project = "") const;

 private:
  std::shared_ptr<grpc::Channel> channel_;
  std::string address_;
  std::string key_;
};

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_CHANNEL_H_
