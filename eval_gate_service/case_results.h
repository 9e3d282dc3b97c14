// Use case ListCaseResults: says which cases a version failed, beside another one where asked.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_CASE_RESULTS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_CASE_RESULTS_H_

#include "absl/status/statusor.h"
#include "eval_gate_service/case_filter.h"
#include "eval_gate_service/case_result.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// Reads what became of outputs case by case, and says why. Thread-safe; the pointer outlives this
// object.
class CaseResults {
 public:
  explicit CaseResults(sql::Database* database) : database_(database) {}

  // Of the run that is asked for, else of the finished run of each version, else of its newest that
  // goes on. NOT_FOUND for the run or the suite,
  // and where the version or the baseline has no run on it; NOT_ENOUGH_DATA for ideals without a
  // verdict on the version and suite, and for what the policy lets nobody see before the verdict;
  // PERMISSION_DENIED for ideals where the policy names other keys. A
  // page ends when it has page_size results or 1 MiB, or after 10,000 cases that the filter leaves
  // out.
  absl::StatusOr<CaseResultPage> List(const rpc::Actor& actor, const CaseResultQuery& query,
                                      const Deadline& deadline);

 private:
  sql::Database* const database_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_CASE_RESULTS_H_
