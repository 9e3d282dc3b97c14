// Migration 13: sums without rounding, and one row a unit.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_13_EXACT_SUMS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_13_EXACT_SUMS_H_

namespace flywheel::experiment {

inline constexpr char kExactSumsSql[] = R"sql(
CREATE TABLE experiment_units (
  -- One row a unit that was exposed, or of which a fallback is known: what the tallies could be
  -- rebuilt from.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  unit_hash BLOB NOT NULL,        -- 16 bytes: of project and unit id; the id itself is never kept
  arm INTEGER NOT NULL,           -- experiment_arms.position
  expose_time_us INTEGER,         -- for the first time; NULL: never
  mixed_outcomes INTEGER NOT NULL,   -- that were served another version than the arm's
  mixed_fallbacks INTEGER NOT NULL,  -- the same of those without an assignment
  totals BLOB NOT NULL,           -- of its outcomes: store/unit_totals_bytes.h
  PRIMARY KEY (experiment, unit_hash)
) STRICT, WITHOUT ROWID;
INSERT INTO experiment_units
  SELECT u.experiment, u.unit_hash, u.arm, u.expose_time_us, u.mixed_outcomes,
         COALESCE((SELECT outcomes FROM experiment_unit_totals AS f
                   WHERE f.experiment = u.experiment AND f.unit_hash = u.unit_hash
                     AND f.metric = -1), 0),
         COALESCE(unhex((SELECT GROUP_CONCAT(hex(double_bytes(t.metric, t.outcomes, 2, t.value_sum,
                                                              t.value_sum_rest)), '')
                         FROM experiment_unit_totals AS t
                         WHERE t.experiment = u.experiment AND t.unit_hash = u.unit_hash
                           AND t.metric >= 0 AND t.outcomes > 0)), x'')
  FROM exposed_units AS u;
-- Of these nobody asked for the arm yet.
INSERT INTO experiment_units
  SELECT experiment, unit_hash, 0, NULL, 0, outcomes, x'' FROM experiment_unit_totals AS f
  WHERE metric = -1
    AND NOT EXISTS (SELECT 1 FROM exposed_units AS u
                    WHERE u.experiment = f.experiment AND u.unit_hash = f.unit_hash);
DROP TABLE exposed_units;
DROP TABLE experiment_unit_totals;
CREATE INDEX experiment_units_by_time
  -- Those that come of age.
  ON experiment_units (experiment, expose_time_us);

-- The same outcomes without a row's number, which nobody asks for.
CREATE TABLE new_outcomes (
  -- One row an outcome, of any metric: tells a replay from a conflict, and is what an analysis can
  -- be audited with.
  project TEXT NOT NULL,
  outcome_id TEXT NOT NULL,
  content_hash BLOB NOT NULL,     -- SHA-256 of the columns below but receive_time_us
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  unit_hash BLOB NOT NULL,        -- as in experiment_units
  metric TEXT NOT NULL,
  value REAL NOT NULL,
  event_time_us INTEGER NOT NULL,
  receive_time_us INTEGER NOT NULL,
  served_version TEXT NOT NULL,   -- empty: that of the unit's arm
  fallback INTEGER NOT NULL,      -- 1: without an assignment
  revision INTEGER NOT NULL,
  PRIMARY KEY (project, outcome_id)
) STRICT, WITHOUT ROWID;
INSERT INTO new_outcomes
  SELECT project, outcome_id, content_hash, experiment, unit_hash, metric, value, event_time_us,
         receive_time_us, served_version, fallback, revision
  FROM outcomes;
DROP TABLE outcomes;
ALTER TABLE new_outcomes RENAME TO outcomes;

CREATE TABLE new_metric_tallies (
  -- The same of the outcomes of a metric. Sums are bytes() of domain/exact_sum.h.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  arm INTEGER NOT NULL,             -- experiment_arms.position
  metric INTEGER NOT NULL,          -- experiment_metrics.position
  units INTEGER NOT NULL,           -- with an outcome
  outcomes INTEGER NOT NULL,
  matured_units INTEGER NOT NULL,   -- of those units
  other_units INTEGER NOT NULL,     -- units whose value is neither 0 nor 1
  value_sum BLOB NOT NULL,          -- of the units' values
  square_sum BLOB NOT NULL,         -- of their squares
  denominator_sum BLOB NOT NULL DEFAULT x'',         -- of a ratio: of the units' denominators
  denominator_square_sum BLOB NOT NULL DEFAULT x'',  -- of their squares
  product_sum BLOB NOT NULL DEFAULT x'',             -- of value times denominator
  histogram BLOB NOT NULL DEFAULT x'',               -- of the units' values
  PRIMARY KEY (experiment, arm, metric)
) STRICT;
INSERT INTO new_metric_tallies (
  experiment, arm, metric, units, outcomes, matured_units, other_units, value_sum, square_sum)
  SELECT experiment, arm, metric, units, outcomes, matured_units, other_units,
         double_bytes(value_sum, value_sum_rest), double_bytes(square_sum, square_sum_rest)
  FROM metric_tallies;
DROP TABLE metric_tallies;
ALTER TABLE new_metric_tallies RENAME TO metric_tallies;
)sql";

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_13_EXACT_SUMS_H_
