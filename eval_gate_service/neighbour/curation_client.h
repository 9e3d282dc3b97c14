// The curation service as the gate sees it.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_NEIGHBOUR_CURATION_CLIENT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_NEIGHBOUR_CURATION_CLIENT_H_

#include <grpcpp/support/status.h>

#include <string>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/suite.h"
#include "shared/rpc/channel.h"

namespace flywheel::evalgate {

// Reads dataset versions over gRPC. Immutable, so thread-safe; connects when it is first asked, so
// the gate starts whether curation runs or not.
class CurationClient {
 public:
  explicit CurationClient(rpc::Channel channel) : channel_(std::move(channel)) {}

  // The eval side of a dataset version, silver and better, in curation's order; empty where that
  // side is. NOT_FOUND for the version, NEIGHBOUR_UNAVAILABLE where curation does not answer,
  // NEIGHBOUR_REFUSED where it does not let this service in.
  absl::StatusOr<EvalSide> ReadEvalSide(const std::string& project,
                                        const std::string& dataset_version_id) const;

 private:
  absl::Status ToError(const grpc::Status& status, const std::string& dataset_version_id) const;

  rpc::Channel channel_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_NEIGHBOUR_CURATION_CLIENT_H_
