// Multiple choice: which option an answer takes, by its letter or by its text.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_CHOICE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_CHOICE_H_

#include "eval_gate_service/evaluators/evaluator_maker.h"

namespace flywheel::evalgate::evaluators {

// "choice", version 1: 1 where the option that the output takes is that of any ideal output, else
// 0. The first of these that says something decides, marks of emphasis aside:
//   1. the whole text is a letter ("B", "(b)", "B.") or, punctuation and case aside, an option's
//   text;
//   2. the last "answer is B", "answer: (B)", "correct option is B", with a capital letter;
//   3. a letter in front: "B) because ...", "B. ...";
//   4. the only option whose text stands in it as whole words (one within another does not count);
//   5. the only letter in brackets: "... (B) ...".
// Where none does, or 4 and 5 find several, nothing was chosen: 0.
// Parameters:
//   options   texts of the options, 2 to 26, in the order of the letters. Absent: the lines "A)
//   ..." of
//             the case's input, from A on; where it has no two, letters alone are read.
// Not applicable: no ideal output that names an option.
MadeEvaluator MakeChoice(Parameters& parameters);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_CHOICE_H_
