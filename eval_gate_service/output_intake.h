// Use case SubmitOutputs: takes the answers of a candidate, the first of each case.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_OUTPUT_INTAKE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_OUTPUT_INTAKE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/case_output.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::evalgate {

// What became of a call.
struct IntakeResult {
  int64_t stored = 0;
  int64_t replayed = 0;
  // Cases of which this call holds a second answer. Sent again, it counts them again.
  int64_t duplicates = 0;
  // Cases of the suite without any answer of the version.
  int64_t missing = 0;
  // Outputs for cases that were erased: dropped.
  int64_t erased = 0;
};

// The door for outputs. The first answer to a case is the one that is judged; any other answer
// makes the case a duplicate for ever, because a candidate that may choose between answers is not
// being measured. Thread-safe; the pointers outlive this object.
class OutputIntake {
 public:
  OutputIntake(sql::Database* database, const Clock* clock) : database_(database), clock_(clock) {}

  // All of the outputs or none, but for those for erased cases. Of these no id is kept: as many
  // unknown cases as were erased count as them, and where one was a mistake, the case that it
  // stands for is missing. NOT_FOUND for the suite; INVALID_ARGUMENT naming the unknown cases (the
  // first ten) where there are more; ALREADY_ENDED where the version was judged on the suite and
  // the call would change anything. `size_bytes` is what the call holds in memory; BACK_PRESSURE
  // where too much waits for the disk.
  absl::StatusOr<IntakeResult> Submit(const rpc::Actor& actor, const std::string& suite_id,
                                      const std::string& model_version,
                                      const std::vector<CaseOutput>& outputs, int64_t size_bytes);

 private:
  sql::Database* const database_;
  const Clock* const clock_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_OUTPUT_INTAKE_H_
