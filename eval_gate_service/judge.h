// Use case JudgeVersion: gives a verdict on what was submitted, and keeps it.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_JUDGE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_JUDGE_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/verdict.h"
#include "shared/lists/list_filter.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"
#include "shared/status/created.h"
#include "shared/time/clock.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// What JudgeVersion asks for.
struct VerdictRequest {
  std::string verdict_id;
  std::string suite_id;
  std::string model_version;
  // Empty: floors only.
  std::string baseline_model_version;
  Labels labels = {};
};

// Judges what was submitted against the sealed bar and keeps the verdict. Thread-safe; the pointers
// outlive this object.
class Judge {
 public:
  Judge(sql::Database* database, const Clock* clock) : database_(database), clock_(clock) {}

  // Judges a snapshot, so that a large suite holds up no writer, and keeps the verdict in one write
  // that first makes sure that no case left meanwhile; else judges again. NOT_FOUND for the
  // suite, and where the version or the baseline submitted nothing; INVALID_ARGUMENT without both a
  // baseline and a floor; NOT_ENOUGH_DATA where answers of either are missing; CHANGED_MEANWHILE
  // where cases do not stop leaving; ALREADY_EXISTS_WITH_OTHER_CONTENT; the error of `deadline`,
  // after which nothing is kept. What a verdict is decided by is in domain/verdict_decision.h.
  absl::StatusOr<Created<Verdict>> Give(const rpc::Actor& actor, const VerdictRequest& request,
                                        const Deadline& deadline);

 private:
  // What is stored under the id, where the same request made it.
  absl::StatusOr<std::optional<Verdict>> FindReplay(sql::Connection& connection,
                                                    const std::string& project,
                                                    const VerdictRequest& request,
                                                    const std::string& request_hash) const;

  sql::Database* const database_;
  const Clock* const clock_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_JUDGE_H_
