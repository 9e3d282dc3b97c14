// Use cases GetVerdict, ListVerdicts and GetShipDecision: read what was decided.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_READER_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_READER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/ship_decision.h"
#include "eval_gate_service/domain/verdict.h"
#include "shared/lists/list_page.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::evalgate {

// Reads verdicts and what they come to; Judge gives them. Thread-safe; the pointers outlive this
// object.
class VerdictReader {
 public:
  VerdictReader(sql::Database* database, const Clock* clock) : database_(database), clock_(clock) {}

  // NOT_FOUND.
  absl::StatusOr<Verdict> Get(const std::string& project, const std::string& verdict_id);

  // What the filter lets through, beyond an ordinal; 0: from the beginning. A page ends early where
  // it reaches 1 MiB.
  absl::StatusOr<ListPage<Verdict>> List(const std::string& project, const VerdictFilter& filter,
                                         int64_t beyond, int64_t page_size);

  // "May this version ship?", by the rule of domain/ship_decision.h.
  absl::StatusOr<ShipDecision> Decide(const std::string& project, const ShipQuestion& question);

 private:
  sql::Database* const database_;
  const Clock* const clock_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_READER_H_
