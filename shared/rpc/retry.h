// Retry with exponential backoff and jitter, no sooner than the server asks for (RetryInfo).
#ifndef FLYWHEEL_SHARED_RPC_RETRY_H_
#define FLYWHEEL_SHARED_RPC_RETRY_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <functional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "shared/rpc/channel.h"

namespace flywheel::rpc {

// How long to go on. The defaults carry a caller over the restart of a service.
struct RetryPolicy {
  // The first wait; each further one is twice as long, up to max_delay. A wait is shortened at
  // random by up to half, so that many callers do not come back at once.
  absl::Duration initial_delay = absl::Milliseconds(100);
  absl::Duration max_delay = absl::Seconds(5);
  // The deadline of one attempt.
  absl::Duration attempt_timeout = absl::Seconds(30);
  // The deadline of all attempts and waits together.
  absl::Duration total_timeout = absl::Seconds(60);
  // Called before a wait, with what failed and how long the wait is; may be empty.
  std::function<void(const absl::Status& status, absl::Duration delay)> on_retry = nullptr;
  // Asked after each attempt that failed: true ends it all with what that failed with; may be
  // empty.
  std::function<bool()> gives_up = nullptr;
};

// Time and chance, which tests replace.
struct RetryHooks {
  std::function<absl::Time()> now;
  std::function<void(absl::Duration)> sleep;
  // A number from 0 up to 1.
  std::function<double()> uniform;
};

// Whether sending the same again may succeed: a status with RetryInfo, UNAVAILABLE, or an attempt
// whose own deadline passed. Right for every Flywheel call, because each is safe to resend.
bool IsRetryable(const absl::Status& status);

// The loop without gRPC: calls `attempt` with its timeout until it succeeds, fails for good, or the
// total timeout leaves no room for the next wait. Never waits less than RetryInfo says. Returns the
// status of the last attempt.
absl::Status Retry(const RetryPolicy& policy, const RetryHooks& hooks,
                   absl::FunctionRef<absl::Status(absl::Duration timeout)> attempt);

// A unary call, resent as IsRetryable says. Each attempt gets a fresh context with deadline and
// key:
//   CallWithRetry(channel, {}, [&](grpc::ClientContext& context) {
//     return stub->LogInteractions(&context, request, &response);
//   });
// Blocks. Thread-safe. The response holds something only where the result is OK.
absl::Status CallWithRetry(const Channel& channel, const RetryPolicy& policy,
                           absl::FunctionRef<grpc::Status(grpc::ClientContext&)> call,
                           const std::string& project = "");

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_RETRY_H_
