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

// The names of the outcomes that metrics count, each with a total of every unit: those of the
// metrics in their order, then the denominators that are no metric's name. A position in this list
// is a column.
inline std::vector<std::string_view> ColumnNames(const std::vector<Metric>& metrics) {
  std::vector<std::string_view> names;
  for (const Metric& metric : metrics) names.emplace_back(metric.name);
  for (const Metric& metric : metrics) {
    const bool known = std::find(names.begin(), names.end(), metric.denominator) != names.end();
    if (metric.is_ratio() && !known) names.emplace_back(metric.denominator);
  }
  return names;
}

// The column of the outcomes of this name; nothing where no metric counts them.
inline std::optional<size_t> FindColumn(const std::vector<Metric>& metrics, std::string_view name) {
  const std::vector<std::string_view> names = ColumnNames(metrics);
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<size_t>(found - names.begin());
}

// The column that the metric at a position divides by; nothing unless it is a ratio.
inline std::optional<size_t> DenominatorColumn(const std::vector<Metric>& metrics,
                                               size_t position) {
  if (!metrics[position].is_ratio()) return std::nullopt;
  return FindColumn(metrics, metrics[position].denominator);
}

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_OUTCOME_COLUMNS_H_
