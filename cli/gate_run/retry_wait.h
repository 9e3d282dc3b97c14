// How long to wait before an endpoint is asked again.
#ifndef FLYWHEEL_CLI_GATE_RUN_RETRY_WAIT_H_
#define FLYWHEEL_CLI_GATE_RUN_RETRY_WAIT_H_

#include <algorithm>
#include <optional>

#include "absl/time/time.h"

namespace flywheel::cli {

// Exponential backoff with full jitter: of 1 s, 2 s, 4 s and so on up to 60 s, a share from 0 to 1
// at random, so that many callers do not come back at once
// (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). `retry` counts from
// 0. What the server asks for is waited in any case, up to five minutes, and the jitter comes on
// top.
inline absl::Duration RetryWait(int retry, double uniform,
                                std::optional<absl::Duration> retry_after) {
  constexpr absl::Duration kMost = absl::Seconds(60);
  const absl::Duration bound = std::min(absl::Seconds(1) * (1 << std::clamp(retry, 0, 6)), kMost);
  const absl::Duration asked =
      std::min(retry_after.value_or(absl::ZeroDuration()), absl::Duration(absl::Minutes(5)));
  return asked + bound * uniform;
}

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_RETRY_WAIT_H_
