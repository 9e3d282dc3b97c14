// RPC middleware of all services: authentication, limits, deadline, metrics and log of a call.
#ifndef FLYWHEEL_SHARED_RPC_ENDPOINT_H_
#define FLYWHEEL_SHARED_RPC_ENDPOINT_H_

#include <google/protobuf/message_lite.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/rpc/actor.h"
#include "shared/rpc/api_keys.h"
#include "shared/rpc/key_ring.h"
#include "shared/rpc/metrics.h"
#include "shared/time/clock.h"

namespace flywheel::rpc {

// Who calls. A use case gets the Actor alone.
struct Caller : Actor {
  // True for a service's key that named no project: it may read all of them.
  bool all_projects = false;
  Role role = Role::kReader;
  // What the key stood for when the call was admitted; empty where the server has no keys.
  std::optional<Identity> identity = {};
};

// PERMISSION_DENIED for a trainer: whoever could read the record, consents or the eval side would
// know what their model is judged by.
absl::Status RefuseTrainer(const Caller& caller);

// What a client says of itself beside its message, in gRPC's metadata or in HTTP's headers. Empty
// where it says nothing; points into what carries the call.
struct CallMetadata {
  // "Bearer KEY".
  std::string_view authorization = {};
  // x-flywheel-project.
  std::string_view project = {};
  // x-request-id.
  std::string_view request_id = {};
  // The name of one of them that came more than once.
  std::string_view repeated = {};
};

// One service's door. Admits a call (key, role, deadline, size), and concludes it (metrics, one log
// line, the wire form of its status). Thread-safe.
class Endpoint {
 public:
  struct Options {
    // Such as "ingest".
    std::string service;
    int64_t max_message_bytes = 16 << 20;
  };

  // `keys` is null where anybody may call as project "default". All other pointers outlive this
  // object.
  Endpoint(Options options, std::unique_ptr<KeyRing> keys, Metrics* metrics, const Clock* clock);

  // A call that was begun.
  struct Call {
    absl::Time start_time;
    Caller caller;
    // What it takes; known once it was admitted or refused.
    Role wants = Role::kReader;
    // Outlives Conclude; null for a call that gRPC does not carry.
    grpc::ServerContextBase* context = nullptr;
  };

  // A unary or server-streaming call as one expression: admits, runs `body` with the Caller,
  // concludes.
  //   return endpoint_.Serve(*context, "GetSuite", Role::kReader, *request,
  //                          [&](const Caller& caller) -> absl::Status { ... });
  template <typename Body>
  grpc::Status Serve(grpc::ServerContextBase& context, std::string_view method, Role role,
                     const google::protobuf::MessageLite& request, Body body) {
    Call call = Begin(context, method);
    absl::Status status = Admit(context, role, static_cast<int64_t>(request.ByteSizeLong()), call);
    if (status.ok()) status = body(static_cast<const Caller&>(call.caller));
    return Conclude(call, status);
  }

  // The three steps apart, for calls that end on another thread.
  Call Begin(grpc::ServerContextBase& context, std::string_view method) const;
  absl::Status Admit(const grpc::ServerContextBase& context, Role role, int64_t request_bytes,
                     Call& call) const;
  // Also adds what clients with a retryPolicy obey by themselves (RetryPushbackMs).
  grpc::Status Conclude(const Call& call, const absl::Status& status) const;

  // The same for calls that gRPC does not carry: they have no deadline.
  Call Begin(const CallMetadata& metadata, std::string_view method) const;
  absl::Status Admit(const CallMetadata& metadata, Role role, int64_t request_bytes,
                     Call& call) const;

  // TOO_LARGE above the limit; Admit has asked this of its request already.
  absl::Status CheckSize(int64_t message_bytes) const;

  // KeyRing::Reload: a key that is gone from the file, or stands there with other rights, does
  // nothing from now on. Nothing where the server has no keys.
  void ReloadKeys();

  // What long streams ask between messages: SHUTTING_DOWN, or UNAUTHENTICATED or KEY_EXPIRED where
  // the caller's key was taken away or expired meanwhile.
  absl::Status MayGoOn(const Caller& caller) const;

  // Long streams that hold a thread ask this between messages, and end with SHUTTING_DOWN; those
  // that hold none are told by their service's listener.
  bool draining() const { return draining_.load(std::memory_order_relaxed); }
  void StartDraining();
  // Set before the server starts; called once, by StartDraining.
  void OnDraining(std::function<void()> listener) { listener_ = std::move(listener); }

  // Hears of each call of a known key that its role does not allow, or, where it takes an operator,
  // that was refused with FAILED_PRECONDITION for good. Set before the server starts; quick.
  using RefusalListener = std::function<void(const Actor& actor, const absl::Status& status)>;
  void OnRefused(RefusalListener listener) { refusal_listener_ = std::move(listener); }

  Metrics& metrics() const { return *metrics_; }
  const Clock& clock() const { return *clock_; }

 private:
  absl::Status Authenticate(const CallMetadata& metadata, Role role, Caller& caller) const;

  const Options options_;
  const std::unique_ptr<KeyRing> keys_;
  Metrics* const metrics_;
  const Clock* const clock_;
  std::atomic<bool> draining_ = false;
  std::function<void()> listener_;
  RefusalListener refusal_listener_;
};

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_ENDPOINT_H_
