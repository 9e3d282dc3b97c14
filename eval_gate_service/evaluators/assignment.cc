#include "eval_gate_service/evaluators/assignment.h"

#include <algorithm>
#include <limits>

namespace flywheel::evalgate::evaluators {
namespace {

// Costs are negated weights; there are at most as many rows as columns. Rows and columns are
// numbered from 1, and 0 is the start of a search.
class Search {
 public:
  Search(const std::vector<std::vector<double>>& weights, size_t columns)
      : weights_(weights),
        columns_(columns),
        row_potential_(weights.size() + 1, 0),
        column_potential_(columns + 1, 0),
        row_of_(columns + 1, 0),
        came_from_(columns + 1, 0) {}

  // The row of each column; 0: none.
  std::vector<size_t> Run() {
    for (size_t row = 1; row <= weights_.size(); ++row) Augment(row);
    return row_of_;
  }

 private:
  double ReducedCost(size_t row, size_t column) const {
    return -weights_[row - 1][column - 1] - row_potential_[row] - column_potential_[column];
  }

  // The cheapest path from `row` to a column without a row, over pairs that are changed on the way.
  void Augment(size_t row) {
    row_of_[0] = row;
    size_t column = 0;
    std::vector<double> cheapest(columns_ + 1, std::numeric_limits<double>::infinity());
    std::vector<bool> used(columns_ + 1, false);
    while (row_of_[column] != 0) {
      used[column] = true;
      const size_t from = row_of_[column];
      double step = std::numeric_limits<double>::infinity();
      size_t next = 0;
      for (size_t j = 1; j <= columns_; ++j) {
        if (used[j]) continue;
        if (const double cost = ReducedCost(from, j); cost < cheapest[j]) {
          cheapest[j] = cost;
          came_from_[j] = column;
        }
        if (cheapest[j] < step) {
          step = cheapest[j];
          next = j;
        }
      }
      for (size_t j = 0; j <= columns_; ++j) {
        if (used[j]) {
          row_potential_[row_of_[j]] += step;
          column_potential_[j] -= step;
        } else {
          cheapest[j] -= step;
        }
      }
      column = next;
    }
    while (column != 0) {
      row_of_[column] = row_of_[came_from_[column]];
      column = came_from_[column];
    }
  }

  const std::vector<std::vector<double>>& weights_;
  const size_t columns_;
  std::vector<double> row_potential_;
  std::vector<double> column_potential_;
  std::vector<size_t> row_of_;
  std::vector<size_t> came_from_;
};

}  // namespace

std::vector<std::optional<size_t>> BestAssignment(const std::vector<std::vector<double>>& weights) {
  const size_t rows = weights.size();
  std::vector<std::optional<size_t>> result(rows);
  const size_t columns = rows == 0 ? 0 : weights.front().size();
  if (columns == 0) return result;
  if (rows <= columns) {
    const std::vector<size_t> row_of = Search(weights, columns).Run();
    for (size_t j = 1; j <= columns; ++j) {
      if (row_of[j] != 0) result[row_of[j] - 1] = j - 1;
    }
    return result;
  }
  std::vector<std::vector<double>> turned(columns, std::vector<double>(rows));
  for (size_t i = 0; i < rows; ++i) {
    for (size_t j = 0; j < columns; ++j) turned[j][i] = weights[i][j];
  }
  const std::vector<size_t> column_of = Search(turned, rows).Run();
  for (size_t i = 1; i <= rows; ++i) {
    if (column_of[i] != 0) result[i - 1] = column_of[i] - 1;
  }
  return result;
}

double TotalWeight(const std::vector<std::vector<double>>& weights,
                   const std::vector<std::optional<size_t>>& columns) {
  double total = 0;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i]) total += weights[i][*columns[i]];
  }
  return total;
}

}  // namespace flywheel::evalgate::evaluators
