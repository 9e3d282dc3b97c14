// Outcome columns: which outcomes a plan's metrics count, and where a unit's totals have them.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_OUTCOME_COLUMNS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_OUTCOME_COLUMNS_H_

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "experiment_service/domain/experiment.h"

namespace flywheel::experiment {

// The outcomes that metrics count each have a total of every unit, in a column: those of the
// metrics in their order, then the denominators that are no metric's name, each once.

// Calls `see(name)` for each column in order, until it says false.
template <typename See>
void ForEachColumn(const std::vector<Metric>& metrics, See&& see) {
  for (const Metric& metric : metrics) {
    if (!see(std::string_view(metric.name))) return;
  }
  for (auto metric = metrics.begin(); metric != metrics.end(); ++metric) {
    if (!metric->is_ratio()) continue;
    const auto is_named = [&](const Metric& other) { return other.name == metric->denominator; };
    const auto has_same = [&](const Metric& other) {
      return other.denominator == metric->denominator;
    };
    if (std::any_of(metrics.begin(), metrics.end(), is_named)) continue;
    if (std::any_of(metrics.begin(), metric, has_same)) continue;
    if (!see(std::string_view(metric->denominator))) return;
  }
}

// Without a copy of any name: every outcome asks for these two.
inline size_t ColumnCount(const std::vector<Metric>& metrics) {
  size_t count = 0;
  ForEachColumn(metrics, [&](std::string_view /*name*/) { return ++count > 0; });
  return count;
}

// The column of the outcomes of this name; nothing where no metric counts them.
inline std::optional<size_t> FindColumn(const std::vector<Metric>& metrics, std::string_view name) {
  size_t column = 0;
  bool found = false;
  ForEachColumn(metrics, [&](std::string_view of_column) {
    found = of_column == name;
    column += found ? 0 : 1;
    return !found;
  });
  return found ? std::optional(column) : std::nullopt;
}

// The names of the columns.
inline std::vector<std::string_view> ColumnNames(const std::vector<Metric>& metrics) {
  std::vector<std::string_view> names;
  ForEachColumn(metrics, [&](std::string_view name) {
    names.push_back(name);
    return true;
  });
  return names;
}

// The column that the metric at a position divides by; nothing unless it is a ratio.
inline std::optional<size_t> DenominatorColumn(const std::vector<Metric>& metrics,
                                               size_t position) {
  if (!metrics[position].is_ratio()) return std::nullopt;
  return FindColumn(metrics, metrics[position].denominator);
}

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_OUTCOME_COLUMNS_H_
