// Ends a stream whose client has fallen silent, or never comes to an end.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_STALL_GUARD_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_STALL_GUARD_H_

#include <grpcpp/server_context.h>

#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace flywheel::evalgate {

// A read of gRPC's synchronous API has no time of its own: who opened a stream and sends nothing
// would hold its place for ever, and so would who sends a little again and again. The guard's
// thread cancels the call then. Not thread-safe.
class StallGuard {
 public:
  // What may pass before a message, and in all.
  struct Limits {
    absl::Duration silence;
    absl::Duration whole;
  };

  // The context outlives the guard.
  StallGuard(grpc::ServerContext& context, const Limits& limits);
  StallGuard(const StallGuard&) = delete;
  StallGuard& operator=(const StallGuard&) = delete;
  ~StallGuard();

  // A message came, or was answered: the next one has as long from now.
  void Heard();

  // The client waits for this server, and may be silent until Heard is called again.
  void Working();

 private:
  void Watch();

  grpc::ServerContext& context_;
  const absl::Duration silence_;
  const absl::Time end_;
  absl::Mutex mutex_;
  absl::Time until_ ABSL_GUARDED_BY(mutex_);
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  // Last: it uses all of the above.
  std::thread thread_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_STALL_GUARD_H_
