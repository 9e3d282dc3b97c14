// Runs the four services on this machine for as long as the example runs.
#ifndef FLYWHEEL_EXAMPLES_SUPPORT_AGENT_LOCAL_WHEEL_H_
#define FLYWHEEL_EXAMPLES_SUPPORT_AGENT_LOCAL_WHEEL_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "cli/child_process.h"
#include "examples/support_agent/services.h"

namespace flywheel::example {

// Runs `flywheel up`, as a user would: it starts the services and brings back any that dies.
class LocalWheel {
 public:
  // Returns when all four serve. `port_base` 0 means the default ports. INVALID_CONFIGURATION or
  // UNAVAILABLE with what `flywheel up` said.
  static absl::StatusOr<std::unique_ptr<LocalWheel>> Start(const std::string& data_dir,
                                                           int port_base);

  ~LocalWheel() { Stop(); }

  // Stops the services orderly; returns when they have ended. Thread-safe, and safe to call again.
  void Stop();

  const ServiceAddresses& addresses() const { return addresses_; }

 private:
  LocalWheel(cli::ChildProcess up, ServiceAddresses addresses)
      : up_(std::move(up)), addresses_(std::move(addresses)) {}

  absl::Mutex mutex_;
  cli::ChildProcess up_;
  const ServiceAddresses addresses_;
};

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_SUPPORT_AGENT_LOCAL_WHEEL_H_
