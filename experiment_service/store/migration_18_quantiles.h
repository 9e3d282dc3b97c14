// Migration 18: metrics that are a quantile, and caps that were made of one.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_18_QUANTILES_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_18_QUANTILES_H_

namespace flywheel::experiment {

// Until now a metric was a mean, and a cap a value that somebody gave.
inline constexpr char kQuantilesSql[] = R"sql(
ALTER TABLE experiment_metrics ADD COLUMN quantile REAL;      -- NULL: the metric is a mean
ALTER TABLE experiment_metrics ADD COLUMN cap_quantile REAL;  -- what cap was made of; NULL: given
)sql";

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_18_QUANTILES_H_
