// Use cases ApproveBaseline and ListBaselineApprovals: which version candidates are compared with.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_BASELINE_APPROVALS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_BASELINE_APPROVALS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/release_policy.h"
#include "shared/lists/list_filter.h"
#include "shared/lists/list_page.h"
#include "shared/rpc/actor.h"
#include "shared/sql/connection.h"
#include "shared/sql/database.h"
#include "shared/status/created.h"
#include "shared/time/clock.h"

namespace flywheel::evalgate {

// What serves, and what did, of all agents. Thread-safe; the pointers outlive this object.
class BaselineApprovals {
 public:
  BaselineApprovals(sql::Database* database, const Clock* clock)
      : database_(database), clock_(clock) {}

  // Makes the version the agent's baseline, and its reference too where it has none, no policy asks
  // for one, or IsNewReference; time, key and reference are ours.
  // ALREADY_EXISTS_WITH_OTHER_CONTENT.
  absl::StatusOr<Created<BaselineApproval>> Approve(const rpc::Actor& actor,
                                                    BaselineApproval approval);

  // Up to `page_size` beyond an ordinal; 0: from the beginning.
  absl::StatusOr<ListPage<BaselineApproval>> List(const std::string& project,
                                                  const ListFilter& filter, int64_t beyond,
                                                  int64_t page_size);

 private:
  absl::StatusOr<std::string> ReferenceAfter(sql::Connection& connection,
                                             const std::string& project,
                                             const BaselineApproval& approval) const;

  sql::Database* const database_;
  const Clock* const clock_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_BASELINE_APPROVALS_H_
