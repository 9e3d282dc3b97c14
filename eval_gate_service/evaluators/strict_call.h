// Matching of a tool call as the Berkeley Function Calling Leaderboard defines it.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_STRICT_CALL_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_STRICT_CALL_H_

#include "eval_gate_service/evaluators/call_match.h"

namespace flywheel::evalgate::evaluators {

// Right or wrong by the leaderboard's checker of calls (bfcl_eval, ast_checker.py):
//   - the names are equal, every argument that the tool's schema requires is given, and none that
//   the
//     schema or the expectation does not know;
//   - the type of a value is the one of the schema ("integer" takes no 5.0, "float" and "number"
//   take 5),
//     or that of the first allowed value; elements of a list likewise. Without a schema, the
//     latter;
//   - texts are compared in lower case without spaces and , . / - _ * ^, and ' counts as ";
//   - an argument that the expectation knows is given, or may be left out.
// Other than there, types of elements of lists within lists are those of equal JSON values.
// `schema` is the tool's parameters, an object with "properties" and "required"; null where nobody
// said. `expected.any_of` need not be set: a single value is the one that is allowed.
bool MatchesStrictly(const ParsedExpectation& expected, const ParsedCall& call,
                     const nlohmann::json& schema);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_STRICT_CALL_H_
