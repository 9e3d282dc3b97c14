// Levenshtein distance and longest common subsequence, bit-parallel: 64 rows of the table at once.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_EDIT_DISTANCE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_EDIT_DISTANCE_H_

#include <cstddef>
#include <string_view>

namespace flywheel::evalgate::evaluators {

// The fewest insertions, removals and replacements of single characters that make `b` of `a`, each
// counting 1. Characters are bytes, or scalars. Myers (1999) in blocks after Hyyro (2003): time in
// the order of |a| * |b| / 64.
size_t EditDistance(std::string_view a, std::string_view b);
size_t EditDistance(std::u32string_view a, std::u32string_view b);

// The length of the longest sequence that is in both, in order, with gaps. Hyyro (2004); time as
// above.
size_t CommonSubsequence(std::u32string_view a, std::u32string_view b);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_EDIT_DISTANCE_H_
