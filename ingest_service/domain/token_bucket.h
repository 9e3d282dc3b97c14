// Token bucket: a rate limiter that may be overdrawn.
#ifndef FLYWHEEL_INGEST_SERVICE_DOMAIN_TOKEN_BUCKET_H_
#define FLYWHEEL_INGEST_SERVICE_DOMAIN_TOKEN_BUCKET_H_

#include <algorithm>
#include <cstdint>

#include "absl/time/time.h"

namespace flywheel::ingest {

// Fills by `rate` tokens a second up to one second's worth, and may be overdrawn: whoever finds it
// above zero takes what they need, and the next waits until it is above zero again. So a batch that
// is larger than the rate passes as well, and the mean is kept all the same. Not thread-safe.
class TokenBucket {
 public:
  // `rate` is above 0. Full at the beginning.
  TokenBucket(int64_t rate, absl::Time now)
      : rate_(static_cast<double>(rate)), tokens_(rate_), time_(now) {}

  // Takes `tokens`; zero. Or takes none and says after how long to try again.
  absl::Duration Take(int64_t tokens, absl::Time now) {
    // A clock that is set back fills nothing.
    const absl::Duration passed = std::max(now - time_, absl::ZeroDuration());
    tokens_ = std::min(rate_, tokens_ + rate_ * absl::ToDoubleSeconds(passed));
    time_ = now;
    if (tokens_ <= 0) return absl::Seconds((1 - tokens_) / rate_);
    tokens_ -= static_cast<double>(tokens);
    return absl::ZeroDuration();
  }

 private:
  double rate_;
  double tokens_;
  absl::Time time_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_DOMAIN_TOKEN_BUCKET_H_
