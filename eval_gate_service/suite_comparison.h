// Use case CompareSuites: what differs between two suites, case by case.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_SUITE_COMPARISON_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_SUITE_COMPARISON_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "eval_gate_service/domain/case_difference.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"

namespace flywheel::evalgate {

// Thread-safe.
class SuiteComparison {
 public:
  explicit SuiteComparison(sql::Database* database) : database_(database) {}

  // Hands over every difference by case id, until `on_difference` fails; its error is returned. A
  // suite never changes but for erasures, so no snapshot is held while the caller is slow.
  // NOT_FOUND for either suite; PERMISSION_DENIED where a release policy names one, and keys for
  // it, of which the actor's is none: whoever may compare can guess the ideals one by one.
  absl::Status Compare(const rpc::Actor& actor, const std::string& suite_id,
                       const std::string& other_suite_id,
                       absl::FunctionRef<absl::Status(CaseDifference)> on_difference) const;

 private:
  sql::Database* const database_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_SUITE_COMPARISON_H_
