// gRPC client of curation: reads the eval side of a dataset version.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_UPSTREAM_CURATION_CLIENT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_UPSTREAM_CURATION_CLIENT_H_

#include <grpcpp/support/status.h>

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/suite.h"
#include "shared/rpc/channel.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// Whose version may have learned something.
struct Learner {
  std::string agent;
  std::string model_version;
};

// Reads dataset versions over gRPC. Immutable, so thread-safe; connects when it is first asked, so
// the gate starts whether curation runs or not.
class CurationClient {
 public:
  // A suite is judged in memory, and more cases than this prove nothing more.
  static constexpr int64_t kMostRows = 100'000;

  explicit CurationClient(rpc::Channel channel) : channel_(std::move(channel)) {}

  // The eval side of a dataset version, silver and better, in curation's order; empty where that
  // side is. NOT_FOUND for the version, LIMIT_EXCEEDED above kMostRows, UPSTREAM_UNAVAILABLE where
  // curation does not answer, UPSTREAM_REFUSED where it does not let this service in, the error of
  // `deadline`, else what curation says.
  absl::StatusOr<EvalSide> ReadEvalSide(const std::string& project,
                                        const std::string& dataset_version_id,
                                        const Deadline& deadline) const;

  // The places of the cases, from 0, whose question models of the project may have been trained
  // on; with a learner, that version. The same errors but NOT_FOUND and LIMIT_EXCEEDED.
  absl::StatusOr<std::vector<size_t>> FindTaught(const std::string& project,
                                                 std::span<const SuiteCase> cases,
                                                 const std::optional<Learner>& learner,
                                                 const Deadline& deadline) const;

 private:
  // What a call that ended so means for the caller.
  absl::Status ToError(const grpc::Status& status, const Deadline& deadline) const;

  rpc::Channel channel_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_UPSTREAM_CURATION_CLIENT_H_
