// Migration 17: metrics that are ratios, and metrics that decide nothing.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_17_METRIC_KINDS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_17_METRIC_KINDS_H_

namespace flywheel::experiment {

// Until now every metric was a mean over units, and decided.
inline constexpr char kMetricKindsSql[] = R"sql(
-- The name of the outcomes that a ratio divides by; empty: no ratio. Their place in experiment_units.totals
-- goes on beyond experiment_metrics.position (domain/experiment.h: ColumnNames).
ALTER TABLE experiment_metrics ADD COLUMN denominator TEXT NOT NULL DEFAULT '';
-- 1: it is compared and shown, and decides nothing.
ALTER TABLE experiment_metrics ADD COLUMN secondary INTEGER NOT NULL DEFAULT 0;
)sql";

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_17_METRIC_KINDS_H_
