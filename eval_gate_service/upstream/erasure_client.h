// gRPC client of curation for erasures: asks what was erased, and reports what the gate erased.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_UPSTREAM_ERASURE_CLIENT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_UPSTREAM_ERASURE_CLIENT_H_

#include <grpcpp/client_context.h>

#include <cstdint>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "eval_gate_service/domain/erasure.h"
#include "shared/rpc/channel.h"

namespace flywheel::evalgate {

// Asks curation what was erased, and tells it what the gate has erased. For one thread, but for
// Cancel and address. Every call may fail with UPSTREAM_UNAVAILABLE, UPSTREAM_REFUSED where
// curation does not take this service's key, which has to be one of role service for all projects,
// CANCELLED after Cancel, and what curation says.
class ErasureClient {
 public:
  explicit ErasureClient(rpc::Channel channel) : channel_(std::move(channel)) {}

  // Erasures of all projects that curation has finished after `cursor`, up to 1,000.
  absl::StatusOr<ErasurePage> List(int64_t cursor);

  // How many rows a dataset version has lost. NOT_FOUND.
  absl::StatusOr<int64_t> ErasedRows(const std::string& project,
                                     const std::string& dataset_version_id);

  // The ids of the rows that its eval side still has. NOT_FOUND.
  absl::StatusOr<absl::flat_hash_set<std::string>> RemainingRows(
      const std::string& project, const std::string& dataset_version_id);

  // For the receipt of the erasure. NOT_FOUND where ingest does not know it.
  absl::Status Report(const Erasure& erasure);

  // Ends what is under way, now and for ever.
  void Cancel();

  const std::string& address() const { return channel_.address(); }

 private:
  // One call for a project (empty: for all).
  absl::Status Call(const std::string& project,
                    absl::FunctionRef<grpc::Status(grpc::ClientContext&)> call);

  const rpc::Channel channel_;
  absl::Mutex mutex_;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  // Of the call that is under way.
  grpc::ClientContext* context_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_UPSTREAM_ERASURE_CLIENT_H_
