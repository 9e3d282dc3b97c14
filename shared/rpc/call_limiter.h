// Limits on the calls that are in memory: the guard against floods of HTTP/2 streams, such as the
// rapid reset (CVE-2023-44487).
#ifndef FLYWHEEL_SHARED_RPC_CALL_LIMITER_H_
#define FLYWHEEL_SHARED_RPC_CALL_LIMITER_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"

namespace flywheel::rpc {

// How many calls may be in memory, answered, given up by their client or not.
struct CallLimits {
  // Of one connection.
  int64_t connection = 2'000;
  // Of all connections together; above it, each connection may have so many as `crowded` says, so
  // that those with few calls go on.
  int64_t process = 8'000;
  int64_t crowded = 20;
};

// Counts calls by connection. Thread-safe.
class CallLimiter {
 public:
  // Nothing is limited before.
  void SetLimits(const CallLimits& limits);

  // `call` and `connection` are addresses, which are unique while they are counted.
  void Begin(const void* call, const void* connection);
  void End(const void* call);

  // False where the connection has passed a limit and has to be closed.
  bool Allows(const void* connection);

  int64_t calls() const;
  // How often Allows said no.
  int64_t refusals() const;

 private:
  mutable absl::Mutex mutex_;
  CallLimits limits_ ABSL_GUARDED_BY(mutex_) = {INT64_MAX, INT64_MAX, INT64_MAX};
  // The connection of each call, and how many each connection has.
  absl::flat_hash_map<const void*, const void*> calls_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<const void*, int64_t> connections_ ABSL_GUARDED_BY(mutex_);
  int64_t refusals_ ABSL_GUARDED_BY(mutex_) = 0;
};

// The limiter of this process's gRPC connections; null where this is another gRPC than 1.51. That
// one has no such limits: a call that its client has reset no longer counts among the concurrent
// ones, though it still waits for a thread, and a client that does not acknowledge the server's
// settings may have as many as it likes. One connection could make a service grow by gigabytes.
//
// Functions of libgrpc are replaced by functions of the program (see the source): they count, and
// end the connection of whoever passes a limit, as a protocol error does.
CallLimiter* ProcessCallLimiter();

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_CALL_LIMITER_H_
