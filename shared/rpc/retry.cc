#include "shared/rpc/retry.h"

#include <algorithm>
#include <optional>
#include <random>

#include "absl/time/clock.h"
#include "shared/rpc/status_to_grpc.h"
#include "shared/status/errors.h"
#include "shared/time/poll.h"

namespace flywheel::rpc {
namespace {

RetryHooks SystemHooks() {
  return {[] { return absl::Now(); },
          // Only the next attempt can tell whether the service is back.
          [](absl::Duration delay) { PollUntil([] { return false; }, delay, delay); },
          [] {
            thread_local std::mt19937_64 generator{std::random_device{}()};
            return std::uniform_real_distribution<double>(0.0, 1.0)(generator);
          }};
}

// RetryInfo is a least wait, so chance only adds to it; the backoff is a most wait, so it only
// takes.
absl::Duration NextDelay(const absl::Status& status, absl::Duration backoff, double uniform) {
  const absl::Duration own = backoff * (1.0 - 0.5 * uniform);
  const std::optional<absl::Duration> asked = errors::RetryDelayOf(status);
  return asked ? std::max(own, *asked * (1.0 + 0.25 * uniform)) : own;
}

}  // namespace

bool IsRetryable(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         errors::RetryDelayOf(status).has_value();
}

absl::Status Retry(const RetryPolicy& policy, const RetryHooks& hooks,
                   absl::FunctionRef<absl::Status(absl::Duration timeout)> attempt) {
  const absl::Time end = hooks.now() + policy.total_timeout;
  absl::Duration backoff = policy.initial_delay;
  while (true) {
    const absl::Duration remaining = end - hooks.now();
    absl::Status status = attempt(std::min(policy.attempt_timeout, remaining));
    if (status.ok() || !IsRetryable(status)) return status;
    const absl::Duration delay = NextDelay(status, backoff, hooks.uniform());
    if (hooks.now() + delay >= end) return status;
    if (policy.gives_up && policy.gives_up()) return status;
    if (policy.on_retry) policy.on_retry(status, delay);
    hooks.sleep(delay);
    backoff = std::min(2 * backoff, policy.max_delay);
  }
}

absl::Status CallWithRetry(const Channel& channel, const RetryPolicy& policy,
                           absl::FunctionRef<grpc::Status(grpc::ClientContext&)> call,
                           const std::string& project) {
  return Retry(policy, SystemHooks(), [&](absl::Duration timeout) {
    grpc::ClientContext context;
    channel.Prepare(context, timeout, project);
    return FromGrpcStatus(call(context));
  });
}

}  // namespace flywheel::rpc
