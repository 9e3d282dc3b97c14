// Use case JudgeVersion: gives a verdict on what was submitted, and keeps it.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_JUDGE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_JUDGE_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/verdict.h"
#include "eval_gate_service/judged_question.h"
#include "eval_gate_service/outcome_cache.h"
#include "shared/lists/list_filter.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"
#include "shared/status/created.h"
#include "shared/time/clock.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// Judges what was submitted by the bar of the policy, or of the request, and keeps the verdict.
// Thread-safe; the pointers outlive this object.
class Judge {
 public:
  // `code_version` stands in every verdict.
  Judge(sql::Database* database, OutcomeCache* outcomes, const Clock* clock,
        std::string code_version)
      : database_(database),
        outcomes_(outcomes),
        clock_(clock),
        code_version_(std::move(code_version)) {}

  // Judges a snapshot of finished runs by the question of judged_question.h, so that a large suite
  // holds up no writer, and keeps the verdict in one write that first makes sure that no case left
  // meanwhile, and that it is asked the same; else judges again. NOT_FOUND for the suite, and where
  // one of the versions has no run; NOT_ENOUGH_DATA where one did not finish, or has fewer attempts
  // a case than the bar wants; the errors of FindQuestion; CHANGED_MEANWHILE where nothing holds
  // still; ALREADY_EXISTS_WITH_OTHER_CONTENT; the error of `deadline`, after which nothing is kept.
  // What a verdict is decided by is in domain/verdict_decision.h.
  absl::StatusOr<Created<Verdict>> Give(const rpc::Actor& actor, const VerdictRequest& request,
                                        const Deadline& deadline);

 private:
  // What is stored under the id, where the same request made it.
  absl::StatusOr<std::optional<Verdict>> FindReplay(sql::Connection& connection,
                                                    const std::string& project,
                                                    const VerdictRequest& request,
                                                    const std::string& request_hash) const;

  sql::Database* const database_;
  OutcomeCache* const outcomes_;
  const Clock* const clock_;
  const std::string code_version_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_JUDGE_H_
