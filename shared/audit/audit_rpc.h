// gRPC service of the audit log: lists events, keeps refusals, and removes what is too old.
#ifndef FLYWHEEL_SHARED_AUDIT_AUDIT_RPC_H_
#define FLYWHEEL_SHARED_AUDIT_AUDIT_RPC_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "flywheel/audit/v1/audit_service.grpc.pb.h"
#include "shared/rpc/background_loop.h"
#include "shared/rpc/endpoint.h"
#include "shared/sql/database.h"

namespace flywheel::audit {

// The audit log of one service. What is done is appended by whoever does it (Record); this sees to
// the rest. Thread-safe.
class AuditRpc final : public v1::AuditService::Service {
 public:
  // Hears of refusals from now on, so before the server starts. The pointers outlive this object,
  // and the endpoint's last call comes before its end.
  AuditRpc(rpc::Endpoint* endpoint, sql::Database* database, absl::Duration retention);

  // Begins to remove what is older than the retention: at once, and then every hour.
  void Start() { loop_.Start(); }
  void Stop() { loop_.Stop(); }

  grpc::Status ListAuditEvents(grpc::ServerContext* context,
                               const v1::ListAuditEventsRequest* request,
                               v1::ListAuditEventsResponse* response) override;

 private:
  absl::Status DoListAuditEvents(const rpc::Caller& caller,
                                 const v1::ListAuditEventsRequest& request,
                                 v1::ListAuditEventsResponse* response);
  void KeepRefusal(const rpc::Actor& actor, const absl::Status& status);
  // Whether none of the same key, method and reason was kept for a minute.
  bool IsDue(const rpc::Actor& actor, const absl::Status& status, absl::Time now);
  absl::StatusOr<absl::Duration> RemoveOld();

  rpc::Endpoint& endpoint_;
  sql::Database* const database_;
  const absl::Duration retention_;
  absl::Mutex mutex_;
  // When the next refusal is kept, by key, method and reason.
  std::map<std::string, absl::Time> due_ ABSL_GUARDED_BY(mutex_);
  // Last, so that its thread ends before what it uses.
  rpc::BackgroundLoop loop_;
};

}  // namespace flywheel::audit

#endif  // FLYWHEEL_SHARED_AUDIT_AUDIT_RPC_H_
