// gRPC server: listens with TLS and limits, serves health and reflection, drains when it stops.
#ifndef FLYWHEEL_SHARED_RPC_SERVER_H_
#define FLYWHEEL_SHARED_RPC_SERVER_H_

#include <grpcpp/server.h>
#include <grpcpp/support/server_callback.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/rpc/endpoint.h"
#include "shared/rpc/heap_trimmer.h"
#include "shared/rpc/metrics.h"
#include "shared/rpc/server_config.h"
#include "shared/time/clock.h"

namespace flywheel::rpc {

// Metrics, keys and the door of a service, made from its configuration. Exists before the services
// that the server will carry, because they hold the Endpoint.
struct ServerBase {
  std::unique_ptr<Metrics> metrics;
  std::unique_ptr<Endpoint> endpoint;
};

// INVALID_CONFIGURATION for keys that cannot be read or a metrics port in use.
absl::StatusOr<ServerBase> MakeServerBase(const ServerConfig& config, const Clock* clock);

// A running server: the given services, grpc.health.v1, reflection, TLS where configured.
class Server {
 public:
  // Binds and serves. `services` outlive the server. INVALID_CONFIGURATION for a port in use or
  // certificates that cannot be read.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerConfig& config,
                                                       const ServerBase& base,
                                                       const std::vector<grpc::Service*>& services);

  // The port that was bound.
  int port() const { return port_; }

  // What grpc.health.v1 says of this name, which is a part of the service; of the service itself it
  // says SERVING until Stop().
  void SetPartHealth(const std::string& name, bool serves);

  // Health says NOT_SERVING, new calls are refused, running ones may end until `drain` has passed,
  // then they are cancelled. Metrics are hidden at the end.
  void Stop(absl::Duration drain);

 private:
  Server(std::unique_ptr<grpc::Server> server, Endpoint* endpoint, int port)
      : server_(std::move(server)),
        endpoint_(endpoint),
        port_(port),
        heap_trimmer_(&endpoint->metrics()) {}

  std::unique_ptr<grpc::Server> server_;
  Endpoint* endpoint_;
  int port_;
  HeapTrimmer heap_trimmer_;
};

// Makes SIGTERM, SIGINT and SIGHUP wait for WaitForSignal, and a file that may not grow an error
// of the write instead of the end of the process. Call it first in main, before any thread starts.
void BlockSignals();

// Returns when one of them arrives, and which.
int WaitForSignal();

// One line an event on standard error: time, level, service, key=value.
void StartLogging(const ServerConfig& config);

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_SERVER_H_
