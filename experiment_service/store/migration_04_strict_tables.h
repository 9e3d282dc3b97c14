// Migration 4: makes every table STRICT, names microseconds as such, and keeps hashes as bytes.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_04_STRICT_TABLES_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_04_STRICT_TABLES_H_

namespace flywheel::experiment {

// Comments stand inside the statements, so that the store keeps them: `.schema` shows them, and
// schema.sql is made of them. Old tables step aside under another name, their children with them;
// children are dropped first, so that no row of a parent is looked for.
inline constexpr char kStrictTablesSql[] = R"sql(
DROP INDEX experiments_by_id;
DROP INDEX experiments_running;
DROP INDEX experiments_by_project;
ALTER TABLE experiments RENAME TO old_experiments;
ALTER TABLE experiment_arms RENAME TO old_experiment_arms;
ALTER TABLE experiment_units RENAME TO old_experiment_units;
ALTER TABLE experiment_tallies RENAME TO old_experiment_tallies;
ALTER TABLE outcomes RENAME TO old_outcomes;
ALTER TABLE promotions RENAME TO old_promotions;
ALTER TABLE active_versions RENAME TO old_active_versions;

CREATE TABLE experiments (
  -- One row an experiment; only state, stop_time_us and stop_reason ever change, once.
  sequence INTEGER NOT NULL PRIMARY KEY,  -- in the order of their making; stands for it elsewhere
  project TEXT NOT NULL,
  experiment_id TEXT NOT NULL,
  request_hash BLOB NOT NULL,     -- SHA-256 of what was asked for: replay or conflict
  agent TEXT NOT NULL,
  unit INTEGER NOT NULL,          -- domain/experiment.h: Unit
  metric TEXT NOT NULL,
  goal INTEGER NOT NULL,          -- Goal
  min_lift REAL NOT NULL,
  margin REAL NOT NULL,
  alpha REAL NOT NULL,
  planned_units INTEGER NOT NULL,
  min_units_per_arm INTEGER NOT NULL,
  waiver_owner TEXT NOT NULL,     -- empty where nobody waived the gate
  waiver_reason TEXT NOT NULL,
  create_time_us INTEGER NOT NULL,
  state INTEGER NOT NULL,         -- State
  stop_time_us INTEGER NOT NULL,  -- 0 while it runs
  stop_reason TEXT NOT NULL
) STRICT;
INSERT INTO experiments (sequence, project, experiment_id, request_hash, agent, unit, metric, goal,
                         min_lift, margin, alpha, planned_units, min_units_per_arm, waiver_owner,
                         waiver_reason, create_time_us, state, stop_time_us, stop_reason)
  SELECT sequence, project, experiment_id, unhex(request_hash), agent, unit, metric, goal, min_lift,
         margin, alpha, planned_units, min_units_per_arm, waiver_owner, waiver_reason, create_time,
         state, stop_time, stop_reason
  FROM old_experiments;
CREATE UNIQUE INDEX experiments_by_id
  -- The client's id decides what is new.
  ON experiments (project, experiment_id);
CREATE UNIQUE INDEX experiments_running
  -- At most one running experiment (State::kRunning) an agent, whatever a program does; finds it.
  ON experiments (project, agent) WHERE state = 1;
CREATE INDEX experiments_by_project
  -- Lists, the newest first.
  ON experiments (project, sequence);

CREATE TABLE experiment_arms (
  -- The arms, in the experiment's order, which assignment depends on.
  experiment INTEGER NOT NULL REFERENCES experiments (sequence),
  position INTEGER NOT NULL,      -- from 0
  arm_id TEXT NOT NULL,
  model_version TEXT NOT NULL,
  weight REAL NOT NULL,
  control INTEGER NOT NULL,
  waived INTEGER NOT NULL,        -- 1: the waiver stands in for a PASS of the version
  PRIMARY KEY (experiment, position)
) STRICT;
INSERT INTO experiment_arms (experiment, position, arm_id, model_version, weight, control, waived)
  SELECT experiment, position, arm_id, model_version, weight, control, waived
  FROM old_experiment_arms;

CREATE TABLE experiment_units (
  -- One row a unit that was assigned or had an outcome: what the tallies could be rebuilt from.
  experiment INTEGER NOT NULL REFERENCES experiments (sequence),
  unit_hash BLOB NOT NULL,        -- 16 bytes: of project and unit id; the id itself is never kept
  arm INTEGER NOT NULL,           -- experiment_arms.position
  expose_time_us INTEGER NOT NULL,  -- when it was first seen
  outcomes INTEGER NOT NULL,      -- of the plan's metric
  value_sum REAL NOT NULL,        -- of those outcomes, rounded to a double
  value_sum_rest REAL NOT NULL,   -- what the rounding left over
  PRIMARY KEY (experiment, unit_hash)
) STRICT;
INSERT INTO experiment_units (experiment, unit_hash, arm, expose_time_us, outcomes, value_sum,
                              value_sum_rest)
  SELECT experiment, unhex(unit_hash), arm, expose_time, outcomes, value_sum, value_sum_rest
  FROM old_experiment_units ORDER BY rowid;

CREATE TABLE experiment_tallies (
  -- What the units of an arm add up to, kept with every change of a unit, so that a start reads a
  -- row an arm and not a row a unit.
  experiment INTEGER NOT NULL REFERENCES experiments (sequence),
  arm INTEGER NOT NULL,             -- experiment_arms.position
  exposed_units INTEGER NOT NULL,
  units INTEGER NOT NULL,           -- with an outcome of the plan's metric
  outcomes INTEGER NOT NULL,
  other_units INTEGER NOT NULL,     -- units whose value is neither 0 nor 1
  value_sum REAL NOT NULL,          -- of the units' values, rounded to a double
  value_sum_rest REAL NOT NULL,     -- what the rounding left over
  square_sum REAL NOT NULL,         -- of their squares
  square_sum_rest REAL NOT NULL,
  PRIMARY KEY (experiment, arm)
) STRICT;
INSERT INTO experiment_tallies (experiment, arm, exposed_units, units, outcomes, other_units,
                                value_sum, value_sum_rest, square_sum, square_sum_rest)
  SELECT experiment, arm, exposed_units, units, outcomes, other_units, value_sum, value_sum_rest,
         square_sum, square_sum_rest
  FROM old_experiment_tallies;

CREATE TABLE outcomes (
  -- One row an outcome, immutable, of any metric: tells a replay from a conflict, and is what an
  -- analysis can be audited with.
  project TEXT NOT NULL,
  outcome_id TEXT NOT NULL,
  content_hash BLOB NOT NULL,     -- SHA-256 of the columns below but receive_time_us
  experiment INTEGER NOT NULL REFERENCES experiments (sequence),
  unit_hash BLOB NOT NULL,        -- as in experiment_units
  metric TEXT NOT NULL,
  value REAL NOT NULL,
  event_time_us INTEGER NOT NULL,
  receive_time_us INTEGER NOT NULL,
  PRIMARY KEY (project, outcome_id)
) STRICT;
INSERT INTO outcomes (project, outcome_id, content_hash, experiment, unit_hash, metric, value,
                      event_time_us, receive_time_us)
  SELECT project, outcome_id, unhex(content_hash), experiment, unhex(unit_hash), metric, value,
         event_time, receive_time
  FROM old_outcomes ORDER BY rowid;

CREATE TABLE promotions (
  -- Every promotion that ever was, immutable: who or what made a version the active one.
  project TEXT NOT NULL,
  promotion_id TEXT NOT NULL,
  request_hash BLOB NOT NULL,     -- SHA-256 of what was asked for: replay or conflict
  agent TEXT NOT NULL,
  model_version TEXT NOT NULL,
  experiment_id TEXT NOT NULL,    -- empty with a waiver
  waiver_owner TEXT NOT NULL,     -- empty with an experiment
  waiver_reason TEXT NOT NULL,
  promote_time_us INTEGER NOT NULL,
  PRIMARY KEY (project, promotion_id)
) STRICT;
INSERT INTO promotions (project, promotion_id, request_hash, agent, model_version, experiment_id,
                        waiver_owner, waiver_reason, promote_time_us)
  SELECT project, promotion_id, unhex(request_hash), agent, model_version, experiment_id,
         waiver_owner, waiver_reason, promote_time
  FROM old_promotions;

CREATE TABLE active_versions (
  -- The promotion that counts now, one row an agent.
  project TEXT NOT NULL,
  agent TEXT NOT NULL,
  promotion_id TEXT NOT NULL,
  PRIMARY KEY (project, agent),
  FOREIGN KEY (project, promotion_id) REFERENCES promotions (project, promotion_id)
) STRICT;
INSERT INTO active_versions (project, agent, promotion_id)
  SELECT project, agent, promotion_id FROM old_active_versions;

DROP TABLE old_active_versions;
DROP TABLE old_promotions;
DROP TABLE old_outcomes;
DROP TABLE old_experiment_tallies;
DROP TABLE old_experiment_units;
DROP TABLE old_experiment_arms;
DROP TABLE old_experiments;
)sql";

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_04_STRICT_TABLES_H_
