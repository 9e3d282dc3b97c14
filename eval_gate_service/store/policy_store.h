// SQL store of release policies.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_POLICY_STORE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_POLICY_STORE_H_

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

// A policy with the hash of the request that set it, and its place among the project's.
struct StoredPolicy {
  ReleasePolicy policy;
  std::string request_hash;
  int64_t ordinal = 0;
};

// The SQL of release_policies and release_policy_suites, which are never changed. In the caller's
// transaction.
class PolicyStore {
 public:
  explicit PolicyStore(sql::Connection& connection) : connection_(connection) {}

  // Appends one that the agent does not have yet; `stored.ordinal` is not looked at.
  absl::Status Insert(const std::string& project, const StoredPolicy& stored);

  // Nothing where the agent has no such policy.
  absl::StatusOr<std::optional<StoredPolicy>> Find(const std::string& project,
                                                   const std::string& agent,
                                                   int64_t policy_version);
  // The newest one of the agent; nothing where there is none.
  absl::StatusOr<std::optional<StoredPolicy>> FindCurrent(const std::string& project,
                                                          const std::string& agent);

  // When the policy that stands, or the first of an unbroken row before it, began to name both this
  // suite and these judges.
  absl::StatusOr<absl::Time> GuardedSince(const std::string& project, const ReleasePolicy& policy,
                                          const std::string& suite_name);

  // Up to `limit` of the range.
  absl::StatusOr<std::vector<StoredPolicy>> List(const std::string& project,
                                                 const sql::ListRange& range, int64_t limit);

 private:
  absl::StatusOr<std::optional<StoredPolicy>> First(const std::string& project,
                                                    sql::Statement select);
  absl::Status ReadSuites(const std::string& project, ReleasePolicy& policy);

  sql::Connection& connection_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_POLICY_STORE_H_
