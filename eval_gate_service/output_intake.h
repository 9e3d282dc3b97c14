// Use case SubmitOutputs: takes and judges what a version answered, the first answer of each
// attempt.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_OUTPUT_INTAKE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_OUTPUT_INTAKE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/domain/case_output.h"
#include "eval_gate_service/domain/run.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// Of the texts of one output together.
inline constexpr int64_t kMostOutputBytes = int64_t{256} * 1024;

// What became of one output. The numbers are those of the wire.
enum class OutputState { kStored = 1, kReplayed = 2, kConflict = 3, kRejected = 4 };

struct OutputResult {
  OutputState state = OutputState::kStored;
  // Why, where it is kConflict or kRejected.
  absl::Status error = {};
};

// What became of a call.
struct IntakeResult {
  // One an output, in their order.
  std::vector<OutputResult> results;
  // The run after it.
  Run run;
};

// The door for outputs, which are judged as they come: on cases of a dataset version, which ingest
// redacted, as they are stored, and on uploaded cases, which are kept as they were sent, as sent.
// The first answer of an attempt is the one that is judged, and stays: a candidate that may choose
// between answers is not being measured. What ended in an error of the infrastructure is no answer,
// and is replaced by whatever comes next; the policy says how often. Thread-safe; the pointers
// outlive this object.
class OutputIntake {
 public:
  OutputIntake(sql::Database* database, const Clock* clock) : database_(database), clock_(clock) {}

  // Whether the actor may send outputs of the run at all: NOT_FOUND, PERMISSION_DENIED.
  absl::Status Admit(const rpc::Actor& actor, const std::string& run_id) const;

  // Takes each output by itself:
  //   CONFLICT, CONTRADICTING_OUTPUTS   the attempt has another answer
  //   REJECTED, NOT_FOUND               the suite has no such case
  //   REJECTED, ERASED                  nor this; but no more than were erased of it are unknown
  //   REJECTED, INVALID_ARGUMENT        the run makes fewer attempts
  //   REJECTED, LIMIT_EXCEEDED          another error of the infrastructure than the bar allows
  //   REJECTED, TOO_LARGE               more than kMostOutputBytes
  //   REJECTED, ALREADY_ENDED           the run ended before
  // All that is taken is in one write. OUTDATED, and nothing is taken, where an evaluator of the
  // suite, or a check of a case that is answered, has another definition now. NOT_FOUND for the
  // run; PERMISSION_DENIED; BACK_PRESSURE where too much waits for the disk, `size_bytes` being
  // what the call holds; the error of `deadline`, after which nothing is stored.
  absl::StatusOr<IntakeResult> Submit(const rpc::Actor& actor, const std::string& run_id,
                                      std::vector<SentOutput> outputs, int64_t size_bytes,
                                      const Deadline& deadline);

 private:
  sql::Database* const database_;
  const Clock* const clock_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_OUTPUT_INTAKE_H_
