// Assignment problem: pairs of rows and columns with the largest total weight (Hungarian method).
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_ASSIGNMENT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_ASSIGNMENT_H_

#include <cstddef>
#include <optional>
#include <vector>

namespace flywheel::evalgate::evaluators {

// The column of each row, no column twice, so that the sum of weights is the largest; none for rows
// that are left over where there are more rows than columns. All rows have the same number of
// weights, which are finite. Kuhn 1955, Munkres 1957, with potentials and shortest augmenting
// paths: time in the order of rows^2 * columns. Deterministic.
std::vector<std::optional<size_t>> BestAssignment(const std::vector<std::vector<double>>& weights);

// The sum of their weights.
double TotalWeight(const std::vector<std::vector<double>>& weights,
                   const std::vector<std::optional<size_t>>& columns);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_ASSIGNMENT_H_
