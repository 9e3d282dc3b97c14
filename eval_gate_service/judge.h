// Gives verdicts.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_JUDGE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_JUDGE_H_

#include <string>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/verdict.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::evalgate {

// What JudgeVersion asks for.
struct VerdictRequest {
  std::string verdict_id;
  std::string suite_id;
  std::string model_version;
  // Empty: floors only.
  std::string baseline_model_version;
};

struct GivenVerdict {
  Verdict verdict;
  // True where an earlier call had asked for it.
  bool replayed = false;
};

// Judges what was submitted against the sealed bar and keeps the verdict. Thread-safe; the pointers
// outlive this object.
class Judge {
 public:
  Judge(sql::Database* database, const Clock* clock) : database_(database), clock_(clock) {}

  // One write: no output can come between what is read and the verdict on it. NOT_FOUND for the
  // suite, and where the version or the baseline submitted nothing; NOT_ENOUGH_DATA where outputs
  // of the baseline are missing, because counting those as failed would flatter the candidate;
  // ALREADY_EXISTS_WITH_OTHER_CONTENT.
  absl::StatusOr<GivenVerdict> Give(const std::string& project, const VerdictRequest& request);

 private:
  sql::Database* const database_;
  const Clock* const clock_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_JUDGE_H_
