// The main function of a service: parses flags, starts it, waits for a signal, drains, stops.
#ifndef FLYWHEEL_SHARED_RPC_RUN_SERVICE_H_
#define FLYWHEEL_SHARED_RPC_RUN_SERVICE_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "shared/rpc/flags.h"
#include "shared/rpc/server_config.h"
#include "shared/time/clock.h"

namespace flywheel::rpc {

// A service that serves.
struct RunningService {
  int port = 0;
  // Drains for at most so long, then ends.
  std::function<void(absl::Duration)> stop;
  // Reads the API keys again (Endpoint::ReloadKeys).
  std::function<void()> reload_keys;
};

using AddFlags = std::function<void(CLI::App&)>;
using StartService = std::function<absl::StatusOr<RunningService>(const Clock*)>;

// Parses the flags that `add_flags` declares (those of `config` and --version are added here),
// starts the service, says where it listens, waits for a stop signal and drains; SIGHUP reads the
// API keys again. Returns the exit code of the process. Call it before any thread was started.
int RunService(const std::string& description, ServerConfig& config, const AddFlags& add_flags,
               const StartService& start, int argc, char** argv);

// The same for a class with `Start(config, clock)`, `port()`, `ReloadKeys()` and `Stop(drain)`,
// whose configuration has the server's as `server`.
template <typename ServerClass, typename Config>
int RunService(const std::string& description, Config& config, const AddFlags& add_flags, int argc,
               char** argv) {
  const auto start = [&config](const Clock* clock) -> absl::StatusOr<RunningService> {
    auto server = ServerClass::Start(config, clock);
    if (!server.ok()) return server.status();
    const std::shared_ptr<ServerClass> running = *std::move(server);
    return RunningService{running->port(),
                          [running](absl::Duration drain) { running->Stop(drain); },
                          [running] { running->ReloadKeys(); }};
  };
  return RunService(description, config.server, add_flags, start, argc, argv);
}

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_RUN_SERVICE_H_
