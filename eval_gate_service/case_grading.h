// Grading of case results: what every evaluator says of the outputs that are shown.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_CASE_GRADING_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_CASE_GRADING_H_

#include "absl/status/status.h"
#include "eval_gate_service/case_filter.h"
#include "eval_gate_service/case_result.h"
#include "eval_gate_service/grader.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// Adds what the evaluators say, without their explanations where the query wants no ideals. Outside
// of the transaction, because a long text takes an evaluator up to a second. What they say may end
// the page earlier: one message carries it, and a result that is longer comes alone.
absl::Status GradePage(const CaseResultQuery& query, const Grader& grader, const Deadline& deadline,
                       CaseResultPage& page);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_CASE_GRADING_H_
