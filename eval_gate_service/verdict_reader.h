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

namespace flywheel::evalgate {

// May it ship? Yes where the decision is kPass; kNone where nobody judged it.
struct ShipAnswer {
  Decision decision = Decision::kNone;
  // The verdict that decides.
  std::optional<Verdict> verdict;
};

// Reads verdicts and what they come to; Judge gives them. Thread-safe; the pointer outlives this
// object.
class VerdictReader {
 public:
  explicit VerdictReader(sql::Database* database) : database_(database) {}

  // NOT_FOUND.
  absl::StatusOr<Verdict> Get(const std::string& project, const std::string& verdict_id);

  // What the filter lets through, beyond an ordinal; 0: from the beginning. A page ends early where
  // it reaches 1 MiB.
  absl::StatusOr<ListPage<Verdict>> List(const std::string& project, const VerdictFilter& filter,
                                         int64_t beyond, int64_t page_size);

  // "May this version ship?", by the rule of domain/ship_decision.h.
  absl::StatusOr<ShipAnswer> Decide(const std::string& project, const ShipQuestion& question);

 private:
  sql::Database* const database_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_READER_H_
