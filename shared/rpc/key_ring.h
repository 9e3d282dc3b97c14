// The API keys of a running server: authentication against the newest file, reload and expiry.
#ifndef FLYWHEEL_SHARED_RPC_KEY_RING_H_
#define FLYWHEEL_SHARED_RPC_KEY_RING_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "shared/rpc/api_keys.h"
#include "shared/rpc/metrics.h"
#include "shared/time/clock.h"

namespace flywheel::rpc {

// Says in the log, at the start, at each reload and once a day, which keys expire within two weeks
// or have expired. Thread-safe.
class KeyRing {
 public:
  // INVALID_CONFIGURATION as ApiKeys::Load. The pointers outlive this object.
  static absl::StatusOr<std::unique_ptr<KeyRing>> Load(std::string path, std::string service,
                                                       Metrics* metrics, const Clock* clock);

  // UNAUTHENTICATED for a key that is not in the file; KEY_EXPIRED.
  absl::StatusOr<Identity> Find(std::string_view key) const;

  // The same for a caller that was found before: UNAUTHENTICATED where the key was taken away, or
  // given other rights, since.
  absl::Status Check(const Identity& identity) const;

  // Reads the file again. One that cannot be used changes nothing, and is said in the log and by
  // the gauge flywheel_api_keys_stale.
  void Reload();

 private:
  KeyRing(std::string path, std::string service, ApiKeys keys, Metrics* metrics,
          const Clock* clock);

  // Reminds of what expires where a day has passed.
  std::shared_ptr<const ApiKeys> keys(absl::Time now) const;
  double ExpiringKeys() const;

  const std::string path_;
  const std::string service_;
  const Clock* const clock_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const ApiKeys> keys_ ABSL_GUARDED_BY(mutex_);
  mutable std::atomic<int64_t> remind_unix_seconds_;
  std::atomic<bool> stale_ = false;
};

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_KEY_RING_H_
