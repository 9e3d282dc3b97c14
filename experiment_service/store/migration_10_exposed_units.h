// Migration 10: metrics as rows of their own, and what is counted of units that were exposed.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_10_EXPOSED_UNITS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_10_EXPOSED_UNITS_H_

namespace flywheel::experiment {

// Until now an experiment had one metric, an outcome exposed its unit, and counted whenever it
// happened: what was counted stays, without an end of its window.
inline constexpr char kExposedUnitsSql[] = R"sql(
CREATE TABLE experiment_metrics (
  -- The metrics of a plan; the first one decides.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  position INTEGER NOT NULL,      -- from 0
  name TEXT NOT NULL,
  goal INTEGER NOT NULL,          -- domain/experiment.h: Goal
  min_lift REAL NOT NULL,
  margin REAL NOT NULL,
  value_without_outcome REAL,     -- NULL: units without an outcome are left out
  PRIMARY KEY (experiment, position)
) STRICT;
INSERT INTO experiment_metrics
  SELECT ordinal, 0, metric, goal, min_lift, margin, NULL FROM experiments;
ALTER TABLE experiments DROP COLUMN metric;
ALTER TABLE experiments DROP COLUMN goal;
ALTER TABLE experiments DROP COLUMN min_lift;
ALTER TABLE experiments DROP COLUMN margin;
-- 0: outcomes count without an end.
ALTER TABLE experiments ADD COLUMN outcome_window_us INTEGER NOT NULL DEFAULT 0;
-- Units that were exposed until then have come of age.
ALTER TABLE experiments ADD COLUMN matured_through_us INTEGER NOT NULL DEFAULT 0;

CREATE TABLE experiment_unit_totals (
  -- What the outcomes of a unit add up to, by metric.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  unit_hash BLOB NOT NULL,        -- as in experiment_units
  metric INTEGER NOT NULL,        -- experiment_metrics.position
  outcomes INTEGER NOT NULL,
  value_sum REAL NOT NULL,        -- of those outcomes, rounded to a double
  value_sum_rest REAL NOT NULL,   -- what the rounding left over
  PRIMARY KEY (experiment, unit_hash, metric)
) STRICT, WITHOUT ROWID;
INSERT INTO experiment_unit_totals
  SELECT experiment, unit_hash, 0, outcomes, value_sum, value_sum_rest FROM experiment_units
  WHERE outcomes > 0;
CREATE TABLE exposed_units (
  -- One row a unit that was exposed: with its totals what the tallies could be rebuilt from.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  unit_hash BLOB NOT NULL,        -- 16 bytes: of project and unit id; the id itself is never kept
  arm INTEGER NOT NULL,           -- experiment_arms.position
  expose_time_us INTEGER NOT NULL,  -- for the first time
  mixed_outcomes INTEGER NOT NULL,  -- that were served another version than the arm's
  PRIMARY KEY (experiment, unit_hash)
) STRICT, WITHOUT ROWID;
INSERT INTO exposed_units
  SELECT experiment, unit_hash, arm, expose_time_us, 0 FROM experiment_units;
DROP TABLE experiment_units;
CREATE INDEX exposed_units_by_time
  -- Those that come of age.
  ON exposed_units (experiment, expose_time_us);

CREATE TABLE arm_tallies (
  -- What the units of an arm add up to, kept with every change of a unit, so that a start reads a
  -- row an arm and not a row a unit.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  arm INTEGER NOT NULL,             -- experiment_arms.position
  exposed_units INTEGER NOT NULL,
  mixed_units INTEGER NOT NULL,     -- of them; in nothing below
  matured_units INTEGER NOT NULL,   -- whose outcomes should be there
  fallback_outcomes INTEGER NOT NULL,  -- of units that were served without an assignment
  PRIMARY KEY (experiment, arm)
) STRICT;
CREATE TABLE metric_tallies (
  -- The same of the outcomes of a metric.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  arm INTEGER NOT NULL,             -- experiment_arms.position
  metric INTEGER NOT NULL,          -- experiment_metrics.position
  units INTEGER NOT NULL,           -- with an outcome
  outcomes INTEGER NOT NULL,
  matured_units INTEGER NOT NULL,   -- of those units
  other_units INTEGER NOT NULL,     -- units whose value is neither 0 nor 1
  value_sum REAL NOT NULL,          -- of the units' values, rounded to a double
  value_sum_rest REAL NOT NULL,     -- what the rounding left over
  square_sum REAL NOT NULL,         -- of their squares
  square_sum_rest REAL NOT NULL,
  PRIMARY KEY (experiment, arm, metric)
) STRICT;
INSERT INTO arm_tallies
  SELECT experiment, arm, exposed_units, 0, 0, 0 FROM experiment_tallies;
INSERT INTO metric_tallies
  SELECT experiment, arm, 0, units, outcomes, 0, other_units, value_sum, value_sum_rest,
         square_sum, square_sum_rest
  FROM experiment_tallies WHERE units > 0;
DROP TABLE experiment_tallies;

-- Whoever served the unit, where the client said so.
ALTER TABLE outcomes ADD COLUMN served_version TEXT NOT NULL DEFAULT '';
ALTER TABLE outcomes ADD COLUMN fallback INTEGER NOT NULL DEFAULT 0;  -- 1: without an assignment
ALTER TABLE outcomes ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
)sql";

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_10_EXPOSED_UNITS_H_
