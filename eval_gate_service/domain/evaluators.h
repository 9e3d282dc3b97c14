// Evaluators, exact match and tool selection: whether one output is right.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_EVALUATORS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_EVALUATORS_H_

#include <string>
#include <string_view>

#include "eval_gate_service/domain/case_output.h"
#include "eval_gate_service/domain/suite.h"

namespace flywheel::evalgate {

// What became of a case. Everything but kPassed counts as failed: a case that could not be judged
// is never left out of a rate. The numbers are those of the wire.
enum class CaseOutcome {
  kPassed = 1,
  kWrongOutput = 2,         // the text is not the ideal one
  kWrongToolCalls = 3,      // another tool, other arguments, an extra or a missing call
  kMalformedArguments = 4,  // a call whose arguments are no JSON object
  kErrored = 5,             // the candidate reported an error of its own
  kUnavailable = 6,         // what it runs on failed
  kMissing = 7,             // no answer
};

// Such as "wrong tool calls".
std::string_view OutcomeName(CaseOutcome outcome);

// Whether `evaluator` has something to hold an output against. An exact match needs an ideal output
// that is not blank: otherwise silence would pass. A selection of tools needs the calls of an
// approved interaction, which may be none, with arguments that are JSON objects: nobody could pass
// others. A correction without calls does not say which would be right.
bool HasReference(Evaluator evaluator, const EvalRow& row);

// Compares the text: equal after NormaliseText.
CaseOutcome MatchExactly(std::string_view ideal_output, std::string_view output);

// Compares two lists of calls as multisets, in any order: the names equal, the arguments equal as
// JSON values (order of keys does not matter, 1 equals 1.0). Objects nested deeper than 128 count
// as malformed.
//   {book(seat=1), pay()} and {pay(), book(seat=1.0)}: passed.
//   {book(), book()} and {book()}: wrong tool calls.
CaseOutcome MatchToolCalls(const std::vector<ToolCall>& expected,
                           const std::vector<ToolCall>& made);

// The outcome of one case; `output` is null where none came.
CaseOutcome Evaluate(Evaluator evaluator, const SuiteCase& suite_case, const CaseOutput* output);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_EVALUATORS_H_
