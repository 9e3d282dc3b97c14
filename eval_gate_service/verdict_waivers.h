// Use cases WaiveVerdicts and ListVerdictWaivers: words of people in place of verdicts.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_WAIVERS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_WAIVERS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/release_policy.h"
#include "shared/lists/list_filter.h"
#include "shared/lists/list_page.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"
#include "shared/status/created.h"
#include "shared/time/clock.h"

namespace flywheel::evalgate {

// The waivers of all agents. Thread-safe; the pointers outlive this object.
class VerdictWaivers {
 public:
  VerdictWaivers(sql::Database* database, const Clock* clock)
      : database_(database), clock_(clock) {}

  // Its time and key are ours. INVALID_ARGUMENT where it ends after more than 366 days, or at once
  // where there is none to take back; ALREADY_EXISTS_WITH_OTHER_CONTENT.
  absl::StatusOr<Created<VerdictWaiver>> Waive(const rpc::Actor& actor, VerdictWaiver waiver);

  // Up to `page_size` beyond an ordinal; 0: from the beginning.
  absl::StatusOr<ListPage<VerdictWaiver>> List(const std::string& project, const ListFilter& filter,
                                               int64_t beyond, int64_t page_size);

 private:
  sql::Database* const database_;
  const Clock* const clock_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_WAIVERS_H_
