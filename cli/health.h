// Health check of a service by grpc.health.v1.
#ifndef FLYWHEEL_CLI_HEALTH_H_
#define FLYWHEEL_CLI_HEALTH_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "shared/rpc/channel.h"

namespace flywheel::cli {

// OK where grpc.health.v1.Health/Check says SERVING. UNAVAILABLE where nothing answers, or where
// the server says something else, such as while it drains. Takes at most `timeout`.
absl::Status CheckHealth(const rpc::Channel& channel, absl::Duration timeout);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_HEALTH_H_
