// SQL store of baseline approvals: what serves an agent, and what did.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_APPROVAL_STORE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_APPROVAL_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/domain/release_policy.h"
#include "shared/sql/connection.h"
#include "shared/sql/list_range.h"

namespace flywheel::evalgate {

// An approval with the hash of the request that made it, and its place among the project's.
struct StoredApproval {
  BaselineApproval approval;
  std::string request_hash;
  int64_t ordinal = 0;
};

// The SQL of baseline_approvals, which are never changed. In the caller's transaction.
class ApprovalStore {
 public:
  explicit ApprovalStore(sql::Connection& connection) : connection_(connection) {}

  // Appends one whose id is new; `stored.ordinal` is not looked at.
  absl::Status Insert(const std::string& project, const StoredApproval& stored);

  // Nothing where the project has no such approval.
  absl::StatusOr<std::optional<StoredApproval>> Find(const std::string& project,
                                                     const std::string& approval_id);
  // The newest one of the agent; nothing where there is none.
  absl::StatusOr<std::optional<StoredApproval>> FindCurrent(const std::string& project,
                                                            const std::string& agent);

  // Up to `limit` of the range.
  absl::StatusOr<std::vector<StoredApproval>> List(const std::string& project,
                                                   const sql::ListRange& range, int64_t limit);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_APPROVAL_STORE_H_
